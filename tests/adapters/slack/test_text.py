"""Slack's tokens become words, and words become inert text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.safe_markdown import BREAK
from adapters.slack.text import brief, excerpt, inert, mentioned, plain, without_mention


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("in <#C1|noc>", "in #noc"),
        ("in <#C1>", "in #C1"),
        ("ask <@U2>", "ask @U2"),
        ("ask <@U2|bob>", "ask @bob"),
        ("see <http://cr1.example.net|cr1.example.net>", "see cr1.example.net"),
        ("see <https://example.net/a?b=1&amp;c=2>", "see https://example.net/a?b=1&c=2"),
        ("<mailto:noc@example.net|noc@example.net>", "noc@example.net"),
        ("<mailto:noc@example.net>", "noc@example.net"),
        ("<!here> and <!channel|channel>", "@here and @channel"),
        ("<!subteam^S1|@netops>", "@netops"),
        ("since <!date^1795442400^{ago}|2 h ago>", "since 2 h ago"),
        ("  show bgp\n  neighbor  ", "show bgp\n  neighbor"),
    ],
)
def test_text_reads_as_its_author_saw_it(sent: str, seen: str) -> None:
    assert plain(sent) == seen


def test_only_the_named_mention_is_dropped() -> None:
    assert plain(without_mention("hey <@U1> and <@U2|bob>, why?", "U1")) == "hey and @bob, why?"


def test_dropping_a_mention_keeps_the_spacing_of_pasted_output() -> None:
    assert without_mention("<@U1> peer    state\n10.0.0.1   Idle", "U1") == " peer    state\n10.0.0.1   Idle"


def test_mentions_are_found_with_and_without_a_label() -> None:
    assert mentioned("<@U1> <@U2|bob> <#C1> @U3") == {"U1", "U2"}


@settings(deadline=None)
@given(st.text())
def test_inert_text_holds_no_token_and_reads_back(text: str) -> None:
    escaped = inert(text)
    assert not set(escaped) & {"<", ">"}
    assert plain(escaped).replace(BREAK, "") == text.strip().replace(BREAK, "")


@pytest.mark.parametrize("ping", ["@here", "@channel", "@everyone", "@HERE"])
def test_a_ping_of_a_whole_channel_is_broken(ping: str) -> None:
    assert ping not in inert(f"hello {ping}!")


def test_a_word_that_only_begins_like_a_ping_stays() -> None:
    assert inert("@hereford") == "@hereford"


@settings(deadline=None)
@given(st.text(), st.integers(min_value=10, max_value=60))
def test_a_brief_text_fits_in_its_bytes_and_ends_in_no_half_entity(text: str, limit: int) -> None:
    short = brief(text, limit)
    assert len(short.encode()) <= limit
    assert plain(inert(plain(short))) == plain(short)
    for tail in ("&", "&a", "&am", "&amp", "&l", "&lt"):
        assert not short.endswith(f"{tail}…")


def test_an_excerpt_says_that_something_is_missing() -> None:
    assert excerpt("abcdef", 4) == "abc…"
    assert excerpt("abcd", 4) == "abcd"
