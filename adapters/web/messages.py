"""What people do with their own messages on the page: write, edit, delete."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from adapters.web.bodies import MessageBody, read_body, write_body
from adapters.web.inbound import Change, Typed, change_of, conversation_of, is_direct, question_of, understand
from adapters.web.payloads import Delete, Edit, Post, Refused
from adapters.web.places import CHANNELS, direct_channel
from bot.desk import Desk
from bot.store.transcript import Entry, Transcript
from bot.types import Kind
from router.types import Clock

NO_SUCH_CHANNEL = "there is no such channel"
NO_SUCH_THREAD = "that conversation is not there any more"
NO_SUCH_MESSAGE = "that message is not there any more"
NOT_YOURS = "that message is not yours"
ID_TAKEN = "a message with this id is there already"


class Messages:
    """Writes people's messages to the transcript, and to the inbox what is for the bot.

    The transcript comes first and keeps the question's id, so that a page that sends a message again after a failure
    hands in the very same question. Every method raises Refused and StoreUnavailable.
    """

    def __init__(self, desk: Desk, transcript: Transcript, *, clock: Clock, new_id: Callable[[], str]) -> None:
        self._desk = desk
        self._transcript = transcript
        self._clock = clock
        self._new_id = new_id
        self._writing = asyncio.Lock()

    async def say(self, post: Post) -> Entry:
        """Show a message, and ask the bot when it is called; return the entry that shows it."""
        # One at a time: two deliveries of one message must not make two question ids.
        async with self._writing:
            entry = await self._transcript.get(str(post.id))
            if entry is None:
                entry = await self._written(post)
                await self._transcript.put(entry)
            elif (entry.author, entry.channel) != (post.user, post.channel):
                raise Refused(409, ID_TAKEN)
        if entry.question and not entry.deleted:
            await self._desk.take(question_of(entry, understand(post.text, addressed=True).asked))
        return entry

    async def edit(self, edit: Edit) -> None:
        """Change the text of one's own message, and tell the bot when it was a question."""
        async with self._writing:
            entry = await self._own(edit.message, edit.user)
            typed = understand(edit.text, addressed=True) if entry.question else Typed(edit.text, "")
            await self._transcript.put(replace(entry, body=write_body(MessageBody(text=typed.shown, edited=True))))
        if entry.question:
            change = Change(self._new_id(), str(edit.id), Kind.EDITED, self._clock())
            await self._desk.take(change_of(entry, change, typed.asked))

    async def delete(self, deletion: Delete) -> None:
        """Delete one's own message, and tell the bot when it was a question."""
        async with self._writing:
            entry = await self._own(deletion.message, deletion.user, deleted=True)
            await self._transcript.put(replace(entry, body=write_body(MessageBody(text="")), deleted=True))
        if entry.question:
            change = Change(self._new_id(), f"{entry.id}/deleted", Kind.DELETED, self._clock())
            await self._desk.take(change_of(entry, change))

    async def _written(self, post: Post) -> Entry:
        if post.channel not in (*(channel.id for channel in CHANNELS), direct_channel(post.user)):
            raise Refused(404, NO_SUCH_CHANNEL)
        root = await self._root(post)
        typed = understand(post.text, addressed=is_direct(post.channel) or await self._is_ours(root))
        private = typed.private or is_direct(post.channel) or bool(root and root.visible_to)
        return Entry(
            id=str(post.id),
            channel=post.channel,
            thread=post.thread,
            author=post.user,
            visible_to=post.user if private else "",
            body=write_body(MessageBody(text=typed.shown)),
            at=self._clock(),
            question=self._new_id() if typed.asked else "",
        )

    async def _root(self, post: Post) -> Entry | None:
        if not post.thread:
            return None
        root = await self._transcript.get(post.thread)
        if root is None or root.thread or root.channel != post.channel or root.visible_to not in ("", post.user):
            raise Refused(404, NO_SUCH_THREAD)
        return root

    async def _is_ours(self, root: Entry | None) -> bool:
        """Tell whether a thread is one of the bot's: its root asked, or somebody called the bot in it."""
        return root is not None and (bool(root.question) or bool(await self._desk.askers(conversation_of(root))))

    async def _own(self, message: str, user: str, *, deleted: bool = False) -> Entry:
        entry = await self._transcript.get(message)
        if entry is None or (entry.deleted and not deleted) or entry.visible_to not in ("", user):
            raise Refused(404, NO_SUCH_MESSAGE)
        if entry.author != user or not isinstance(read_body(entry.body), MessageBody):
            raise Refused(403, NOT_YOURS)
        return entry
