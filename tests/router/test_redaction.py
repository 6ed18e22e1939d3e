"""Secrets leave a text before anything is done with it; what a question is about stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.redaction import HIDDEN, redacted
from router.sameness import read

DIGITS, LETTERS = "0123456789", "aBcDeFgHiJkLmNoPqRsTuVwXyZ"
LONG = (DIGITS + LETTERS) * 2

SECRETS = [
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow" + LONG + "\n" + LONG + "\n-----END RSA PRIVATE KEY-----", ""),
    ("AKIA" + "ABCDEFGH23456789", ""),
    ("ghp_" + LONG[:36], ""),
    ("github_pat_" + LONG[:50], ""),
    ("glpat-" + LONG[:20], ""),
    ("xoxb-" + DIGITS + "-" + LETTERS, ""),
    ("xapp-1-A0" + LONG[:30], ""),
    ("sk-proj-" + LONG[:40], ""),
    ("AIza" + LONG[:35], ""),
    ("npm_" + LONG[:36], ""),
    ("hf_" + LONG[:34], ""),
    ("SG." + LONG[:22] + "." + LONG[:43], ""),
    ("eyJ" + LONG[:20] + ".eyJ" + LONG[:40] + "." + LONG[:43], ""),
    ("T0AAAA/B0BBBB/" + LETTERS, "https://hooks.slack.com/services/"),
    ("$1$mERr$hx5rVt7rPNoS4wqbXKX7m0", "enable secret 5 "),
    ("$9$aZGjqfTz9tO69Bcl87Nws24ZUiHkP", "authentication-key "),
    ("$6$rounds$" + LONG, "root:"),
    (LONG, "Authorization: Bearer "),
    ("bW9uaXRvcjpodW50ZXIy", "authorization: basic "),
    ("0822455D0A16", "username noc privilege 15 password 7 "),
    ("094F471A1A0A", "tacacs-server host 10.9.8.7 key 7 "),
    ("cleartext", "neighbor 10.9.8.7 password 0 "),
    ("tr0ub4dor", "snmp-server community "),
    ("s3cr3t-ro", "set snmp community "),
    ("V3rySecret!", "crypto isakmp key "),
    ("Ospf#Area0", "ip ospf message-digest-key 1 md5 "),
    ("corr3ct-horse", "pre-shared-key local "),
    ("Tr0ub4dor&3", "the wifi password is "),
    ("S3cret-2026", "api_key = "),
    ("0ld-passw0rd", "passwd:"),
    ("tok3n-for-netbox", '"token": "'),
]

HARMLESS = [
    "what is the password policy for tacacs users",
    "is password 7 encryption safe on ios",
    "how do i set the enable secret on nx-os",
    "snmp-server community string format on junos",
    "who has the password to core-rtr-1",
    "rotate the radius key on sw-12 and sw-13",
    "bgp community is 65000:120 for blackhole, which for prepend?",
    "the secret is in the vault, where is the vault",
    "does the token expire after 12 hours",
    "which key is used for macsec on Gi0/1",
    "is 10.44.12.0/24 announced to AS64500",
    "why does the pre-shared key not match on vpn-7",
    "password recovery on a catalyst 9300",
    "what does error %BGP-5-ADJCHANGE mean",
    "https://wiki.example/pages/1234?x=1 says mtu 9216, is that so",
    "show key chain OSPF-KEYS on r1",
    "mail noc@example.net about sk-fra-12",
]


@pytest.mark.parametrize(("secret", "before"), SECRETS)
def test_a_secret_is_taken_out_and_what_names_it_stays(secret: str, before: str) -> None:
    assert redacted(f"why does {before}{secret} fail on core-rtr-1") == f"why does {before}{HIDDEN} fail on core-rtr-1"


@pytest.mark.parametrize("text", HARMLESS)
def test_a_question_without_a_secret_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


def test_a_key_that_was_cut_off_takes_the_rest_with_it() -> None:
    assert redacted("load -----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn" + LONG) == f"load {HIDDEN}"


def test_the_password_in_an_address_goes_and_the_host_stays() -> None:
    assert redacted("is https://monitor:hunter2!@nms.example/api up?") == f"is https://monitor:{HIDDEN}@nms.example/api up?"


def test_several_secrets_go_at_once() -> None:
    text = "username a password 7 0822455D0A16\nsnmp-server community tr0ub4dor RO\nenable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0"
    assert redacted(text).split("\n") == [
        f"username a password 7 {HIDDEN}",
        f"snmp-server community {HIDDEN} RO",
        f"enable secret 5 {HIDDEN}",
    ]


@given(st.text())
def test_what_is_redacted_once_is_redacted(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


def test_a_question_that_held_a_secret_is_matched_with_no_other() -> None:
    assert not read(redacted("is snmp-server community tr0ub4dor set on cr1?")).standalone


@pytest.mark.parametrize(
    "piece", ["-----BEGIN PRIVATE KEY-----", "password ", "a://b:", "eyJaaaaaaaa.", "key 7 ", "username x password ", "token: ", "$1$", "x"]
)
def test_no_text_takes_more_than_its_length_does(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        best = []
        for _ in range(3):
            begun = time.perf_counter()
            redacted(text)
            best.append(time.perf_counter() - begun)
        return min(best)

    assert seconds(80_000) < 40 * max(seconds(10_000), 0.0005)
