"""How the simulated models break over HTTP: error replies, silence, dropped and half-sent answers."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from router.simulated.faults import ErrorReply, Fault

HANG_S = 3600.0
GARBAGE = "upstream said: <<not json"


def respond(reply: ErrorReply) -> web.Response:
    """Send an error."""
    headers = {"Retry-After": reply.retry_after} if reply.retry_after else {}
    return web.Response(status=reply.status, text=reply.body, content_type=reply.content_type, headers=headers)


def drop(http: web.Request) -> None:
    """Break the connection off."""
    if http.transport is not None:
        http.transport.abort()


async def _hang(_http: web.Request) -> web.StreamResponse:
    await asyncio.sleep(HANG_S)
    return web.Response(status=504)


async def _reset(http: web.Request) -> web.StreamResponse:
    drop(http)
    return web.Response()


async def _garbage(_http: web.Request) -> web.StreamResponse:
    return web.Response(text=GARBAGE, content_type="application/json")


async def cut(http: web.Request, body: bytes) -> web.StreamResponse:
    """Promise the whole body, send half of it and close."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(http)
    await response.write(body[: len(body) // 2])
    if http.transport is not None:
        http.transport.close()
    return response


async def stall(http: web.Request, body: bytes) -> web.StreamResponse:
    """Send half of the body and nothing more."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(http)
    await response.write(body[: len(body) // 2])
    await asyncio.sleep(HANG_S)
    return response


BROKEN: dict[Fault, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    Fault.HANG: _hang,
    Fault.RESET: _reset,
    Fault.GARBAGE: _garbage,
}
"""The faults that never come to an answer."""
