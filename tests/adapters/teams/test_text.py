"""Teams's text becomes what its author saw, and our own words stay words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.text import Mention, excerpt, inert, spoken

ME, BOB = "28:bot", "29:bob"
OURS = Mention(ME, "Switchboard", "<at>Switchboard</at>")
THEIRS = Mention(BOB, "Bob", "<at>Bob</at>")


@pytest.mark.parametrize(
    ("raw", "mentions", "said"),
    [
        ("<at>Switchboard</at> is core1 up?", [OURS], "is core1 up?"),
        ("<at>Switchboard</at>&nbsp;is core1 up?", [OURS], "is core1 up?"),
        ("is core1 up, <at>Switchboard</at>?", [OURS], "is core1 up,?"),
        ("hey <at>Switchboard</at> is core1 up?", [OURS], "hey is core1 up?"),
        ("<at>Switchboard</at> restart Switchboard on core1", [OURS], "restart Switchboard on core1"),
        ("<at>Switchboard</at> <at>Switchboard</at> is core1 up?", [OURS, OURS], "is core1 up?"),
        ("<at>Switchboard</at> ask <at>Bob</at> about core1", [OURS, THEIRS], "ask @Bob about core1"),
        ("<at>Bob</at> <at>Switchboard</at> and <at>Bob</at>", [THEIRS, OURS, THEIRS], "@Bob and @Bob"),
        ("<at>Switchboard</at> mtu &lt; 1500 &amp; mss", [OURS], "mtu < 1500 & mss"),
        ("<at>Switchboard</at> line one\nline\xa0two", [OURS], "line one\nline two"),
        ('<at id="0">Switchboard</at> is core1 up?', [OURS], "is core1 up?"),
        ("is core1 up?", [OURS], "is core1 up?"),
        ("<at>Somebody</at> is core1 up?", [], "@Somebody is core1 up?"),
        ("<at>Switchboard</at>", [OURS], ""),
        ("", [OURS, Mention("", "", "")], ""),
        ("  indented config\n    stays", [], "indented config\n    stays"),
    ],
)
def test_only_our_own_mention_goes_and_each_once(raw: str, mentions: list[Mention], said: str) -> None:
    assert spoken(raw, mentions, ME) == said


@given(st.text(), st.lists(st.builds(Mention, st.sampled_from([ME, BOB, ""]), st.text(max_size=5), st.text(max_size=8)), max_size=5))
def test_any_text_with_any_mentions_can_be_read(raw: str, mentions: list[Mention]) -> None:
    assert isinstance(spoken(raw, mentions, ME), str)


@given(st.text())
def test_our_own_words_never_format_link_or_mention(text: str) -> None:
    shown = inert(text)
    assert "<" not in shown
    assert all(shown[at - 1] == "\\" for at, sign in enumerate(shown) if sign in "`*_~#[]|")


@pytest.mark.parametrize("text", ["https://evil.example/a", "HTTP://evil.example", "www.evil.example", "mailto://a@b.example"])
def test_our_own_words_hold_no_live_address(text: str) -> None:
    assert not re.search(r"://|www\.", inert(text), re.IGNORECASE)


def test_an_excerpt_is_one_line_and_says_that_it_was_cut() -> None:
    assert excerpt("one\n two   three", 100) == "one two three"
    assert excerpt("one two three", 8) == "one two…"
