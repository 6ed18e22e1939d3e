from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.web.markdown import render

TAGS = frozenset(
    "p strong em s code pre a ul ol li blockquote h4 hr br table thead tbody tr th td".split()  # noqa: SIM905 (reads as the list it is)
)
ATTRIBUTES = frozenset({"href", "title", "target", "rel", "class", "start"})
TRICKS = st.sampled_from(
    (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://e.example/p.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<b>)",
        "[x](/web/setup?user=ana)",
        "[x](//e.example)",
        '[x](https://e.example "t" onclick="alert(1)")',
        "<https://e.example/?a=<b>>",
        "<javascript:alert(1)>",
        "[r]: javascript:alert(1)",
        "[r]",
        "```js onload=alert(1)\nx\n```",
        "|a|b|\n|:-|-:|\n|<svg/onload=x>|`c`|\n",
        "&lt;script&gt;",
        "&#106;avascript:alert(1)",
        "](",
        "\n\n",
        "- ",
        "> ",
        "`",
        "**",
    )
)


class Checker(HTMLParser):
    """Fails on any tag, attribute or address that an answer must not have."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            if name == "href":
                assert (value or "").lower().startswith(("https://", "http://")), value
        if tag == "a":
            assert ("rel", "noopener noreferrer nofollow") in attrs
            assert ("target", "_blank") in attrs

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@settings(max_examples=300)
@given(st.lists(TRICKS | st.text(max_size=12), max_size=8).map("".join))
@example("[x](https://e.example/\" onclick=\"alert(1)) <a href='javascript:x'>y</a>")
def test_no_model_text_gives_anything_but_harmless_tags(text: str) -> None:
    checker = Checker()
    checker.feed(render(text))
    checker.close()


def test_a_link_opens_elsewhere_and_tells_nothing() -> None:
    assert render("[site](https://e.example/a)").strip() == (
        '<p><a href="https://e.example/a" target="_blank" rel="noopener noreferrer nofollow">site</a></p>'
    )


def test_raw_html_is_shown_as_text() -> None:
    assert "&lt;b&gt;" in render("<b>bold</b>")


def test_code_and_tables_are_kept() -> None:
    page = render("| port | use |\n|-|-|\n| 6514 | `syslog` |\n\n```\nshow ip route\n```")
    assert "<td><code>syslog</code></td>" in page
    assert "<pre><code>show ip route" in page


def test_a_columns_alignment_is_a_class() -> None:
    assert '<th class="align-right">ms</th>' in render("| ms |\n|-:|\n| 3 |")


@pytest.mark.parametrize("text", ["# top", "###### low"])
def test_headings_stand_below_the_pages_own(text: str) -> None:
    assert render(text).startswith("<h4>")
