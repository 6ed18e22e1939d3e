"""Signing in with the admin token, and out."""

import re
from dataclasses import dataclass
from unicodedata import category

from aiohttp import web

from bot.dashboard.door import COOKIE, FORM_TOKEN, LOGIN, read_form
from bot.dashboard.frame import PREFIX, Frame
from bot.dashboard.html import Pages
from bot.dashboard.keys import Keys, new_cookie
from bot.dashboard.limiter import Limiter
from bot.dashboard.visit import Visit
from bot.store.sessions import LASTS, Sessions

LOGIN_COOKIE = "switchboard_sign_in"
LOGIN_COOKIE_S = 3600
NAME_CHARS = 40

TITLE = "Sign in"
WRONG_TOKEN = "That is not the admin token."  # noqa: S105 (a sentence)
NO_NAME = "Say who you are: what you look at is recorded under your name."
TOO_MANY = "Too many wrong tokens. Try again in {seconds} seconds."
STALE = "This page was open for too long. Try again."

_OUR_PAGE = re.compile(rf"{PREFIX}(?:/[\w/-]*)?(?:\?[\w=&.-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in form: what was wrong with the last try, where to go on, and what was typed as a name."""

    form_token: str
    onward: str
    name: str = ""
    problem: str = ""


class SigningIn:
    """The sign-in page and what its form does."""

    def __init__(self, keys: Keys, sessions: Sessions, pages: Pages, limiter: Limiter) -> None:
        self._keys = keys
        self._sessions = sessions
        self._pages = pages
        self._limiter = limiter

    async def show(self, request: web.Request) -> web.Response:
        """Show the form."""
        return self._form(request, _onward(request.query.get("next", "")))

    async def sign_in(self, request: web.Request) -> web.Response:
        """Open a session for whoever knows the token."""
        fields = await read_form(request)
        onward, name = _onward(fields.get("next", "")), _plain(fields.get("name", ""))
        problem, status = self._problem(request, fields.get(FORM_TOKEN, ""), fields.get("token", ""), name)
        if problem:
            return self._form(request, onward, name, problem, status=status)
        cookie = new_cookie()
        await self._sessions.open(self._keys.session_id(cookie), name)
        response = web.Response(status=303, headers={"Location": onward})
        _set_cookie(request, response, COOKIE, cookie, int(LASTS.total_seconds()))
        response.del_cookie(LOGIN_COOKIE, path=PREFIX)
        return response

    async def sign_out(self, visit: Visit) -> web.Response:
        """End the session."""
        await self._sessions.close(visit.session.id)
        response = web.Response(status=303, headers={"Location": LOGIN})
        response.del_cookie(COOKIE, path=PREFIX)
        return response

    def _problem(self, request: web.Request, form_token: str, token: str, name: str) -> tuple[str, int]:
        """Return what is wrong with a try, and its status. It awaits nothing, so that no try slips past the limiter."""
        address = request.remote or ""
        if wait := self._limiter.wait_s(address):
            return TOO_MANY.format(seconds=wait), 429
        cookie = request.cookies.get(LOGIN_COOKIE, "")
        if not cookie or not self._keys.is_form_token(cookie, form_token):
            return STALE, 403
        if not self._keys.opens(token.strip()):
            self._limiter.failed(address)
            return WRONG_TOKEN, 401
        if not name:
            return NO_NAME, 400
        self._limiter.succeeded(address)
        return "", 200

    def _form(self, request: web.Request, onward: str, name: str = "", problem: str = "", *, status: int = 200) -> web.Response:
        cookie = request.cookies.get(LOGIN_COOKIE) or new_cookie()
        view = SignIn(self._keys.form_token(cookie), onward, name, problem)
        response = self._pages.page("sign_in.html", view, Frame(TITLE, LOGIN), status=status)
        _set_cookie(request, response, LOGIN_COOKIE, cookie, LOGIN_COOKIE_S)
        return response


def _set_cookie(request: web.Request, response: web.Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie that no script and no other site gets; over TLS, which the proxy tells of, only over TLS."""
    secure = request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
    response.set_cookie(name, value, max_age=seconds, path=PREFIX, httponly=True, samesite="Strict", secure=secure)


def _onward(wanted: str) -> str:
    """Return where to go after signing in: a page of ours, whatever the address says."""
    return wanted if _OUR_PAGE.fullmatch(wanted) else PREFIX


def _plain(name: str) -> str:
    """Return a name without control characters and of bearable length."""
    return "".join(char for char in name if not category(char).startswith("C")).strip()[:NAME_CHARS]
