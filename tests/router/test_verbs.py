"""A verb's forms and place tell what was from what is, and who does something from to whom it is done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.reading.types import Reading
from router.reading.verbs import turned, was_and_is
from router.sameness import compare, read

CLOSE, THRESHOLD = 0.99, 0.25

APART = [
    ("which lasers fail?", "which lasers failed?", "the past"),
    ("what lasers are failing on olt-2", "what lasers failed on olt-2", "the past"),
    ("how many probes time out", "how many probes timed out", "the past"),
    ("which offices lose power", "which offices lost power", "the past"),
    ("who exports to us", "who do we export to", "to whom it is done"),
    ("who escalates to the vendor", "who does the vendor escalate to", "to whom it is done"),
    ("which probe polls olt-2", "which probe does olt-2 poll", "to whom it is done"),
    ("what monitors the collector", "what does the collector monitor", "to whom it is done"),
    ("which sites can see the collector", "which sites can the collector see", "to whom it is done"),
    ("what is the probe polling", "what is polling the probe", "to whom it is done"),
    ("is olt-2 polling olt-3", "is olt-2 polled by olt-3", "to whom it is done"),
    ("which routes do we drop at hel-ix", "which routes of ours are dropped by hel-ix", "to whom it is done"),
    ("is olt-2 rebooting", "has olt-2 rebooted", "the past"),
    ("which lasers are dark in hall 4", "which lasers have been dark in hall 4", "the past"),
    ("which lasers are failing in hall 4", "which lasers are going to fail in hall 4", "what is to be"),
    ("which carrier feeds hall 4", "which carrier used to feed hall 4", "the past"),
    ("do we drain olt-2 before moving the fibre", "do we move the fibre before draining olt-2", "other"),
    ("how long was the outage of olt-2", "how long ago was the outage of olt-2", "one asks"),
    ("do some of the olts run dual stack", "do all of the olts run dual stack", "only one of them says"),
]

TOGETHER = [
    ("which vlans allowed on po7", "which vlans are allowed on po7"),
    ("what mtu olt-2 uses", "what mtu does olt-2 use"),
    ("who restarted olt-2", "who was it that restarted olt-2"),
    ("which vlan is assigned to po7", "which vlan is po7 assigned to"),
    ("which port is used by syslog", "which port does syslog use"),
    ("which rule do we use for hall 4", "which rule is used for hall 4"),
    ("has olt-2 been upgraded", "is olt-2 upgraded"),
    ("which lasers failed?", "what lasers failed"),
    ("which probe polls olt-2", "what probe polls olt-2?"),
    ("which lasers failed on tuesday", "which lasers did fail on tuesday"),
]


@pytest.mark.parametrize(("a", "b", "reason"), [*APART, *((b, a, reason) for a, b, reason in APART)])
def test_who_does_what_and_when_tells_two_questions_apart(a: str, b: str, reason: str) -> None:
    verdict = compare(read(a), read(b), CLOSE, THRESHOLD)
    assert not verdict.same
    assert reason in verdict.reason


@pytest.mark.parametrize(("a", "b"), [*TOGETHER, *((b, a) for a, b in TOGETHER)])
def test_what_only_leaves_out_a_small_word_has_no_such_difference(a: str, b: str) -> None:
    assert not was_and_is(read(a), read(b))
    assert not turned(read(a), read(b))


@given(
    st.lists(
        st.sampled_from(
            ["who", "what", "which", "we", "us", "does", "do", "did", "olt-2", "polls", "poll", "polled", "the", "noc", "fails"]
        )
    ).map(" ".join)
)
def test_no_question_differs_from_itself(text: str) -> None:
    reading: Reading = read(text)
    assert not was_and_is(reading, reading)
    assert not turned(reading, reading)
