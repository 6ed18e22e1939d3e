"""Frames: what asks for one thing in many words is one question, and one word more makes it another."""

import pytest

from router.sameness import Verdict, compare, read

SAME = [
    ("which nve source does leaf-31 have", "vtep ip of leaf-31"),
    ("what junos release is on mx-7-hel", "mx-7-hel os version?"),
    ("who supplies circuit HEL-77120", "carrier of HEL-77120?"),
    ("where does dhcp from vlan 731 get relayed to", "ip helper of vlan 731?"),
    ("which ports is nas-3-tku cabled to", "where is nas-3-tku patched?"),
    ("what is vlan 731 for?", "purpose of vlan 731"),
    ("how long is the fibre between roadm-tku-1 and roadm-hel-2", "span length roadm-tku-1 roadm-hel-2"),
    ("which log collector does sw-9-tku send to", "syslog server of sw-9-tku?"),
    ("blast radius of spine-4-hel", "what is affected if spine-4-hel fails"),
    ("when can we use the change slot", "hours of the maintenance window?"),
    ("command to see lldp neighbors on exos", "exos: lldp neighbor table, cli?"),
    ("how do i take vlan 731 off xe-0/0/9 of mx-7-hel", "remove vlan 731 from mx-7-hel xe-0/0/9, commands?"),
    ("what bgp asn is leaf-31 in", "as number of leaf-31?"),
    ("which vlan do the phones use in oslo", "voice vlan id oslo?"),
    ("how do i check the light levels on eos", "eos cli for optical rx power of a port"),
    ("purpose of ecmp", "what is ecmp for?"),
    ("what was the vlan of nas-3-tku again", "vlan of nas-3-tku"),
    ("sw-9-tku s/n?", "serial number of sw-9-tku"),
    ("i always mix up hsrp and vrrp", "hsrp vs vrrp"),
    ("nssa on eos: how to turn it on", "how do i enable nssa on eos"),
    ("who do we lease HEL-77120 from?", "provider of HEL-77120"),
]

ANOTHER = [
    ("vtep ip of leaf-31", "is the vtep of leaf-31 reachable", "whether it is so"),
    ("os version of mx-7-hel", "os version of mx-7-hel before the upgrade", "nothing shows"),
    ("what version runs on mx-7-hel", "what version should mx-7-hel run", "whether one should"),
    ("subnet of vlan 731", "what subnet will vlan 731 get", "what is to be"),
    ("syslog server of sw-9-tku", "show me the syslog of sw-9-tku", "only one"),
    ("which vlans are allowed on xe-0/0/9 of mx-7-hel", "which vlans are not allowed on xe-0/0/9 of mx-7-hel", "opposite"),
    ("how do i add vlan 731 to xe-0/0/9 of mx-7-hel", "how do i remove vlan 731 from xe-0/0/9 of mx-7-hel", "different direction"),
    ("which vni is vlan 731 mapped to on leaf-31", "is vlan 731 mapped to a vni on leaf-31", "one asks"),
    ("which vni is vlan 731 mapped to on leaf-31", "how do i map vlan 731 to a vni on leaf-31", "one asks"),
    ("how to show static routes on exos", "how to configure static routes on exos", "nothing shows"),
    ("free addresses in 10.81.0.0/22", "who owns 10.81.0.0/22", "one asks for the free addresses, the other for the owner"),
    ("what is the bgp neighbor on pe1-osl", "who configured the bgp neighbor on pe1-osl", "the other who"),
    ("vlan of nas-3-tku", "which vlan was nas-3-tku in", "the past"),
    ("who is the carrier of HEL-77120", "who ordered HEL-77120", "the other who"),
    ("which endpoints does HEL-77120 have", "what is the a end of HEL-77120", "nothing shows"),
    ("syslog server of sw-9-tku", "syslog source address on sw-9-tku", "nothing shows"),
    ("what is affected if spine-4-hel fails", "which customers are affected if spine-4-hel fails", "one asks"),
    ("when is the change freeze", "when does the change freeze end", "nothing shows"),
    ("upgrade plan for mx-7-hel", "rollback plan for the upgrade of mx-7-hel", "nothing shows"),
    ("what is vlan 731 for?", "what is vlan 731 called", "only one"),
    ("span length roadm-tku-1 roadm-hel-2", "span length roadm-tku-1 roadm-hel-3", "different host"),
]


def verdict(a: str, b: str) -> Verdict:
    return compare(read(a), read(b), 0.9, 0.25)


@pytest.mark.parametrize(("a", "b"), SAME, ids=[row[0] for row in SAME])
def test_two_ways_of_asking_for_one_thing_are_one_question(a: str, b: str) -> None:
    assert verdict(a, b).same, verdict(a, b).reason
    assert verdict(b, a).same


@pytest.mark.parametrize(("a", "b", "reason"), ANOTHER, ids=[row[1] for row in ANOTHER])
def test_one_word_more_makes_it_another_question(a: str, b: str, reason: str) -> None:
    assert not verdict(a, b).same
    assert reason in verdict(a, b).reason


def test_a_word_that_no_frame_explains_keeps_a_question_out_of_it() -> None:
    assert read("carrier of HEL-77120").strong == {"carrier"}
    assert "shouting" in " ".join(read("shouting carrier of HEL-77120").sources.values())


def test_a_frame_needs_what_it_is_about() -> None:
    assert "rack" in read("which rack is sw-9-tku in").strong
    assert "uplink_ports" not in read("what is an uplink").strong


def test_an_entity_that_the_question_implies_is_no_condition() -> None:
    assert read("bgp asn of leaf-31").entities == read("asn of leaf-31").entities
    assert read("bgp neighbors of leaf-31").entities != read("neighbors of leaf-31").entities
