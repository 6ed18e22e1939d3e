"""A model's text pings nobody, loads no picture and hides no address, whatever it is."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.safe_markdown import BREAK, safe, segments

READER = MarkdownIt("commonmark")
"""Another's reading of Markdown: what it makes of the safe text must be harmless too."""

PIECES = st.sampled_from(
    [
        *(
            "[a](http://evil.example)",
            "![a](http://evil.example/p.png)",
            "[a][r]",
            "[r]: http://evil.example",
            "[r]:",
            "<http://evil.example>",
        ),
        *(
            "<http://evil.example|good>",
            "<!channel>",
            "<@U1>",
            "<#C1>",
            "<!subteam^S1>",
            "@here",
            "@everyone",
            "[",
            "]",
            "(",
            ")",
            "!",
            "\\",
        ),
        *(
            "`",
            "``",
            "```",
            "~~~",
            "```sh",
            "    ",
            "  ",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            "> ",
            "text",
            " ",
            "http://evil.example",
            "&lt;",
            "&",
            "<",
        ),
        *(
            "//evil.example",
            "www.evil.example",
            "javascript:x",
            "mailto:a@evil.example",
            '"t"',
            "#",
            "|",
            "<b>",
            "<a href='http://evil.example'>",
        ),
    ],
)
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text()

TOKEN = re.compile(r"<(?:[!@#]|https?://|mailto:)")


def hosts_of_links(markdown: str) -> list[tuple[str, str]]:
    """Return (label, address) of every link and picture that a reader makes out, where the address leaves the page."""
    found: list[tuple[str, str]] = []
    for block in READER.parse(markdown):
        inline = block.children or []
        for at, token in enumerate(inline):
            if token.type == "link_open":
                label = inline[at + 1].content if at + 1 < len(inline) else ""
                found.append((label, str(token.attrGet("href"))))
            if token.type == "image":
                found.append(("image", str(token.attrGet("src"))))
    return [(label, address) for label, address in found if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|www\.", address)]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("foo\n    ```\n    [a](http://evil.example)\n")
@example("`a` [a](http://evil.example) \\`[a](http://evil.example)`")
@example("```\n[a](http://evil.example)")
@example("[r]:\nhttp://evil.example\n\n[r]")
def test_no_reader_finds_a_link_with_a_hidden_address(text: str) -> None:
    assert hosts_of_links(safe(text)) == []


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_no_slack_token_is_left(text: str) -> None:
    assert not TOKEN.search(safe(text))
    assert not re.search(r"@(?:here|channel|everyone)\b", safe(text), re.IGNORECASE)


@settings(deadline=None)
@given(TEXTS)
def test_cutting_into_code_and_prose_loses_nothing(text: str) -> None:
    assert "".join(part for part, _ in segments(text)) == text


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[runbook](https://wiki.example.com/rb/17)", "runbook (https://wiki.example.com/rb/17)"),
        ("[https://good.example](https://evil.example/x)", "https://good.example (https://evil.example/x)"),
        ("[wiki.example.com/rb](https://wiki.example.com/rb)", "https://wiki.example.com/rb"),
        ('[a](https://e.example "title")', "a (https://e.example)"),
        ("![graph](https://e.example/g.png?q=secret)", "graph (https://e.example/g.png?q=secret)"),
        ("[a](https://bank.example@evil.example/x)", "a (https://evil.example/x)"),
        ("<https://e.example|click>", "click (https://e.example)"),
        ("<https://e.example>", "https://e.example"),
        ("show interface <name>", "show interface &lt;name>"),
        ("show interface \\<name\\>", "show interface &lt;name\\>"),
        ("> quoted", "> quoted"),
        ("a &amp; b", "a &amp;amp; b"),
        ("AT&T", "AT&T"),
        ("10 < 20", "10 &lt; 20"),
    ],
)
def test_prose_shows_what_stands_there(markdown: str, shown: str) -> None:
    assert safe(markdown) == shown


@pytest.mark.parametrize(
    "code",
    [
        "`show interface <name>`",
        "```\nshow bgp neighbor <peer> | match [0-9](.*)\n```",
        "1. Run\n   ```junos\n   show interfaces <ifd> & more\n   ```\n",
        "~~~\na[0](b) <c>\n~~~",
        "``a ` <b>``",
    ],
)
def test_a_command_can_be_copied_as_it_stands(code: str) -> None:
    assert safe(code) == code


def test_a_mention_in_code_is_broken_too() -> None:
    assert safe("`<!channel> @here`") == f"`<{BREAK}!channel> @{BREAK}here`"


def test_a_reference_leads_nowhere() -> None:
    assert hosts_of_links(safe("[a][r]\n\n[r]: http://evil.example")) == []


def test_plain_markdown_stays_as_it_is() -> None:
    text = "# Title\n\n- **bold** and _it_\n- `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nSee https://wiki.example.com/rb/17."
    assert safe(text) == text
