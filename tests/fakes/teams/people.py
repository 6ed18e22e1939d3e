"""What people do in Teams: each deed brings the right activity to the bot."""

import itertools
import json
from dataclasses import dataclass, replace

from tests.fakes.slack.json_values import JsonObject, object_at, text_at
from tests.fakes.teams.activities import BOT_NAME, GROUP, OPS, Frame, execute, feedback, mention_text, personal
from tests.fakes.teams.connector import Connector
from tests.fakes.teams.postman import Postman, Told
from tests.fakes.teams.records import Place, Posted

REFRESHED = "application/vnd.microsoft.card.adaptive"

_IDS = itertools.count(1)


def new_id() -> str:
    """Return a message's id, which Teams makes of the time in milliseconds."""
    return str(1_600_000_000_000 + next(_IDS))


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a person, and how the bot took it."""

    place: Place
    thread: str
    activity: JsonObject
    told: Told

    @property
    def id(self) -> str:
        """Return its id."""
        return text_at(self.activity, "id")


class Person:
    """One person at the keyboard. Every method returns when the bot has answered Teams' request."""

    def __init__(self, connector: Connector, postman: Postman, person: str) -> None:
        self.id = person
        self._connector = connector
        self._postman = postman

    async def say(self, place: Place, text: str, *, thread: str = "", targeted: bool = False) -> Said:
        """Write somewhere. In a channel a message without a thread begins one."""
        activity_id = new_id()
        thread = thread or (activity_id if place.kind == "channel" else "")
        activity = self._frame(place, thread).message(activity_id, text, targeted=targeted)
        return Said(place, thread, activity, await self._postman.send(activity))

    async def mention(self, text: str, place: Place = OPS, *, thread: str = "") -> Said:
        """Write to the bot where others read it."""
        return await self.say(place, f"{mention_text(BOT_NAME)} {text}", thread=thread)

    async def dm(self, text: str) -> Said:
        """Write to the bot alone."""
        return await self.say(personal(self.id), text)

    async def privately(self, text: str, place: Place = GROUP) -> Said:
        """Write to the bot in a chat with others, so that nobody else sees it."""
        return await self.say(place, text, targeted=True)

    async def again(self, said: Said) -> Told:
        """Let Teams deliver a message once more."""
        return await self._postman.send(said.activity)

    async def edit(self, said: Said, text: str) -> Told:
        """Change one's own message."""
        return await self._postman.send(self._frame(said.place, said.thread).changed(said.id, "editMessage", text))

    async def delete(self, said: Said) -> Told:
        """Delete one's own message."""
        return await self._postman.send(self._frame(said.place, said.thread).changed(said.id, "softDeleteMessage"))

    async def react(self, posted: Posted, reaction: str) -> Told:
        """Set a reaction on a message of the bot."""
        return await self._postman.send(self._at(posted).reaction(new_id(), posted.id, added=reaction))

    async def unreact(self, posted: Posted, reaction: str) -> Told:
        """Take a reaction back."""
        return await self._postman.send(self._at(posted).reaction(new_id(), posted.id, removed=reaction))

    async def rate(self, posted: Posted, reaction: str, comment: str = "", *, encoded: object = None) -> Told:
        """Fill in the feedback form; `encoded` replaces how Teams writes the comment. Raises LookupError where there are no thumbs."""
        if not posted.takes_feedback:
            raise LookupError("there are no thumbs under this message")
        text = json.dumps({"feedbackText": comment}) if encoded is None else encoded
        return await self._postman.send(self._at(posted).invoke(new_id(), "message/submitAction", feedback(reaction, text), posted.id))

    async def press(self, posted: Posted, title: str) -> Told:
        """Press a button of a card, which is refreshed when the bot answers with a card. Raises LookupError."""
        action = button(self._connector.find(posted) or posted, title)
        told = await self._postman.send(self._at(posted).invoke(new_id(), "adaptiveCard/action", execute(action), posted.id))
        if told.status == 200 and text_at(told.json, "type") == REFRESHED:
            self._refresh(posted, object_at(told.json, "value"))
        return told

    async def submit(self, posted: Posted, title: str) -> Told:
        """Press a button in a client that knows Action.Submit alone."""
        data = object_at(object_at(button(posted, title), "fallback"), "data")
        activity = self._at(posted).activity("message", new_id(), text="", value=data, replyToId=posted.id)
        return await self._postman.send(activity)

    async def install(self, place: Place, *, action: str = "add") -> Told:
        """Add the app somewhere, or take it away."""
        return await self._postman.send(self._frame(place, "").installed(new_id(), action=action))

    def _refresh(self, posted: Posted, card: JsonObject) -> None:
        current = self._connector.find(posted) or posted
        attachments = [{"contentType": REFRESHED, "content": card}]
        self._connector.put(replace(current, activity=current.activity | {"attachments": attachments}))

    def _at(self, posted: Posted) -> Frame:
        kind = "personal" if posted.conversation.startswith("a:") else "channel" if posted.thread else "groupChat"
        team = OPS.team if kind == "channel" else ""
        return self._frame(Place(posted.conversation, kind, team), posted.thread)

    def _frame(self, place: Place, thread: str) -> Frame:
        return Frame(self._connector.service_url, self.id, place, thread)


def button(posted: Posted, title: str) -> JsonObject:
    """Return the button of a card with this title. Raises LookupError."""
    titles = [text_at(action, "title") for action in posted.actions]
    if title not in titles:
        raise LookupError(f"no button {title!r} among {titles}")
    return posted.actions[titles.index(title)]
