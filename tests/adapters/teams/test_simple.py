"""What Teams's Markdown lacks is said in what it has, without losing a word."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.outbound import render
from adapters.teams.simple import simple
from bot.types import Platform
from tests.adapters.teams.rig import ANSWER
from tests.fakes.questions import make_question

TABLE = """Ports:

| service | port |
|---|:--|
| **SSH** | `22/tcp` |
| syslog | 514/udp |

Done."""

ALIGNED = """Ports:

```
service  port
-------  -------
SSH      22/tcp
syslog   514/udp
```

Done."""


def test_a_table_becomes_aligned_text() -> None:
    assert simple(TABLE) == ALIGNED


def test_a_table_without_edges_or_with_ragged_rows_is_one_too() -> None:
    assert simple("a | b\n--|--\n1\\|2 | 3 | 4") == "```\na    b\n---  -  -\n1|2  3  4\n```"


@pytest.mark.parametrize(
    "text", ["```\n| a | b |\n|---|---|\n```", "use a | b\nor c | d", "---", "a\n---", "| a |\n|---|---|", "show ip route | begin 10"]
)
def test_what_is_no_table_stays_as_it_is(text: str) -> None:
    assert simple(text) == text


@pytest.mark.parametrize(("heading", "bold"), [("# Causes", "**Causes**"), ("### The **first** `step` ##", "**The first step**")])
def test_a_heading_becomes_a_bold_line(heading: str, bold: str) -> None:
    assert simple(f"{heading}\ntext") == f"{bold}\ntext"


@pytest.mark.parametrize("text", ["#1 is down", "# ", "    # in code", "```\n# a comment\n```"])
def test_what_is_no_heading_stays_as_it_is(text: str) -> None:
    assert simple(text) == text


def test_an_answer_is_shown_without_tables() -> None:
    assert ALIGNED in render(make_question(platform=Platform.TEAMS), replace(ANSWER, text=TABLE)).text


@given(st.text(alphabet="ab1 |-:#`\\*\n~", max_size=120))
def test_no_word_is_lost(text: str) -> None:
    words = re.compile(r"[ab1]+")
    assert sorted(words.findall(simple(text))) == sorted(words.findall(text))
