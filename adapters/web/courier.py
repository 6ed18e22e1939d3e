"""Delivers replies to the chat page by writing its transcript; runs in the worker."""

from dataclasses import replace
from uuid import uuid4

from adapters.web.bodies import write_body
from adapters.web.inbound import TENANT
from adapters.web.outbound import announced, reply_body
from adapters.web.payloads import BOT
from bot.replies import Announcement
from bot.store.errors import StoreUnavailable
from bot.store.transcript import Entry, Transcript
from bot.types import DeliveryFailure, Kind, MessageGone, MessageRef, Platform, Question, Reply, Withdrawn, Working
from router.types import Clock, Visibility

RETRY_AFTER_S = 1.0
"""The transcript lives in our own database, which is back soon or not at all."""


def answer_id(question_id: str) -> str:
    """Return the id of the entry that replies to a question: made from the question's, so writing it twice is writing it once."""
    return f"answer:{question_id}"


def notice_id(question_id: str) -> str:
    """Return the id of the remark to the asker of a question."""
    return f"notice:{question_id}"


class WebCourier:
    """The Courier of the chat page. Every write replaces the entry with its id, so all of them are safe to repeat."""

    def __init__(self, transcript: Transcript, *, clock: Clock) -> None:
        self._transcript = transcript
        self._clock = clock

    async def post(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        """Show the first reply. With `in_doubt`, a placeholder never covers what arrived before it."""
        entry_id = answer_id(question.id)
        try:
            earlier = await self._transcript.get(entry_id) if in_doubt else None
            if earlier is None or not isinstance(reply, Working):
                await self._transcript.put(await self._entry(entry_id, question, reply))
        except StoreUnavailable as error:
            raise _unreachable() from error
        return MessageRef(Platform.WEB, TENANT, question.conversation.channel, entry_id)

    async def update(self, ref: MessageRef, question: Question, reply: Reply) -> None:
        """Replace what stands at `ref`; it keeps its place. Raises MessageGone."""
        try:
            earlier = await self._transcript.get(ref.message)
            if earlier is None or (earlier.deleted and not isinstance(reply, Withdrawn)):
                raise MessageGone
            body = write_body(reply_body(reply, question.text))
            await self._transcript.put(replace(earlier, body=body, deleted=isinstance(reply, Withdrawn)))
        except StoreUnavailable as error:
            raise _unreachable() from error

    async def say_privately(self, question: Question, reply: Reply) -> None:
        """Tell only the asker, in the thread of the question."""
        try:
            entry = await self._entry(notice_id(question.id), question, reply)
            await self._transcript.put(replace(entry, visible_to=question.user))
        except StoreUnavailable as error:
            raise _unreachable() from error

    async def announce(self, channel: str, announcement: Announcement) -> None:
        """Say something in a channel that answers no question."""
        entry = Entry(f"said:{uuid4().hex}", channel, "", BOT, "", write_body(announced(announcement)), self._clock())
        try:
            await self._transcript.put(entry)
        except StoreUnavailable as error:
            raise _unreachable() from error

    async def _entry(self, entry_id: str, question: Question, reply: Reply) -> Entry:
        bettered = await self._transcript.get(answer_id(question.parent)) if question.parent else None
        alone = question.private or question.conversation.visibility is Visibility.DIRECT
        thread = question.conversation.thread or (question.source.message if question.source else "")
        return Entry(
            id=entry_id,
            channel=question.conversation.channel,
            thread=thread or (bettered.thread if bettered else ""),
            author=BOT,
            visible_to=question.user if alone or (bettered and bettered.visible_to) else "",
            body=write_body(reply_body(reply, question.text)),
            at=self._clock(),
            question=question.parent if question.kind is Kind.WATCH else question.id,
            deleted=isinstance(reply, Withdrawn),
        )


def _unreachable() -> DeliveryFailure:
    return DeliveryFailure("store_unavailable", retry_after_s=RETRY_AFTER_S, in_doubt=True)
