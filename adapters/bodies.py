"""Reads the body of a request from a platform: no more than it may hold, and nothing but sound JSON."""

import asyncio
import json
from typing import NoReturn

from aiohttp import StreamReader, web

MAX_DEPTH = 60
"""Cards, views and rich text nest far less; anything deeper is meant to exhaust a reader."""

READ_S = 10.0
"""A body that takes longer will not get its answer within a platform's few seconds anyway."""


class BadBodyError(ValueError):
    """A body is not of a payload's form."""


async def read_body(request: web.Request, limit: int) -> bytes | None:
    """Return the body, or None when it is longer than `limit` bytes; no more than that is ever held.

    Raises BadBodyError when it is compressed, breaks off or takes too long.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BadBodyError("compressed")
    if (request.content_length or 0) > limit:
        return None
    try:
        async with asyncio.timeout(READ_S):
            return await read_stream(request.content, limit)
    except (TimeoutError, web.RequestPayloadError, ConnectionError) as error:
        raise BadBodyError("broken off") from error


def parse_json(text: str | bytes | None) -> object:
    """Read JSON. Raises BadBodyError."""
    try:
        return json.loads(text or "", parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadBodyError("not JSON") from error


def too_deep(value: object) -> bool:
    """Whether a JSON value nests deeper than allowed. Iterative: the value itself may be meant to exhaust the stack."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


async def read_stream(stream: StreamReader, limit: int) -> bytes | None:
    """Return all that comes, or None when it is more than `limit` bytes."""
    chunks = bytearray()
    async for chunk in stream.iter_chunked(65_536):
        chunks += chunk
        if len(chunks) > limit:
            return None
    return bytes(chunks)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
