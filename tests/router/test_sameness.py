"""Sameness: each condition refuses or keeps what it is there for, both ways round, and says why in words."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.sameness import LONGEST, Verdict, compare, read

CLOSE = 0.9
THRESHOLD = 0.25

REFUSED = [
    ("uptime of pe1-osl", "uptime of pe2-osl", "different host"),
    ("who owns 10.1.2.0/24", "who owns 10.1.3.0/24", "different prefix: 10.1.2.0/24 and 10.1.3.0/24"),
    ("is tcp/443 open to 10.1.1.5", "is udp/443 open to 10.1.1.5", "different port"),
    ("which rule lets 10.1.1.5 to 10.2.2.9", "which rule lets 10.2.2.9 to 10.1.1.5", "different role"),
    ("traffic from oslo to kyiv takes which link", "traffic from kyiv to oslo takes which link", "different role"),
    ("who can reach the dmz from guest", "who can reach guest from the dmz", "the other way round"),
    ("list the ports that are up on sw1", "list the ports that are down on sw1", "different state: up and down"),
    ("how to enable lldp on eos", "how to disable lldp on eos", "different action: enable and disable"),
    ("bgp neighbors with bfd on pe1", "bgp neighbors without bfd on pe1", "opposite: port 3784/udp"),
    ("which subnets can talk to payment", "which subnets cannot talk to payment", "opposite"),
    ("isis metric on eth1/9", "isis hello interval on eth1/9", "different attribute"),
    ("loopback of rr1 in prod", "loopback of rr1 in the lab", "different environment"),
    ("show lldp neighbors on junos", "show lldp neighbors on eos", "different vendor"),
    ("bugs in eos 4.30.2F", "bugs in eos 4.31.2F", "different version"),
    ("any p1 today", "any p1 yesterday", "different time"),
    ("flaps in the last hour on eth1/9", "flaps in the last 24h on eth1/9", "different time"),
    ("is the vpn down for the oslo office", "is the vpn down for all offices", "only one of them names a site"),
    ("who changed the nat pool on cgn-3", "when was the nat pool on cgn-3 changed", "one asks who"),
    ("why does eigrp get stuck in active", "how do i fix eigrp stuck in active", "one asks why"),
    ("is macsec supported on leaf-3", "which macsec is supported on leaf-3", "one asks"),
    ("can we use jumbo frames on vlan 9", "should we use jumbo frames on vlan 9", "whether one should"),
    ("was rr1 reachable by ping", "is rr1 reachable by ping", "the past"),
    ("links with latency over 50 ms", "links with latency under 50 ms", "over"),
    ("links with load > 70 %", "links with load < 70 %", "above"),
    ("default vlan on a cisco switch", "default vlan on a cisco router", "different device"),
    ("how many ipv4 prefixes from 192.0.2.201", "how many ipv6 prefixes from 192.0.2.201", "ipv"),
    ("prefixes we get from 192.0.2.201", "prefixes 192.0.2.201 gets from us", "different direction"),
    ("set bgp timers 10 30 on eos", "set bgp timers 30 10 on eos", "other"),
    ("vlan 10 on eth1/1 and vlan 20 on eth1/2", "vlan 20 on eth1/1 and vlan 10 on eth1/2", "other"),
    ("can i use the same vlan id twice", "can i use a different vlan id twice", "different"),
    ("who is the account manager for NORD-4411", "who is the delivery manager for NORD-4411", "nothing shows"),
    ("serial of pe1.corp-a.example", "serial of pe1.corp-b.example", "different domain"),
    ("restart the ntp service on core-sw-9", "restart core-sw-9", "only one of them names a port"),
    ("show the load of po9 in Mbps", "show the load of po9 in MBps", "only one of them names a quantity"),
    ("why do calls from +358401 fail on sbc-3", "why do calls to +358401 fail on sbc-3", "different direction"),
    ("how does the helpdesk reach the carrier", "how does the carrier reach the helpdesk", "the other way round"),
    ("what breaks when rr1 dies", "why did rr1 die", "one asks"),
    ("planned load of cab 31", "load of cab 31", "only one of them says"),
    ("when is the freeze", "when is the easter freeze", "only one of them says"),
    ("main link of turku-2", "link of turku-2", "only one of them says"),
    ("keys for the cabinet in turku", "keys for the cabinet in tampere", "turku"),
]

KEPT = [
    ("is the firewall rule for 10.44.8.0/21 still active?", "please check if the firewall rule for 10.44.8.0/21 is still active"),
    ("is the ldp session on pe1-osl up", "do you know whether the ldp session on pe1-osl is up?"),
    ("who owns 10.31.7.0/24", "10.31.7.0 255.255.255.0 belongs to which customer"),
    ("Is Gi0/1 on CR2.LON1 reachable?", "is GigabitEthernet0/1 on cr2.lon1.net.example reachable"),
    ("is https open to 10.3.3.3", "is tcp/443 open to 10.3.3.3"),
    ("which members are in port-channel10 on sw1", "which members are in po10 on sw1"),
    ("how do i configure policy based routing on a fortigate", "how to configure PBR on a FGT"),
    ("what is our recovery time objective", "what is our RTO"),
    ("explain test driven paging", "explain tdp"),
    ("how do i configure a loopback on eos", "how do i confgiure a loopbak on eos"),
    ("is the wireless controller redundant", "is the wireles controler redundant"),
    ("serial of pe3-bru", "hi team, could you please give me the serial of pe3-bru? many thanks in advance"),
    ("on pe1, how many bgp sessions are down", "how many bgp sessions are down on pe1"),
    ("how many hosts fit in two /26 subnets", "how many hosts fit in 2 /26 subnets"),
    ("alarm when rtt is above 0.15 s", "alarm when rtt is above 150 ms"),
    ("difference between stp and rstp", "how does rstp differ from stp"),
    ("how do i delete a vlan on eos", "command to remove a vlan on eos"),
    ("which isp delivers circuit HEL-20011", "carrier of HEL-20011"),
    ("how long do we keep netflow", "netflow retention"),
    ("when does the contract of fw-1 run out", "expiry date of the contract of fw-1"),
    ("who approves firewall changes", "my boss is asking and i am new here: who approves firewall changes"),
    ("is vlan 10 or vlan 20 free", "is vlan 20 or vlan 10 free"),
    ("saw 2a0d:1c40::5 in the logs, who is this", "who owns 2a0d:1c40::5"),
]

ALONE = [
    ("and the other one on cr1, is that up?", "before"),
    ("what about pe2-fra", "before"),
    ("is that prefix in the table", "outside"),
    ("is the other circuit also affected", "outside"),
    ("can you check that one as well", "outside"),
    ("why did the second one drop", "outside"),
    ("does it run bfd", "outside"),
    ("yes, do it", "before"),
    ("is vlan 9 up? and who owns circuit HEL-20011?", "several"),
    ("is vlan 9 up and who owns circuit HEL-20011", "several"),
    ("?!", "nothing"),
    ("", "nothing"),
    ("x" * (LONGEST + 1), "too long"),
]


def verdict(a: str, b: str, similarity: float = CLOSE) -> Verdict:
    return compare(read(a), read(b), similarity, THRESHOLD)


@pytest.mark.parametrize(("a", "b", "reason"), REFUSED, ids=[row[0] for row in REFUSED])
def test_another_question_is_refused_with_its_reason(a: str, b: str, reason: str) -> None:
    found = verdict(a, b)
    assert not found.same
    assert reason in found.reason


@pytest.mark.parametrize(("a", "b"), KEPT, ids=[row[0] for row in KEPT])
def test_the_same_question_in_other_words_is_kept_both_ways(a: str, b: str) -> None:
    assert verdict(a, b).same, verdict(a, b).reason
    assert verdict(b, a).same, verdict(b, a).reason


@pytest.mark.parametrize(("text", "reason"), ALONE, ids=[row[0][:40] for row in ALONE])
def test_what_hangs_on_its_conversation_is_not_matched_even_with_itself(text: str, reason: str) -> None:
    found = verdict(text, text)
    assert not found.same
    assert reason in found.reason
    assert not read(text).standalone


@pytest.mark.parametrize(
    "text",
    [
        "who owns 10.44.12.17? it's hammering our dns",
        "how do i tail a log and filter it",
        "is it possible to stack nine switches",
        "which ports are down this week",
        "is 192.0.2.10 the old ntp server or the new one",
        "router cr1: which circuit is this?",
    ],
)
def test_a_pronoun_that_stands_for_something_in_its_own_text_does_no_harm(text: str) -> None:
    assert read(text).standalone


def test_the_same_text_is_kept_with_full_confidence() -> None:
    assert verdict("Is vlan 20 up?", "is VLAN20 up", similarity=0.0) == Verdict(same=True, score=1.0, reason="the same text")


def test_likeness_is_the_last_condition_and_alone_serves_nothing() -> None:
    assert not verdict("who owns vlan 9", "which trunks carry vlan 9", similarity=0.99).same
    assert not verdict("who owns vlan 9", "owner of vlan 9", similarity=0.1).same


def test_wording_that_nothing_settles_is_grey_and_a_hard_difference_is_not() -> None:
    assert verdict("guest wifi password in oslo", "what do visitors in oslo type in for wifi").grey
    assert not verdict("uptime of pe1-osl", "uptime of pe2-osl").grey


def test_everyday_questions_may_be_reworded_freely_but_not_filled_in_anew() -> None:
    assert verdict("how do i unclog a kitchen sink", "my kitchen sink is blocked, how do i unclog and clear it").same
    assert not verdict("how do i patch a small hole in drywall", "how do i patch a large hole in drywall").same


def test_a_question_about_a_network_is_never_matched_by_likeness_alone() -> None:
    assert not verdict("how do i shape traffic on the leaf", "traffic on the leaf needs prioritising, how do i do it").same


def test_a_story_around_a_question_is_left_out_of_its_reading() -> None:
    plain, told = read("which vlan does plant 7 use"), read("i just joined and my boss is nervous, which vlan does plant 7 use")
    assert plain.entities == told.entities
    assert plain.masked == told.masked


def test_a_condition_before_a_question_is_no_story() -> None:
    assert read("if bfd is off, how long is the hold time").strong != read("how long is the hold time").strong


def test_two_unknown_words_are_never_taken_for_a_slip_of_one() -> None:
    assert not verdict("badge for the kallio site", "badge for the kalio site").same


SPOKEN = """
the is not vlan 20 10.0.0.1 from to pe1-osl up down who when how do i enable disable and or ? , . other one it that with without over > 5 ms
all any bgp /24 why which rule allows blocks because my boss said please ( ) : - berlin ber junos 21.4R3 same versus than us
"""
WORDS = st.sampled_from(re.findall(r"\S+", SPOKEN))
TEXTS = st.text(max_size=200) | st.lists(WORDS, max_size=20).map(" ".join)


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_no_text_hurts_and_the_verdict_has_a_reason(a: str, b: str) -> None:
    found = verdict(a, b)
    assert found.reason
    assert 0.0 <= found.score <= 1.0
    assert not (found.same and found.grey)


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_the_order_of_the_two_questions_does_not_matter(a: str, b: str) -> None:
    assert verdict(a, b).same == verdict(b, a).same


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_question_that_stands_alone_is_the_same_as_itself(text: str) -> None:
    assert verdict(text, text).same == read(text).standalone


@given(TEXTS, st.integers(0, 254), st.integers(0, 254))
@settings(max_examples=200, deadline=None)
def test_another_address_is_another_question_whatever_stands_around_it(text: str, one: int, other: int) -> None:
    if one != other:
        assert not verdict(f"{text} 10.9.{one}.7", f"{text} 10.9.{other}.7").same


@pytest.mark.parametrize("unit", ["word ", "a, ", "when ", "is it? ", "and what is it ", "10.0.0.1 "])
def test_the_longest_message_is_read_and_compared_in_milliseconds(unit: str) -> None:
    text = (unit * LONGEST)[:LONGEST]
    read(text)
    began = time.perf_counter()
    reading = read(text)
    compare(reading, read("who owns vlan 9"), CLOSE, THRESHOLD)
    assert time.perf_counter() - began < 0.5
