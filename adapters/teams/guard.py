"""Lets only activities through that have an activity's form and that Teams signed."""

from aiohttp import web

from adapters.bodies import BadBodyError, parse_json, read_body, too_deep
from adapters.fields import Fields
from adapters.teams.auth import Auth
from adapters.teams.options import LOOPBACK, TeamsOptions

MAX_BYTES = 262_144
"""A message has about 100 KB at most (learn.microsoft.com, Format your bot messages), and what surrounds it is small."""


class Guard:
    """Checks size, form and signature, in this order, and answers what fails with 413, 400 or 401.

    Where no signature is asked for, the caller must at least address this machine as itself, in JSON: a web page that
    somebody here looks at can do neither without the browser's asking us first.
    """

    def __init__(self, options: TeamsOptions, auth: Auth) -> None:
        self._options = options
        self._auth = auth

    async def admit(self, request: web.Request) -> Fields | web.Response:
        """Return the activity, or the response that turns it away. Says nothing of why: the caller is unknown."""
        if request.content_type != "application/json":
            return web.Response(status=400)
        if not self._options.verify and request.url.host not in LOOPBACK:
            return web.Response(status=401)
        try:
            raw = await read_body(request, MAX_BYTES)
            if raw is None:
                return web.Response(status=413)
            activity = parse(raw)
        except BadBodyError:
            return web.Response(status=400)
        if not await self._auth.accepts(request.headers.get("Authorization", ""), activity):
            return web.Response(status=401)
        return activity


def parse(raw: bytes) -> Fields:
    """Read an activity: a JSON object that names its type. Raises BadBodyError."""
    try:
        value = parse_json(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadBodyError("not UTF-8") from error
    activity = Fields(value)
    if not isinstance(value, dict) or too_deep(value) or not activity.text("type"):
        raise BadBodyError("not an activity")
    return activity
