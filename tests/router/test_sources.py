"""What providers name as sources becomes web addresses that are safe to show, each once, under a plain title."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.sources import ADDRESS, MOST, TITLE, named
from router.types import Source

JSON = st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
URLS = st.text(st.sampled_from("htps:/@.evil[]|<>\\% \n\ud800é?&#"), max_size=30).map("https://{}".format) | st.text()
CITED = st.fixed_dictionaries({"url": URLS | JSON, "title": st.text() | JSON})


def cited(url: str, title: str = "") -> dict[str, object]:
    return {"type": "url_citation", "url_citation": {"url": url, "title": title, "start_index": 0, "end_index": 1}}


def test_an_annotation_is_a_source() -> None:
    assert named([], [cited("https://a.example/x", "A")]) == (Source("A", "https://a.example/x"),)


def test_numbered_addresses_keep_their_order_and_take_their_titles_from_wherever_they_are() -> None:
    numbered = ["https://b.example/", "https://a.example/", {"url": "https://a.example/", "title": "A"}]
    found = named(numbered, [cited("https://a.example/", "Other"), cited("https://b.example/", "B")])
    assert found == (Source("B", "https://b.example/"), Source("A", "https://a.example/"))


def test_without_a_title_the_host_is_one() -> None:
    assert named(["https://a.example:8443/x"], []) == (Source("a.example:8443", "https://a.example:8443/x"),)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.example/",
        "//a.example/",
        "https:///x",
        "https://bank.example@evil.example/",
        "https://[::1",
        "https://exämple.example/",
        "https://a.example/" + "x" * ADDRESS,
        "",
    ],
)
def test_what_is_no_plain_web_address_is_left_out(url: str) -> None:
    assert named([url], [cited(url)]) == ()


def test_what_would_end_a_link_is_written_as_its_code() -> None:
    assert named(["https://a.example/a b|<c>"], [])[0].url == "https://a.example/a%20b%7C%3Cc%3E"


def test_a_title_is_one_short_line_without_control_characters() -> None:
    (source,) = named([], [cited("https://a.example/", "A\x1b[31m\n\u202eB" + "x" * 200)])
    assert source.title.startswith("A [31m Bx")
    assert len(source.title) == TITLE


def test_ten_are_kept() -> None:
    assert len(named([f"https://a.example/{number}" for number in range(50)], [])) == MOST


@given(st.lists(JSON | URLS | CITED), st.lists(JSON | st.fixed_dictionaries({"url_citation": CITED | JSON})))
def test_whatever_comes_only_plain_addresses_under_plain_titles_are_named(numbered: list[object], annotations: list[object]) -> None:
    for source in named(numbered, annotations):
        assert source.url.isascii()
        assert not set(source.url) & set('<>|" \\\n')
        assert urlsplit(source.url).scheme in {"http", "https"}
        assert "@" not in source.host
        assert source.title.isprintable()
        assert 0 < len(source.title) <= TITLE
