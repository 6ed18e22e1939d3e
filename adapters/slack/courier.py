"""Delivers the bot's replies to Slack: placeholder, answer and its further parts, each exactly once."""

import contextlib
from datetime import UTC, datetime

from adapters.later import Later
from adapters.pacer import Pacer
from adapters.slack.chat import Chat, Spot, Stands
from adapters.slack.faults import RATE_LIMITED
from adapters.slack.options import SlackOptions
from adapters.slack.outbound import SlackMessage, announced, continuation, render
from adapters.slack.privately import Private, is_address
from adapters.slack.status import Status
from adapters.slack.trail import ANNOUNCED, Stretch, before_asked, mark, parts_in, read, since_asked, thread_of
from adapters.slack.turns import turns_before
from adapters.slack.web import SlackWeb
from bot.replies import Announcement
from bot.types import DeliveryFailure, Kind, MessageGone, MessageRef, Platform, Question, Reply, Withdrawn, Working
from router.types import Clock, Turn

CLOSED = frozenset(
    {
        *("channel_not_found", "not_in_channel", "is_archived", "restricted_action", "restricted_action_read_only_channel"),
        *("restricted_action_thread_only_channel", "restricted_action_thread_locked"),
    },
)
"""We cannot write where the question was asked, so the answer goes to the asker directly."""


NO_FILES = frozenset({"missing_scope", "not_allowed_token_type", "file_uploads_disabled", "storage_limit_reached"})
"""Files are not for us here: an app that was installed before it asked for `files:write`, or a workspace without uploads."""


class SlackCourier:
    """A `Courier` and `Threads` for one workspace. It repeats no call: its caller does, and says when it is in doubt."""

    def __init__(self, options: SlackOptions, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._web = SlackWeb(options)
        self._chat = Chat(self._web)
        self._private = Private(self._web, options, clock)
        self._pacer = Pacer(options.pace_s)
        self._status = Status(self._web)
        self._later = Later()

    async def post(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        """Show the first reply to a question and return where it stands. Raises DeliveryFailure."""
        if question.kind is Kind.WATCH:  # it may be hours later, and an ephemeral message reaches only who is there
            return await self._elsewhere(question, reply, in_doubt=in_doubt)
        if question.private:
            return await self._private.post(question, reply, in_doubt=in_doubt)
        await self._pacer.take(question.conversation.channel)
        if in_doubt and (found := await self._found(question, since_asked(question), reply)) is not None:
            return found
        try:
            ref = await self._post(question, render(question, reply))
        except DeliveryFailure as failure:
            if failure.code not in CLOSED:
                raise
            ref = await self._elsewhere(question, reply, in_doubt=in_doubt)
        if isinstance(reply, Working):
            self._later.start(self._status.show(question), "status")
        return ref

    async def update(self, ref: MessageRef, question: Question, reply: Reply) -> None:
        """Replace what stands at `ref`. Raises MessageGone when nothing stands there, and DeliveryFailure."""
        if is_address(ref):
            await self._private.update(ref, question, reply)
            return
        where = Stands(ref.channel, ref.message)
        if isinstance(reply, Withdrawn):
            await self._withdraw(where, question)
            return
        try:
            await self._replace(where, question, render(question, reply))
        except DeliveryFailure as failure:
            if failure.code in CLOSED:  # the channel was closed since: a fresh post finds the asker
                raise MessageGone from failure
            raise
        if not isinstance(reply, Working):
            self._later.start(self._status.clear(question), "status")

    async def say_privately(self, question: Question, reply: Reply) -> None:
        """Tell only the asker. Raises DeliveryFailure."""
        await self._private.tell(question, reply)

    async def announce(self, channel: str, announcement: Announcement) -> None:
        """Say something in a channel; a workspace that takes no picture from us gets the words alone. Raises DeliveryFailure."""
        await self._pacer.take(channel)
        message = announced(announcement)
        if announcement.picture is not None:
            try:
                await self._chat.share(channel, message.text, announcement.picture)
            except DeliveryFailure as failure:
                if failure.in_doubt or failure.code not in NO_FILES:
                    raise
            else:
                return
        await self._chat.post(Spot(channel), ANNOUNCED, message)

    async def turns(self, question: Question, limit: int) -> tuple[Turn, ...]:
        """Return what was said before in the question's thread, oldest first; empty when it cannot be read."""
        thread = thread_of(question)
        starts_it = question.source is not None and thread == question.source.message
        if not thread or starts_it:
            return ()
        try:
            return turns_before(await read(self._web, before_asked(question)), question, limit)
        except DeliveryFailure:
            return ()

    async def close(self) -> None:
        """Finish what is under way and close the connections."""
        await self._later.drain()
        await self._web.close()

    async def _post(self, question: Question, message: SlackMessage) -> MessageRef:
        """Post where the question was asked. A channel that Slack holds back is left alone until its time has come."""
        channel = question.conversation.channel
        try:
            where = await self._chat.post(Spot(channel, thread_of(question)), mark(question, 0), message)
        except DeliveryFailure as failure:
            if failure.code in RATE_LIMITED and failure.retry_after_s is not None:
                self._pacer.close(channel, failure.retry_after_s)
            raise
        await self._continue(where, question, message)
        return _ref(question, where)

    async def _replace(self, where: Stands, question: Question, message: SlackMessage) -> None:
        await self._chat.replace(where, mark(question, 0), message)
        await self._continue(where, question, message)

    async def _elsewhere(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        """Show a reply at the command's address, which works where we are no member, or else in the asker's own messages."""
        if question.reply_url and (ref := await self._private.share(question, reply)) is not None:
            return ref
        spot = Spot(await self._chat.direct(question.user))
        since = Stretch(spot.channel, "", oldest=since_asked(question).oldest)
        if in_doubt and (found := await self._found(question, since, reply)) is not None:
            return found
        message = render(question, reply)
        where = await self._chat.post(spot, mark(question, 0), message)
        await self._continue(where, question, message)
        return _ref(question, where)

    async def _found(self, question: Question, stretch: Stretch, reply: Reply) -> MessageRef | None:
        """Return where an earlier try put the answer, brought up to date; None when it is not there or cannot be changed."""
        first = next((part for part in await parts_in(self._web, question, stretch) if part.number == 0), None)
        if first is None:
            return None
        ref = _ref(question, Stands(stretch.channel, first.ts))
        if isinstance(reply, Working):
            return ref
        try:
            await self.update(ref, question, reply)
        except MessageGone:
            return None
        return ref

    async def _continue(self, where: Stands, question: Question, message: SlackMessage) -> None:
        """Put what is too long for one message into further ones, each once, under the first."""
        if not message.rest:
            return
        stretch = _around(where, question)
        standing = {part.number: part.ts for part in await parts_in(self._web, question, stretch)}
        for number, text in enumerate(message.rest, start=1):
            part, metadata = continuation(text), mark(question, number)
            if number in standing:
                await self._chat.replace(Stands(where.channel, standing[number]), metadata, part)
            else:
                await self._chat.post(Spot(where.channel, stretch.thread), metadata, part)

    async def _withdraw(self, where: Stands, question: Question) -> None:
        """Delete the answer with all its parts; one that is gone already is as good."""
        parts = await parts_in(self._web, question, _around(where, question))
        for ts in dict.fromkeys([where.ts, *(part.ts for part in parts)]):
            with contextlib.suppress(MessageGone):
                await self._chat.delete(Stands(where.channel, ts))


def _around(where: Stands, question: Question) -> Stretch:
    """Return where an answer's further parts stand: in its thread, or in one under the answer where it has none."""
    thread = thread_of(question) if where.channel == question.conversation.channel else ""
    return Stretch(where.channel, thread or where.ts, oldest=where.ts)


def _ref(question: Question, where: Stands) -> MessageRef:
    return MessageRef(Platform.SLACK, question.conversation.tenant, where.channel, where.ts)
