"""Says in the Markdown that Teams knows what a model says in more of it: tables become aligned text, headings bold lines (pure).

Teams's text messages have neither (learn.microsoft.com, Format your bot messages: "Text-only messages don't support table
formatting").
"""

import re
from itertools import zip_longest

from adapters.safe_markdown import fence_end

GAP = "  "

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<text>.*?)[ \t]*#*")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_EDGE = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"\*\*|`+")


def simple(markdown: str) -> str:
    """Return the text without tables and headings, with every word of it. Code stays as it is."""
    lines = markdown.split("\n")
    said: list[str] = []
    at = 0
    while at < len(lines):
        end = fence_end(lines, at)
        if end is not None:
            said += lines[at:end]
        elif (end := _table_end(lines, at)) is not None:
            said += _aligned([_cells(line) for number, line in enumerate(lines[at:end]) if number != 1])
        else:
            end = at + 1
            said.append(_plain_heading(lines[at]))
        at = end
    return "\n".join(said)


def _table_end(lines: list[str], at: int) -> int | None:
    """Return the line after the table that begins at `at`, or None when none begins there."""
    if at + 1 >= len(lines) or "|" not in lines[at] or "|" not in lines[at + 1] or not _RULE.fullmatch(lines[at + 1]):
        return None
    if len(_cells(lines[at])) != len(_cells(lines[at + 1])):
        return None
    return next((number for number in range(at + 2, len(lines)) if "|" not in lines[number]), len(lines))


def _cells(line: str) -> list[str]:
    parts = [part.strip() for part in _EDGE.split(line.strip())]
    parts = parts[1:] if parts and not parts[0] else parts
    parts = parts[:-1] if parts and not parts[-1] else parts
    return [_MARKS.sub("", part).replace("\\|", "|") for part in parts]


def _aligned(rows: list[list[str]]) -> list[str]:
    """Return a table as a block of code, in columns."""
    widths = [max(len(cell) for cell in column) for column in zip_longest(*rows, fillvalue="")]
    head, *body = (GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows)
    return ["```", head, GAP.join("-" * width for width in widths), *body, "```"]


def _plain_heading(line: str) -> str:
    heading = _HEADING.fullmatch(line)
    text = _MARKS.sub("", heading["text"]) if heading else ""
    return f"**{text}**" if text else line
