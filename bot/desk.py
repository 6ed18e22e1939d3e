"""What an adapter may ask of the bot on the ingress side: take a question, take a flag, show a record."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.announcing import announcing
from bot.ids import new_id
from bot.replies import Announcement
from bot.standing import Standing, Status
from bot.store.addresses import Address
from bot.store.result import Record
from bot.store.store import Store
from bot.types import Conversation, Flag, FlagSource, Kind, MessageRef, Platform, Question
from router.money_policy import Budgets
from router.redaction import redacted
from router.types import Clock, Visibility

__all__ = ["Click", "Desk", "Record", "Status", "Taken", "new_id", "redacted"]


REQUEST_TITLE = "More budget is asked for"
REQUEST = "{user} asks for it in {channel}. {question}"
QUESTION = "The question: {text}"
UNSEEN = "The question is private."
QUOTED = 300
"""Characters of a question that operators are shown."""

NO_CAPS = Budgets()


class Taken(StrEnum):
    """What became of a question or flag that was handed in."""

    NEW = "new"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    """It refers to an answer that we do not have."""


@dataclass(frozen=True, slots=True)
class Click:
    """A person's press of a button under an answer: who, where the reply may go, and the delivery's own key."""

    question_id: str
    user: str
    delivery_key: str
    reply_url: str = ""


class Desk:
    """The ingress side of the bot. Each method that changes something has committed when it returns. `feedback`: a gateway hears of flags.

    `operators` is the channel in which they are asked for more budget.

    Every method raises `StoreUnavailable` (of `bot.store.errors`) when the database cannot be reached: nothing was
    taken then, and the platform must be told so (HTTP 503) that it delivers again.
    """

    def __init__(
        self, store: Store, clock: Clock, budgets: Budgets = NO_CAPS, *, feedback: bool = False, operators: Conversation | None = None
    ) -> None:
        self._inbox = store.inbox
        self._retries = store.retries
        self._records = store.records
        self._flags = store.flags
        self._entries = store.entries
        self._switches = store.switches
        self._addresses = store.addresses
        self._parts = store.parts
        self._standing = Standing(store, budgets, clock)
        self._clock = clock
        self._feedback = feedback
        self._operators = operators

    async def take(self, question: Question) -> Taken:
        """Commit a question, without the secrets in it, to the inbox; DUPLICATE when its delivery or what it says is there already."""
        return Taken.NEW if await self._inbox.add(replace(question, text=redacted(question.text))) else Taken.DUPLICATE

    async def escalate(self, click: Click) -> Taken:
        """Ask the frontier model the question of an earlier answer; DUPLICATE when that was asked before."""
        asked = await self._asked(click)
        if asked is None:
            return Taken.UNKNOWN
        parent = click.question_id
        return await self.take(replace(asked, kind=Kind.ESCALATE, parent=parent, logical_key=f"escalate/{parent}"))

    async def live(self, click: Click) -> Taken:
        """Ask a model the question that the cache answered; DUPLICATE when that was asked before."""
        asked = await self._asked(click)
        if asked is None:
            return Taken.UNKNOWN
        parent = click.question_id
        return await self.take(replace(asked, kind=Kind.LIVE, parent=parent, logical_key=f"live/{parent}"))

    async def mismatch(self, click: Click) -> Taken:
        """Note that the cache answered another question than the one asked, stop serving that answer, and ask a model.

        UNKNOWN when the answer is not from the cache.
        """
        if not await self._entries.mismatch(click.question_id):
            return Taken.UNKNOWN
        return await self.live(click)

    async def again(self, click: Click) -> Taken:
        """Ask a question anew, as it reads now.

        One that failed is tried at once, and its message becomes the answer (DUPLICATE: it is being tried). One that was
        answered, and edited since, gets an answer of its own.
        """
        tried = await self._retries.hurry(click.question_id, click.reply_url)
        if tried is not None:
            return _taken(tried)
        asked = await self._asked(click)
        if asked is None:
            return Taken.UNKNOWN
        reads = hashlib.sha256(asked.text.encode()).hexdigest()[:16]
        return await self.take(replace(asked, logical_key=f"again/{click.question_id}/{reads}"))

    async def small(self, click: Click) -> Taken:
        """Let the small model answer a question that the frontier model may not; its message becomes the answer."""
        return _taken(await self._retries.hurry(click.question_id, click.reply_url, Kind.SMALL))

    async def tell(self, click: Click) -> Taken:
        """Tell a person, once, when what failed a question works again; DUPLICATE when they are to be told already."""
        asked = await self._asked(click)
        if asked is None:
            return Taken.UNKNOWN
        key = f"watch/{click.question_id}/{click.user}"
        watch = replace(asked, kind=Kind.WATCH, parent=click.question_id, logical_key=key, private=True, reply_url="")
        if await self.take(watch) is Taken.NEW:
            return Taken.NEW
        if await self._inbox.is_open(key):
            return Taken.DUPLICATE
        return await self.take(replace(watch, logical_key=f"{key}/{click.delivery_key}"))

    async def request_budget(self, click: Click) -> Taken:
        """Ask the operators for more budget; DUPLICATE when this person did that for this question. UNKNOWN where nobody can be asked."""
        asked = await self._asked(click)
        if asked is None or self._operators is None:
            return Taken.UNKNOWN
        seen = asked.conversation.visibility is Visibility.PUBLIC and not asked.private
        question = QUESTION.format(text=asked.text[:QUOTED]) if seen else UNSEEN
        said = Announcement(REQUEST_TITLE, REQUEST.format(user=click.user, channel=asked.conversation.channel, question=question))
        key = f"budget/{click.question_id}/{click.user}"
        return await self.take(announcing(said, self._operators, key, self._clock, about=click.user))

    async def flag(self, flag: Flag) -> Taken:
        """Put a person's flag on an answer; a later one of the same person replaces it (DUPLICATE)."""
        taken = _taken(await self._flags.put(replace(flag, comment=redacted(flag.comment))))
        if self._feedback and taken is not Taken.UNKNOWN:
            await self._pass_on(flag)
        return taken

    async def _pass_on(self, flag: Flag) -> None:
        """Queue a flag for the gateway, once for each person and answer, outside any thread: it is no part of a conversation."""
        asked = await self._inbox.question(flag.question_id)
        if asked is None:
            return
        key = f"feedback/{flag.question_id}/{flag.user}"
        place = replace(asked.conversation, thread="")
        await self._inbox.add(Question(new_id(), Kind.FEEDBACK, key, key, place, flag.user, "", self._clock(), parent=flag.question_id))

    async def retract(self, question_id: str, user: str) -> Taken:
        """Take a person's flag back; UNKNOWN when there is none."""
        return Taken.NEW if await self._flags.retract(question_id, user, self._clock()) else Taken.UNKNOWN

    async def helpful(self, question_id: str, user: str) -> Taken:
        """Note that a person found an answer helpful, which takes back their flag on it."""
        verdict = Flag(question_id, user, FlagSource.BUTTON, None, "", self._clock())
        return _taken(await self._flags.put(verdict, helpful=True))

    async def question_at(self, ref: MessageRef) -> str | None:
        """Return the id of the question whose reply (or placeholder), or a part of it, stands at `ref`."""
        return await self._records.question_at(ref) or await self._parts.question_at(ref)

    async def meet(self, address: Address) -> None:
        """Note how a conversation is reached, for whatever is to be said there later."""
        await self._addresses.put(address)

    async def leave(self, platform: Platform, tenant: str, channel: str) -> None:
        """Forget how a conversation is reached: we were taken out of it."""
        await self._addresses.remove(platform, tenant, channel)

    async def record(self, question_id: str) -> Record | None:
        """Return a question and its reply."""
        return await self._records.get(question_id)

    async def recent(self, platform: Platform, tenant: str, user: str, limit: int) -> tuple[Record, ...]:
        """Return a person's last questions, newest first."""
        return await self._records.recent(platform, tenant, user, limit)

    async def status(self, conversation: Conversation, user: str) -> Status:
        """Return how the models and the budgets stand for a person in a place."""
        return await self._standing.of(conversation, user)

    async def askers(self, conversation: Conversation) -> frozenset[str]:
        """Return who has asked us something in this thread; empty when it is not a thread of ours."""
        return await self._records.askers(conversation)

    async def switches(self, prefix: str) -> dict[str, str]:
        """Return the run-time switches whose names start with `prefix` (such as `simulated.`)."""
        return await self._switches.all(prefix)

    async def switch(self, name: str, value: str) -> None:
        """Set a run-time switch, which every worker reads before its next call; an empty value removes it."""
        await self._switches.set(name, value)

    async def _asked(self, click: Click) -> Question | None:
        """Return the clicked answer's question as a new one of the person who clicked."""
        asked = await self._inbox.question(click.question_id)
        if asked is None:
            return None
        return replace(
            asked,
            id=new_id(),
            delivery_key=click.delivery_key,
            user=click.user,
            reply_url=click.reply_url if asked.private else "",
            asked_at=self._clock(),
        )


def _taken(first: bool | None) -> Taken:  # noqa: FBT001 (the store's own three-valued answer)
    if first is None:
        return Taken.UNKNOWN
    return Taken.NEW if first else Taken.DUPLICATE
