"""The Teams side of the ingress process: takes the activities that Teams sends, and hands them to the desk."""

import logging
from collections.abc import Callable, Mapping

from aiohttp import web

from adapters.fields import Fields
from adapters.teams.auth import Auth
from adapters.teams.cards import CONTENT_TYPE
from adapters.teams.events import EventHandlers
from adapters.teams.guard import Guard
from adapters.teams.inbound import Place, is_admitted, place_of
from adapters.teams.interactions import is_press
from adapters.teams.keys import Keys
from adapters.teams.known import Known
from adapters.teams.options import PATH, TeamsConfigError, TeamsOptions
from adapters.teams.outbound import TeamsMessage
from adapters.teams.presses import PressHandlers
from adapters.teams.reception import Reception
from adapters.teams.speaker import Speaker
from adapters.teams.spots import Spot
from bot.desk import Desk
from bot.store.errors import StoreUnavailable
from router.types import Clock

NOT_OURS: Mapping[str, object] = {
    "statusCode": 400,
    "type": "application/vnd.microsoft.error",
    "value": {"code": "BadRequest", "message": "I do not know this button."},
}

_log = logging.getLogger(__name__)


class TeamsIngress:
    """Teams's entrance. Raises TeamsConfigError when the app is not named."""

    def __init__(self, options: TeamsOptions, desk: Desk, *, clock: Clock, new_id: Callable[[], str]) -> None:
        if options.verify and not (options.app_id.strip() and options.tenant.strip()):
            raise TeamsConfigError("the Teams app has no id or no tenant: set TEAMS_APP_ID and TEAMS_TENANT_ID")
        self._options = options
        self._known = Known(desk)
        self._keys = Keys(options.cloud.openid_url)
        self._guard = Guard(options, Auth(options, self._keys))
        self._speaker = Speaker(options)
        reception = Reception(options, desk, clock, new_id, self._speaker, self._known)
        self._events, self._presses = EventHandlers(reception), PressHandlers(reception)

    def routes(self, app: web.Application) -> None:
        """Mount the address for activities."""
        app.router.add_post(PATH, self._activity)

    async def start(self) -> None:
        """Begin to fetch the keys. Their server may be down: that raises nothing."""
        if self._options.verify:
            self._keys.refresh()

    async def stop(self) -> None:
        """Finish what is under way, then close every connection."""
        await self._speaker.close()
        await self._keys.stop()

    async def _activity(self, request: web.Request) -> web.Response:
        """Answer one activity: 2xx when all that it asks for is committed, 503 when it has to come again."""
        admitted = await self._guard.admit(request)
        if isinstance(admitted, web.Response):
            return admitted
        if not is_admitted(admitted, self._options):
            return web.Response(status=403)
        place = place_of(admitted, self._options)
        try:
            return await self._taken(admitted, place) if place else web.Response(status=202)
        except StoreUnavailable:
            _log.warning("not taken: the database does not answer")
            return web.Response(status=503)

    async def _taken(self, activity: Fields, place: Place) -> web.Response:
        kind = activity.text("type")
        await self._known.meet(place.address)
        if kind == "invoke":
            return web.json_response(await self._invoked(activity, place))
        if kind == "message" and is_press(activity):
            await self._pressed_before(activity, place)
        elif kind in ("message", "messageUpdate", "messageDelete"):
            await self._events.message(activity, place)
        elif kind == "messageReaction":
            await self._events.reaction(activity, place)
        elif kind == "installationUpdate":
            await self._events.installation(activity, place)
        return web.Response(status=202)

    async def _invoked(self, activity: Fields, place: Place) -> Mapping[str, object]:
        """Answer an invoke, always with an object: Teams takes anything else for a failure."""
        match activity.text("name"):
            case "adaptiveCard/action":
                card = await self._presses.press(activity, place)
                return NOT_OURS if card is None else {"statusCode": 200, "type": CONTENT_TYPE, "value": card.as_json()}
            case "message/submitAction":
                await self._presses.feedback(activity, place)
        return {}

    async def _pressed_before(self, activity: Fields, place: Place) -> None:
        """Do what a client without Universal Actions asks for; what became of it is said, since no card can be refreshed."""
        card = await self._presses.press(activity, place)
        if card is not None:
            self._speaker.say(Spot(place.address, place.thread, to=place.user if place.targeted else ""), TeamsMessage(card=card))
