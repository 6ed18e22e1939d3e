"""Cuts long Markdown into messages at paragraphs and lines, so that no fenced block is left open (pure)."""

import re

from adapters.safe_markdown import fence_end

_ROOM = 150
"""Characters kept free in every piece for closing a fence and opening it again."""

_LONGEST_FENCE = 40
_ENTITY_AT_END = re.compile(r"&[#\w]{0,8}$")


def split(markdown: str, limit: int) -> tuple[str, ...]:
    """Cut text into pieces of at most `limit` characters each (more than 300): paragraphs first, then lines, then words."""
    if len(markdown) <= limit:
        return (markdown,)
    pieces: list[str] = []
    piece = ""
    for block in _blocks(markdown):
        for part in _fitting(block, limit - _ROOM):
            if piece and len(piece) + len(part) > limit - _ROOM:
                pieces.append(piece)
                piece = ""
            piece += part
    return tuple(text for text in (piece.strip("\n") for piece in [*pieces, piece]) if text.strip())


def _blocks(markdown: str) -> list[str]:
    """Cut at empty lines outside fenced blocks; the pieces put together are the text."""
    lines = markdown.splitlines(keepends=True)
    blocks: list[str] = []
    start = at = 0
    while at < len(lines):
        end = fence_end(lines, at)
        if end is not None:
            blocks += ["".join(lines[start:at]), "".join(lines[at:end])]
            start = at = end
            continue
        at += 1
        if not lines[at - 1].strip():
            blocks.append("".join(lines[start:at]))
            start = at
    return [block for block in [*blocks, "".join(lines[start:])] if block]


def _fitting(block: str, limit: int) -> list[str]:
    """Cut one block that is too long: a fenced one keeps its fence around every part."""
    if len(block) <= limit:
        return [block]
    lines = block.splitlines(keepends=True)
    opening = lines[0].rstrip("\r\n")
    fenced = fence_end(lines, 0) is not None and len(opening) <= _LONGEST_FENCE
    if not fenced:
        return _by_line(lines, limit)
    stripped = opening.lstrip()
    mark = stripped[: len(stripped) - len(stripped.lstrip(stripped[0]))]
    closed = len(lines) > 1 and set(lines[-1].strip()) == {mark[0]} and len(lines[-1].strip()) >= len(mark)
    inner = lines[1:-1] if closed else lines[1:]
    indent = opening[: len(opening) - len(stripped)]
    return [f"{opening}\n{part.rstrip(chr(10))}\n{indent}{mark}\n" for part in _by_line(inner, limit)]


def _by_line(lines: list[str], limit: int) -> list[str]:
    parts: list[str] = []
    part = ""
    for piece in (piece for line in lines for piece in _by_word(line, limit)):
        if part and len(part) + len(piece) > limit:
            parts.append(part)
            part = ""
        part += piece
    return [*parts, part] if part else parts


def _by_word(line: str, limit: int) -> list[str]:
    """Cut one line that is too long at its last space, and never inside an entity."""
    parts: list[str] = []
    while len(line) > limit:
        space = line.rfind(" ", limit // 2, limit)
        cut = space + 1 if space > 0 else limit
        entity = _ENTITY_AT_END.search(line[:cut])
        cut = entity.start() if entity and entity.start() > 0 else cut
        parts.append(line[:cut])
        line = line[cut:]
    return [*parts, line]
