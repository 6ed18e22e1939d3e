"""What people do in Slack: each deed changes the workspace and brings the right events to the app."""

from dataclasses import dataclass, replace

from tests.fakes.slack import events, interactions
from tests.fakes.slack.chat import take_away
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.json_values import JsonObject, object_at, objects_at, text_at
from tests.fakes.slack.postman import Postman
from tests.fakes.slack.records import Message, Reaction, View
from tests.fakes.slack.response_urls import said_in_ack
from tests.fakes.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Said:
    """A message and the deliveries of its events, which are over: for a mention `app_mention` first, then `message`."""

    message: Message
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was sent in, and what the app found wrong with it, by block_id."""

    delivery: Delivery
    errors: JsonObject


class Person:
    """One person at the keyboard. Every method returns when Slack's deliveries, with their retries, are over."""

    def __init__(self, workspace: Workspace, postman: Postman, user: str) -> None:
        self.id = user
        self._workspace = workspace
        self._postman = postman

    async def say(self, channel: str, text: str, *, thread_ts: str = "") -> Said:
        """Write in a channel. Raises LookupError when the person is not in it."""
        if self.id not in self._workspace.channels[channel].members:
            raise LookupError(f"{self.id} is not in {channel}")
        message = Message(channel, self._workspace.next_ts(), self.id, text, thread_ts=thread_ts)
        return await self._said(message)

    async def _said(self, message: Message) -> Said:
        self._workspace.put(message)
        return Said(message, await self._postman.emit(events.posted(self._workspace, message)))

    async def mention(self, channel: str, text: str, *, thread_ts: str = "") -> Said:
        """Write to the bot in a channel, which the app hears twice: as `app_mention` and as `message`."""
        return await self.say(channel, f"<@{self._workspace.bot_user}> {text}", thread_ts=thread_ts)

    async def dm(self, text: str, *, thread_ts: str = "") -> Said:
        """Write to the bot alone."""
        return await self.say(self._workspace.im_with_bot(self.id).id, text, thread_ts=thread_ts)

    async def thread_reply(self, message: Message, text: str) -> Said:
        """Reply in the thread of a message, without a mention."""
        return await self.say(message.channel, text, thread_ts=message.root)

    async def edit(self, message: Message, text: str) -> Said:
        """Change one's own message."""
        before = self._mine(message)
        after = self._workspace.put(replace(before, text=text, edited_ts=self._workspace.next_ts()))
        return Said(after, await self._postman.emit(events.edited(self._workspace, after, before)))

    async def unfurl(self, message: Message) -> tuple[Delivery, ...]:
        """Let Slack attach a link's preview, which arrives as a change of the message whose text is the same."""
        before = self._mine(message)
        return await self._postman.emit(events.edited(self._workspace, before, before))

    async def delete(self, message: Message) -> tuple[Delivery, ...]:
        """Delete one's own message; at the root of a thread with replies a tombstone stays."""
        return await self._postman.emit(take_away(self._workspace, self._mine(message)))

    def _mine(self, message: Message) -> Message:
        current = self._workspace.find(message.channel, message.ts)
        if current is None or current.user != self.id:
            raise LookupError(f"{self.id} has no message {message.ts} in {message.channel}")
        return current

    async def react(self, message: Message, name: str) -> tuple[Delivery, ...]:
        """Set a reaction, such as `-1::skin-tone-3`. Nobody can react to an ephemeral message."""
        current, reaction = self._workspace.find(message.channel, message.ts), Reaction(name, self.id)
        if current is None:
            raise LookupError(f"no message {message.ts} to react to")
        self._workspace.put(replace(current, reactions=(*current.reactions, reaction)))
        return await self._postman.emit(events.reacted(self._workspace, current, reaction, added=True))

    async def unreact(self, message: Message, name: str) -> tuple[Delivery, ...]:
        """Take one's reaction back."""
        current, reaction = self._workspace.find(message.channel, message.ts), Reaction(name, self.id)
        if current is None or reaction not in current.reactions:
            raise LookupError(f"{self.id} has no reaction {name} on {message.ts}")
        self._workspace.put(replace(current, reactions=tuple(one for one in current.reactions if one != reaction)))
        return await self._postman.emit(events.reacted(self._workspace, current, reaction, added=False))

    async def slash(self, channel: str, command: str, text: str) -> Delivery:
        """Use a slash command; what the app puts into its answer is shown to this person (or to all, if it says so)."""
        outgoing = interactions.slash_command(self._workspace, self.id, channel, command, text)
        delivery = await self._postman.send(outgoing)
        answer = delivery.last.json
        plain = delivery.last.answer.decode().strip()
        if plain and not plain.startswith("{"):
            answer = {"text": plain}
        if delivery.ok and (answer.get("text") or answer.get("blocks")):
            url_id = text_at(outgoing.payload, "response_url").rsplit("/", 1)[1]
            self._postman.emit_later(said_in_ack(self._workspace, url_id, answer).events)
        return delivery

    async def press(self, message: Message, action_id: str, *, value: str = "") -> Delivery:
        """Press a button in a message as it stands now; of feedback buttons the half with this value."""
        current = self._visible(message)
        button = interactions.find_button(current.blocks, action_id, value)
        return await self._postman.send(interactions.message_action(self._workspace, self.id, current, button))

    def _visible(self, message: Message) -> Message:
        hidden = (one for one in self._workspace.ephemerals if one.ts == message.ts and one.ephemeral_to == self.id)
        current = self._workspace.find(message.channel, message.ts) or next(hidden, None)
        if current is None:
            raise LookupError(f"{self.id} sees no message {message.ts}")
        return current

    async def press_in_view(self, view: View, action_id: str, *, value: str = "") -> Delivery:
        """Press a button in a modal or the home tab."""
        button = interactions.find_button(tuple(objects_at(view.body, "blocks")), action_id, value)
        return await self._postman.send(interactions.view_action(self._workspace, self.id, view, button))

    async def submit(self, view: View, values: dict[str, str]) -> Submitted:
        """Send in a modal, filled in by action_id; it closes unless the app answers with errors or another view."""
        current = self._workspace.views[view.id]
        state = interactions.state_of(current, values)
        delivery = await self._postman.send(interactions.view_submission(self._workspace, current, state))
        action = text_at(delivery.last.json, "response_action")
        if delivery.ok and action == "update":
            self._workspace.put_view(replace(current, body=object_at(delivery.last.json, "view")))
        elif delivery.ok and action != "errors":
            self._workspace.put_view(replace(current, is_open=False))
        return Submitted(delivery, object_at(delivery.last.json, "errors"))

    async def close(self, view: View) -> Delivery | None:
        """Close a modal without sending it in; the app hears of it when the view asked for that."""
        self._workspace.put_view(replace(self._workspace.views[view.id], is_open=False))
        if not view.body.get("notify_on_close"):
            return None
        return await self._postman.send(interactions.view_closed(self._workspace, view))

    async def open_home(self, *, tab: str = "home") -> tuple[Delivery, ...]:
        """Open the app's home tab, or its `messages` tab."""
        return await self._postman.emit([events.home_opened(self._workspace, self.id, tab=tab)])

    async def shortcut(self, message: Message, callback_id: str) -> Delivery:
        """Use a message shortcut."""
        outgoing = interactions.message_shortcut(self._workspace, self.id, self._visible(message), callback_id)
        return await self._postman.send(outgoing)
