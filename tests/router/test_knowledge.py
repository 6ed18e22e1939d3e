"""What the simulated models know, and how the right piece of it is found."""

import re
from ipaddress import ip_network

import pytest

from router.simulated.knowledge import LIVE_NOTE, LIVE_UNKNOWN, NEAREST_NOTE, Knowledge, load_knowledge
from router.simulated.models import simulated_model
from router.types import Turn


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def test_there_are_a_few_dozen_facts_each_with_a_topic_of_its_own(knowledge: Knowledge) -> None:
    assert len(knowledge.topics) >= 40
    assert len(set(knowledge.topics)) == len(knowledge.topics)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("what's the BGP peer status on router edge-1?", "BGP peer status"),
        ("Is the firewall rule for 10.1.2.0/24 still active?", "firewall rule"),
        ("crc errors on gi1/0/3, how do I look at the port?", "interface errors"),
        ("Why would an OSPF neighbor relationship flap when the LSDB overflows?", "OSPF flap after an LSDB overflow"),
        ("in which order does bgp choose the best path", "BGP best path"),
        ("wildcard for 255.255.255.192", "subnet masks"),
        ("how many hosts in a /21?", "subnet masks"),
        ("private AS number range", "AS number ranges"),
        ("which VLAN ids are reserved", "VLAN ranges"),
        ("what port does netconf use", "well-known ports"),
        ("OSPF neighbour stuck in exstart", "OSPF neighbour states"),
        ("HSRP vs VRRP", "HSRP and VRRP"),
        ("design an EVPN VXLAN fabric for two data centres", "EVPN VXLAN design"),
        ("large packets hang through the GRE tunnel, mtu blackhole?", "MTU black holes"),
        ("LACP fast or slow timeout", "LACP"),
        ("ikev2 no proposal chosen, why does phase 1 fail", "IPsec troubleshooting"),
        ("what is hairpin nat", "NAT types and problems"),
        ("which dscp is voice", "QoS"),
        ("who's on call for transport right now", "who is on call"),
        ("OID of ifHCInOctets", "SNMP versions"),
    ],
)
def test_a_question_finds_its_fact(knowledge: Knowledge, question: str, topic: str) -> None:
    fact = knowledge.find(question)
    assert fact is not None
    assert fact.topic == topic


def test_a_question_about_live_state_is_told_how_to_check_and_no_state(knowledge: Knowledge) -> None:
    answer = knowledge.answer(simulated_model("small"), "what's the BGP peer status on router edge-1 right now?")
    assert answer.startswith(LIVE_NOTE)
    assert "show bgp summary" in answer


def test_a_live_question_without_a_fact_is_told_where_to_look(knowledge: Knowledge) -> None:
    assert knowledge.answer(simulated_model("small"), "is cr1.ams3 up?").startswith(LIVE_UNKNOWN)


@pytest.mark.parametrize("name", ["small", "frontier"])
def test_a_question_without_a_fact_is_told_that_there_is_no_canned_answer(knowledge: Knowledge, name: str) -> None:
    answer = knowledge.answer(simulated_model(name), "how do i blink the led of a meraki ap")
    assert "no canned answer" in answer
    assert f"Simulated {name} model" in answer


def test_a_loose_match_says_what_it_is_about(knowledge: Knowledge) -> None:
    answer = knowledge.answer(simulated_model("small"), "rfc1918")
    assert answer.startswith(NEAREST_NOTE.format(topic="private addresses"))


def test_an_assistants_turns_do_not_choose_the_topic(knowledge: Knowledge) -> None:
    assert knowledge.find("and then?", (Turn("hsrp vs vrrp", assistant=True),)) is None


def test_the_masks_in_the_table_are_right(knowledge: Knowledge) -> None:
    fact = knowledge.find("subnet mask of a /24")
    assert fact is not None
    rows = re.findall(r"^\| /(\d+) \| ([\d.]+) \| ([\d.]+) \| (\d+)", fact.small, re.MULTILINE)
    assert len(rows) == 12
    for length, mask, wildcard, hosts in rows:
        network = ip_network(f"0.0.0.0/{length}")
        assert (mask, wildcard) == (str(network.netmask), str(network.hostmask))
        assert int(hosts) == (network.num_addresses if length == "31" else network.num_addresses - 2)
