"""The dashboard's door: nobody gets in without a session, no form without its token, and no answer out without its headers."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from aiohttp import web

from bot.dashboard.frame import PREFIX, Frame
from bot.dashboard.html import Pages
from bot.dashboard.keys import Keys
from bot.dashboard.visit import PageHandler, Refused, Visit
from bot.loopback import names_loopback
from bot.store.errors import StoreUnavailable
from bot.store.sessions import Session, Sessions

Handler = Callable[[web.Request], Awaitable[web.Response]]

COOKIE = "switchboard_admin"
LOGIN = f"{PREFIX}/login"
FORM_TOKEN = "form_token"  # noqa: S105 (a field's name)
FORM_TYPE = "application/x-www-form-urlencoded"

REFUSED_TITLE = "Not done"
WRONG_HOST = "This dashboard is open to this machine alone, by its own name."
SIGNED_OUT = "You are not signed in any more, so nothing was changed."
STALE_FORM = "This form is too old or comes from another page, so nothing was changed. Go back, reload the page and try again."
FORMS_ONLY = "Only forms of these pages are taken."
TOO_LARGE = "That is too much at once."
UNREADABLE = "That form cannot be read."
STORE_DOWN = "The database cannot be reached right now. Nothing was changed: try again in a moment."

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"  # no inline script or style
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PRIVATE = {"Cache-Control": "no-store"}


class Door:
    """Wraps handlers. `here_only`: the listener is on loopback, so any other name in Host means DNS rebinding."""

    def __init__(self, keys: Keys, sessions: Sessions, pages: Pages, *, here_only: bool) -> None:
        self._keys = keys
        self._sessions = sessions
        self._pages = pages
        self._here_only = here_only

    def page(self, handler: PageHandler) -> Handler:
        """Wrap what only a signed-in person may see or do."""

        async def admitted(request: web.Request) -> web.Response:
            visit = await self._visit(request)
            if visit is not None:
                return await handler(visit)
            if request.method not in ("GET", "HEAD"):
                raise Refused(401, SIGNED_OUT)
            return web.Response(status=303, headers={"Location": f"{LOGIN}?next={quote(request.path_qs)}"})

        return self.public(admitted)

    def public(self, handler: Handler) -> Handler:
        """Wrap what is shown to anybody who reaches the listener: the sign-in and the stylesheet."""

        async def guarded(request: web.Request) -> web.Response:
            try:
                self._check_host(request)
                response = await handler(request)
            except Refused as refused:
                response = self._say(refused.text, refused.status)
            except web.HTTPRequestEntityTooLarge:
                response = self._say(TOO_LARGE, 413)
            except StoreUnavailable:
                response = self._say(STORE_DOWN, 503)
            for name, value in (HEADERS | PRIVATE).items():
                response.headers.setdefault(name, value)
            return response

        return guarded

    async def session(self, request: web.Request) -> Session | None:
        """Return the session that a request's cookie leads to."""
        cookie = request.cookies.get(COOKIE, "")
        return await self._sessions.find(self._keys.session_id(cookie)) if cookie else None

    def _check_host(self, request: web.Request) -> None:
        if self._here_only and not names_loopback(request.host):
            raise Refused(403, WRONG_HOST)

    async def _visit(self, request: web.Request) -> Visit | None:
        session = await self.session(request)
        if session is None:
            return None
        cookie = request.cookies[COOKIE]
        fields = await read_form(request) if request.method == "POST" else {}
        if request.method == "POST" and not self._keys.is_form_token(cookie, fields.get(FORM_TOKEN, "")):
            raise Refused(403, STALE_FORM)
        return Visit(session, self._keys.form_token(cookie), request.path, dict(request.query), fields, dict(request.match_info))

    def _say(self, text: str, status: int) -> web.Response:
        return self._pages.page("said.html", text, Frame(REFUSED_TITLE, ""), status=status)


async def read_form(request: web.Request) -> Mapping[str, str]:
    """Return a form's fields. Raises Refused for anything but a plain form, and for what a browser on another site sends."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, STALE_FORM)
    if request.content_type != FORM_TYPE:
        raise Refused(415, FORMS_ONLY)
    try:
        form = await request.post()
    except (ValueError, LookupError) as error:  # an encoding that is not there, or bytes that are not of it
        raise Refused(400, UNREADABLE) from error
    return {name: value for name, value in form.items() if isinstance(value, str)}
