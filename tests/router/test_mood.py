"""Mood: what is, was, will be, should be and can be are five questions, and each may be put in several ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.reading.mood import mode_of, tense_of
from router.sameness import Verdict, compare, read

ANOTHER = [
    ("which image runs on sw-31-tku", "which image should run on sw-31-tku", "whether one should"),
    ("is igmp snooping on at the edge", "must igmp snooping be on at the edge", "whether one should"),
    ("is eth1/9 of leaf-31 a trunk", "is eth1/9 of leaf-31 supposed to be a trunk", "whether one should"),
    ("what power does cab-31 have", "what power does cab-31 need", "whether one should"),
    ("does vlan 731 span both halls", "does vlan 731 have to span both halls", "whether one should"),
    ("do we run sflow on leaf-31", "can we run sflow on leaf-31", "what is possible"),
    ("how many users does vpn-7 carry", "how many users can vpn-7 carry", "what is possible"),
    ("does acme reach 10.81.0.9", "is acme allowed to reach 10.81.0.9", "what is possible"),
    ("may i reload leaf-31", "how do i reload leaf-31", "one asks"),
    ("did we run rip on leaf-31", "do we run rip on leaf-31", "the past"),
    ("had sw-31-tku a second psu", "has sw-31-tku a second psu", "the past"),
    ("who works on INC-7731", "who worked on INC-7731", "the past"),
    ("is leaf-31 being replaced", "has leaf-31 been replaced", "the past"),
    ("is lacp going to be used on leaf-31", "is lacp used on leaf-31", "what is to be"),
    ("who called about the alarm", "who was called about the alarm", "to whom"),
    ("how is sflow configured on leaf-31", "how do i configure sflow on leaf-31", "one asks"),
]

SAME = [
    ("is the uplink of sw-31-tku supposed to be a lag", "should the uplink of sw-31-tku be a lag"),
    ("are we allowed to run rip on leaf-31", "may we run rip on leaf-31"),
    ("can leaf-31 ping 10.81.0.9", "is leaf-31 able to ping 10.81.0.9"),
    ("where can i find the diagram of hall 4", "where is the diagram of hall 4"),
    ("which ntp server should devices use", "which ntp server do devices use"),
    ("who should i call for HEL-77120", "who do i call for HEL-77120"),
    ("what will happen if spine-4-hel fails", "what happens if spine-4-hel fails"),
    ("who will be on call tomorrow", "who is on call tomorrow"),
    ("when did leaf-31 last reboot", "when was the last reboot of leaf-31"),
    ("who approved CHG-7731", "CHG-7731 was approved by whom"),
    ("did the upgrade of leaf-31 finish", "has the upgrade of leaf-31 finished"),
    ("can i get the serial of leaf-31", "serial of leaf-31"),
]


def verdict(a: str, b: str) -> Verdict:
    return compare(read(a), read(b), 0.9, 0.25)


@pytest.mark.parametrize(("a", "b", "reason"), ANOTHER, ids=[row[1] for row in ANOTHER])
def test_what_is_never_answers_what_was_will_be_should_be_or_can_be(a: str, b: str, reason: str) -> None:
    for found in (verdict(a, b), verdict(b, a)):
        assert not found.same
        assert reason in found.reason


@pytest.mark.parametrize(("a", "b"), SAME, ids=[row[0] for row in SAME])
def test_one_mood_in_other_words_is_kept_both_ways(a: str, b: str) -> None:
    assert verdict(a, b).same, verdict(a, b).reason
    assert verdict(b, a).same, verdict(b, a).reason


@given(
    st.lists(st.sampled_from(["?", "@host", ",", "who", "is", "has", "been", "should", "can", "we", "need", "to", "may", "going", "will"]))
)
def test_any_run_of_words_has_a_mood(said: list[str]) -> None:
    assert mode_of(said) in {"", "can", "should"}
    assert tense_of(said) in {"", "past", "did", "perfect", "undergone", "present", "under way", "future"}
