"""Entities: each notation has one form, roles follow the words around, and no text hurts."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.entities import EntityType, Role, canonical, find_entities, masked

NOTATIONS = [
    ["10.31.7.0/24", "10.31.7.0 255.255.255.0", "10.31.7.0 mask 255.255.255.0", "10.31.7.0 0.0.0.255", "10.31.7/24"],
    ["2a0d:1c40::5", "2A0D:1C40:0:0:0:0:0:5", "2a0d:1c40:0000::0005"],
    ["2a0d:1c40::/32", "2A0D:1C40:0::/32"],
    ["/24", "/24s", "255.255.255.0"],
    ["Gi0/1", "GigabitEthernet0/1", "gi 0/1", "gig0/1", "gigabitethernet 0/1"],
    ["Te1/1/4", "TenGigabitEthernet1/1/4", "ten1/1/4"],
    ["Hu0/0/0/5", "HundredGigE0/0/0/5"],
    ["Po10", "port-channel10", "port-channel 10", "port channel 10"],
    ["BE10", "Bundle-Ether10", "bundle-ether 10"],
    ["xe-0/0/3", "XE-0/0/3", "xe 0/0/3"],
    ["ethernet-1/1", "Eth1/1", "Ethernet1/1"],
    ["vlan 20", "VLAN20", "vl 20", "vlan id 20", "vlan-id 20"],
    ["AS65540", "as 65540", "asn 65540", "AS1.4", "65540"],
    ["tcp/443", "443/tcp", "tcp 443", "tcp port 443", "https"],
    ["udp 123", "123/udp", "ntp"],
    ["00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7", "001b.4411.3ab7"],
    ["CR1.AMS3", "cr1.ams3", "cr1-ams3", "cr1.ams3.net.example"],
    ["dist-02-muc", "dist02-muc", "DIST02.MUC"],
    ["INC-40117", "inc 40117", "INC40117"],
    ["1G", "1000 Mbps", "1 Gbit/s", "1000000 kbps", "1 gig"],
    ["4 GB", "4000 MB"],
    ["3 min", "180 seconds", "180s"],
    ["25 km", "25000 m"],
    ["21.4R3", "21.4.R3"],
    ["3pm", "15:00", "3 pm"],
    ["last 60 minutes", "past hour", "last 1h"],
    ["prod", "production"],
    ["berlin", "BER"],
    ["three", "3"],
]

DIFFERENT = [
    ("10.1.2.0/24", "10.1.3.0/24"),
    ("10.1.2.0/24", "10.1.2.0/25"),
    ("10.1.2.3", "10.1.2.30"),
    ("2001:db8:ff00::/48", "2001:db8:ff::/48"),
    ("xe-0/0/3", "xe-0/3/0"),
    ("Gi1/0/24", "Gi1/0/42"),
    ("ge-1/1/4.310", "ge-1/1/4.301"),
    ("tcp/443", "udp/443"),
    ("ldap", "ldaps"),
    ("vlan 34", "vlan 43"),
    ("AS64510", "AS64501"),
    ("pe1-fra", "pe2-fra"),
    ("sw-tor-r07-2", "sw-tor-r02-7"),
    ("450 Mbps", "450 MB/s"),
    ("50M", "50m"),
    ("-3 dBm", "-30 dBm"),
    ("7.2.8", "7.4.8"),
    ("today", "yesterday"),
    ("last month", "this month"),
    ("ios-xr", "ios-xe"),
    ("junos", "fortios"),
]

TYPED = [
    ("is 10.0.0.1-10.0.0.20 used", EntityType.RANGE, "10.0.0.1-10.0.0.20"),
    ("vlans 10, 20 and 30-35", EntityType.VLAN, "30-35"),
    ("vni 50110", EntityType.VNI, "50110"),
    ("rd of vrf CUST-118", EntityType.VRF, "cust-118"),
    ("routes in CORP vrf", EntityType.VRF, "corp"),
    ("community 65010:300", EntityType.COMMUNITY, "65010:300"),
    ("at 03:12", EntityType.TIME, "03:12"),
    ("power in rack b12", EntityType.SITE, "rack-b12"),
    ("wifi in store 212", EntityType.SITE, "store-212"),
    ("circuit FRA-88213", EntityType.CIRCUIT, "fra-88213"),
    ("last login of usr4471", EntityType.NAME, "usr4471"),
    ("who is <@U0AB12>", EntityType.PERSON, "u0ab12"),
    ("mail noc@example.net", EntityType.PERSON, "noc@example.net"),
    ("upgrade to FortiOS 7.2.8", EntityType.VENDOR, "fortios"),
    ("frtigate policy", EntityType.VENDOR, "fortios"),
    ("the staging firewalls", EntityType.ENVIRONMENT, "staging"),
    ("changes on 2026-09-07", EntityType.TIME, "2026-09-07"),
    ("10.0.0.1:8443 is slow", EntityType.PORT, "8443"),
]


def keys(text: str) -> list[str]:
    return [entity.key for entity in find_entities(text)]


def role_of(text: str, value: str) -> Role:
    return next(entity.role for entity in find_entities(text) if entity.value == value)


@pytest.mark.parametrize("spellings", NOTATIONS, ids=lambda spellings: spellings[0])
def test_equal_notations_have_equal_forms(spellings: list[str]) -> None:
    forms = {tuple(keys(f"what about {spelling} please")) for spelling in spellings}
    assert len(forms) == 1
    assert len(forms.pop()) == 1


@pytest.mark.parametrize("spellings", NOTATIONS, ids=lambda spellings: spellings[0])
def test_equal_notations_have_one_canonical_text(spellings: list[str]) -> None:
    bare = [spelling for spelling in spellings if not spelling.endswith(".example")]
    assert len({canonical(f"who uses {spelling}") for spelling in bare}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_things_have_different_forms(one: str, other: str) -> None:
    assert keys(f"what about {one}") != keys(f"what about {other}")


@pytest.mark.parametrize(("text", "kind", "value"), TYPED)
def test_what_a_question_names_is_found_and_typed(text: str, kind: EntityType, value: str) -> None:
    assert (kind, value) in [(entity.type, entity.value) for entity in find_entities(text)]


@pytest.mark.parametrize(
    "text",
    [
        "which acl lets 10.1.1.5 to 10.2.2.9",
        "10.1.1.5 -> 10.2.2.9 blocked?",
        "from 10.1.1.5 to 10.2.2.9",
        "source 10.1.1.5 dest 10.2.2.9",
        "can 10.1.1.5 reach 10.2.2.9",
        "to 10.2.2.9 from 10.1.1.5",
        "10.1.1.5 > 10.2.2.9 dropped",
    ],
)
def test_both_ends_of_a_path_are_source_and_destination(text: str) -> None:
    assert role_of(text, "10.1.1.5") is Role.SOURCE
    assert role_of(text, "10.2.2.9") is Role.DESTINATION


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("block everything coming from 10.1.1.5", Role.SOURCE),
        ("deny src 10.1.1.5", Role.SOURCE),
        ("drop packets addressed to 10.1.1.5", Role.DESTINATION),
        ("what gets to 10.1.1.5", Role.TO),
        ("prefixes from 10.1.1.5", Role.FROM),
        ("ping 10.1.1.5", Role.NONE),
    ],
)
def test_one_end_alone_has_a_role_only_when_the_words_are_sure(text: str, role: Role) -> None:
    assert role_of(text, "10.1.1.5") is role


def test_a_leaning_is_no_part_of_the_key() -> None:
    assert keys("prefixes from 10.1.1.5") == keys("ping 10.1.1.5")


def test_old_and_new_tell_two_addresses_apart() -> None:
    text = "move dns from the old server 10.1.1.5 and add the new server 10.1.1.6"
    assert role_of(text, "10.1.1.6") is Role.NEW


def test_the_domain_of_a_host_is_kept_beside_its_name() -> None:
    (entity,) = find_entities("pe1.corp.example")
    assert (entity.value, entity.detail) == ("pe1", "corp.example")
    assert canonical("reboot pe1.corp.example") != canonical("reboot pe1.corp2.example")


def test_plain_words_are_no_entities() -> None:
    assert find_entities("why would a route be dropped by the firewall when it matches nothing") == ()


def test_a_slip_in_a_name_of_our_own_is_never_mended() -> None:
    assert keys("uptime of pe1-farn") != keys("uptime of pe1-fran")


def test_masked_texts_name_types_instead_of_values() -> None:
    text = "Is Gi0/1 on CR2.LON1 up?"
    assert masked(text, find_entities(text)) == "is interface on host up"


def test_courtesy_case_and_punctuation_leave_the_canonical_text_alone() -> None:
    assert canonical("Hi all, is vlan 20 up? thanks!") == canonical("is VLAN 20 up")


def test_a_bound_keeps_its_sign_in_the_canonical_text() -> None:
    assert canonical("links with load > 70") != canonical("links with load < 70")


TEXTS = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [*(spelling for spellings in NOTATIONS for spelling in spellings), "from", "to", "the", "on", "not", "->", "?", ":", "/"]
    ),
    max_size=25,
).map(" ".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_the_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_entities_stand_in_order_without_overlap_inside_the_text(text: str) -> None:
    end = 0
    for entity in find_entities(text):
        assert end <= entity.start < entity.end <= len(text)
        end = entity.end


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_every_prefix_is_one_with_its_netmask(address: object, length: int) -> None:
    netmask = ".".join(str((0xFFFFFFFF << (32 - length) >> shift) & 255) for shift in (24, 16, 8, 0))
    assert keys(f"{address}/{length}") == keys(f"{address} netmask {netmask}")


@given(st.ip_addresses(v=6).filter(lambda address: int(address) > 0))
def test_every_ipv6_address_is_one_with_its_long_form(address: object) -> None:
    long = getattr(address, "exploded", "")
    assert keys(f"who has {long}") == keys(f"who has {long.upper()}") == keys(f"who has {address}")


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1.",
        ":",
        "10.0.0.1 ",
        "vlan ",
        "/",
        "from 10.0.0.1 to ",
        "a::",
        "+-",
        "1g ",
        "port ",
        "a-",
        "monday ",
        "\u0130",
        "\0",
        "<@",
        "as ",
    ],
)
def test_a_hundred_thousand_characters_take_seconds_at_most(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = time.perf_counter()
    find_entities(text)
    assert time.perf_counter() - began < 5
