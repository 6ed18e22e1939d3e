"""Long Markdown is cut where a reader would cut it, and no code block is left open."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.safe_markdown import safe
from adapters.split import split

LIMIT = 400

LINES = st.sampled_from(
    ["", "text", "a longer line of text " * 4, "x" * 500, "&lt;" * 120, "```", "```sh", "~~~", "  ```", "- item", "> quote"]
)
TEXTS = st.lists(LINES, max_size=30).map("\n".join) | st.text(max_size=2000)


def visible(text: str) -> str:
    """Return what carries meaning: everything but white space and fence lines, which the cutting may add."""
    kept = [line for line in text.splitlines() if not re.fullmatch(r"\s*(`{3,}|~{3,})[^`\n]*", line)]
    return re.sub(r"\s+", "", "".join(kept))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_piece_fits(text: str) -> None:
    assert all(len(piece) <= LIMIT for piece in split(text, LIMIT))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    assert visible("\n".join(split(text, LIMIT))) == visible(text)


@settings(deadline=None)
@given(TEXTS)
def test_no_entity_is_cut_in_two(text: str) -> None:
    for piece in split(safe(text), LIMIT)[:-1]:
        assert not re.search(r"&(?:l|lt|a|am|amp)?$", piece) or not piece.endswith(("&l", "&lt", "&am", "&amp"))


def test_a_short_text_stays_whole() -> None:
    assert split("hello\n\nworld", LIMIT) == ("hello\n\nworld",)


def test_paragraphs_are_kept_together() -> None:
    one, two = "one " * 50, "two " * 50
    assert split(f"{one}\n\n{two}", LIMIT) == (one, two)


def test_a_long_code_block_is_closed_and_opened_again() -> None:
    code = "\n".join(f"line {number}" for number in range(100))
    pieces = split(f"Before\n\n```sh\n{code}\n```\n\nAfter", LIMIT)
    assert len(pieces) > 2
    for piece in pieces:
        assert len(re.findall("(?m)^```", piece)) % 2 == 0
    fenced = [piece for piece in pieces if "line" in piece]
    assert all("```sh\n" in piece for piece in fenced)


def test_an_indented_code_block_keeps_its_indentation() -> None:
    code = "\n".join(f"   line {number}" for number in range(100))
    pieces = split(f"1. Run\n   ```sh\n{code}\n   ```", LIMIT)
    assert all("   ```sh\n" in piece and piece.endswith("   ```") for piece in pieces if "line 5" in piece)


def test_a_line_is_cut_between_words() -> None:
    pieces = split("word " * 200, LIMIT)
    assert all(set(piece.split()) == {"word"} for piece in pieces)
