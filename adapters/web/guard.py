"""The page's door: who may knock, how much they may bring, and how refusals and store failures are answered."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from pydantic import BaseModel

from adapters.web.payloads import Refused
from bot.loopback import is_loopback, names_loopback
from bot.store.errors import StoreUnavailable

Handler = Callable[[web.Request], Awaitable[web.Response]]

MAX_BODY = 64 * 1024

LOOPBACK_ONLY = "the chat page is open to this machine alone"
FOREIGN_ORIGIN = "this request came from another page"
JSON_ONLY = "send JSON"
TOO_LARGE = "that is too much at once"
STORE_DOWN = "The store cannot be reached right now. Nothing was lost: try again in a moment."

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        # No inline script or style; the one picture that a digest brings comes within its message.
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

_SAFE = ("GET", "HEAD")


def guarded(handler: Handler) -> Handler:
    """Wrap a handler: it sees requests of this machine's own page alone, and what it raises becomes a JSON answer."""

    async def checked(request: web.Request) -> web.Response:
        try:
            _admit(request)
            response = await handler(request)
        except Refused as refused:
            response = problem(refused.status, refused.text)
        except StoreUnavailable:
            response = problem(503, STORE_DOWN)
        response.headers.update(HEADERS)
        return response

    return checked


def problem(status: int, text: str) -> web.Response:
    """Return an answer that says what is wrong."""
    return web.json_response({"error": text}, status=status)


def answer(body: BaseModel, status: int = 200) -> web.Response:
    """Return a model as a JSON answer."""
    return web.Response(text=body.model_dump_json(), content_type="application/json", status=status)


async def read_json(request: web.Request) -> bytes:
    """Return the body of a write, still as bytes. Raises Refused for another type (415) or size (413)."""
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        raise Refused(415, JSON_ONLY)
    if (request.content_length or 0) > MAX_BODY:
        raise Refused(413, TOO_LARGE)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, TOO_LARGE)
    return bytes(body)


def _admit(request: web.Request) -> None:
    """Let this machine's own page in.

    A foreign name in Host means DNS rebinding, a foreign Origin a foreign page; browsers send Origin with every write.
    """
    if not is_loopback(request.remote or "") or not names_loopback(request.host):
        raise Refused(403, LOOPBACK_ONLY)
    origin = request.headers.get("Origin")
    if origin is None and request.method in _SAFE:
        return
    if origin not in (f"http://{request.host}", f"https://{request.host}"):
        raise Refused(403, FOREIGN_ORIGIN)
