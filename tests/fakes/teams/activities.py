"""The activities that Teams sends to a bot, as JSON: written by the shapes of those that it and the Agents Playground send."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

from tests.fakes.slack.json_values import JsonObject, object_at
from tests.fakes.teams.records import Place, Posted

APP_ID = "11111111-2222-3333-4444-555555555555"
BOT = f"28:{APP_ID}"
BOT_NAME = "Switchboard"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ADA = "29:1ada"
BOB = "29:1bob"
PEOPLE = {ADA: "Ada Lovelace", BOB: "Bob Kahn"}
TEAM = "19:team@thread.tacv2"
OPS = Place("19:ops@thread.tacv2", "channel", TEAM)
GROUP = Place("19:group@thread.v2", "groupChat")


def personal(person: str) -> Place:
    """Return the chat of a person with the bot."""
    return Place(f"a:1{person.removeprefix('29:')}", "personal")


@dataclass(frozen=True, slots=True)
class Frame:
    """What all activities have in common: where Teams is, and who acts where. `thread` is a root's id in a channel."""

    service_url: str
    person: str
    place: Place
    thread: str = ""
    tenant: str = TENANT

    def activity(self, kind: str, activity_id: str, **more: object) -> JsonObject:
        """Return an activity of this person in this place."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        frame: JsonObject = {
            "type": kind,
            "id": activity_id,
            "timestamp": now,
            "localTimestamp": now,
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": self.person, "name": PEOPLE.get(self.person, ""), "aadObjectId": str(uuid5(NAMESPACE_OID, self.person))},
            "conversation": self._conversation(),
            "recipient": {"id": BOT, "name": BOT_NAME},
            "entities": [{"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Web", "timezone": "Europe/Berlin"}],
            "channelData": self._channel_data(),
            "locale": "en-US",
            "localTimezone": "Europe/Berlin",
        }
        return frame | more

    def _conversation(self) -> JsonObject:
        where = f"{self.place.conversation};messageid={self.thread}" if self.thread else self.place.conversation
        told: JsonObject = {"id": where, "conversationType": self.place.kind, "tenantId": self.tenant}
        return told if self.place.kind == "personal" else told | {"isGroup": True}

    def _channel_data(self) -> JsonObject:
        told: JsonObject = {"tenant": {"id": self.tenant}}
        if not self.place.team:
            return told
        channel, team = self.place.conversation, self.place.team
        return told | {"teamsChannelId": channel, "teamsTeamId": team, "channel": {"id": channel}, "team": {"id": team}}

    def message(self, activity_id: str, text: str, *, targeted: bool = False, **more: object) -> JsonObject:
        """Return a message; a mention of the bot in its text is told as Teams does."""
        activity = self.activity("message", activity_id, text=text, textFormat="plain", **more)
        if mention_text(BOT_NAME) in text:
            activity["entities"] = [*mentions(BOT, BOT_NAME), *_listed(activity["entities"])]
        if targeted:
            activity["recipient"] = object_at(activity, "recipient") | {"isTargeted": True}
        return activity

    def changed(self, activity_id: str, event: str, text: str = "") -> JsonObject:
        """Return that a message was edited (editMessage, undeleteMessage) or deleted (softDeleteMessage)."""
        activity = self.message(activity_id, text)
        activity["type"] = "messageDelete" if event == "softDeleteMessage" else "messageUpdate"
        activity["channelData"] = object_at(activity, "channelData") | {"eventType": event}
        return activity

    def reaction(self, activity_id: str, on: str, *, added: str = "", removed: str = "") -> JsonObject:
        """Return that somebody set or took back a reaction on a message of the bot."""
        told = {"reactionsAdded": [{"type": added}]} if added else {"reactionsRemoved": [{"type": removed}]}
        return self.activity("messageReaction", activity_id, replyToId=on, **told)

    def invoke(self, activity_id: str, name: str, value: JsonObject, on: str) -> JsonObject:
        """Return an invoke, whose answer goes back in the same response."""
        return self.activity("invoke", activity_id, name=name, value=value, replyToId=on)

    def installed(self, activity_id: str, *, action: str = "add") -> JsonObject:
        """Return that the app was added (`add`) or taken away (`remove`)."""
        return self.activity("installationUpdate", activity_id, action=action)

    def by(self, person: str) -> "Frame":
        """Return the same frame with another person."""
        return replace(self, person=person)


def mention_text(name: str) -> str:
    """Return a mention as it stands in a message's text."""
    return f"<at>{name}</at>"


def mentions(who: str, name: str) -> list[JsonObject]:
    """Return the entities of a mention."""
    return [{"type": "mention", "mentioned": {"id": who, "name": name}, "text": mention_text(name)}]


def execute(action: JsonObject) -> JsonObject:
    """Return the value of the invoke that pressing an Action.Execute sends."""
    told = {key: action[key] for key in ("type", "id", "verb", "data", "title") if key in action}
    return {"action": told, "trigger": "manual"}


def feedback(reaction: str, text: object) -> JsonObject:
    """Return the value of the feedback form's invoke; Teams sends `text` as JSON text, others as a string or an object."""
    return {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": text}}


def root_of(posted: Posted) -> str:
    """Return the id of the root of the thread that a message of the bot stands in."""
    return posted.thread or posted.id


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
