"""The bot's desk in memory: it keeps what was handed in and gives every new question to whoever works."""

import asyncio
from dataclasses import replace

from bot.desk import Click, Desk, Record, Taken
from bot.replies import Failed
from bot.standing import Status
from bot.store.addresses import Address
from bot.store.errors import StoreUnavailable
from bot.types import Answered, Conversation, Flag, Kind, MessageRef, Platform, Question


class FakeDesk(Desk):
    """`taken` are the questions in order, `clicks` the pressed buttons, `evicted` the questions whose answers are not served again.

    `down` makes every call fail as a lost database does.
    """

    def __init__(self) -> None:
        self.taken: list[Question] = []
        self.clicks: list[tuple[str, Click]] = []
        self.flags: dict[tuple[str, str], Flag] = {}
        self.helped: set[tuple[str, str]] = set()
        self.evicted: set[str] = set()
        self.records: dict[str, Record] = {}
        self.places: dict[MessageRef, str] = {}
        self.set: dict[str, str] = {}
        self.addresses: dict[tuple[str, str], Address] = {}
        self.work: asyncio.Queue[Question] = asyncio.Queue()
        self.down = False

    async def meet(self, address: Address) -> None:
        self._reach()
        self.addresses[address.tenant, address.channel] = address

    async def leave(self, platform: Platform, tenant: str, channel: str) -> None:
        self._reach()
        self.addresses.pop((tenant, channel), None)

    async def status(self, conversation: Conversation, user: str) -> Status:
        self._reach()
        return Status((), frozenset(), ())

    async def take(self, question: Question) -> Taken:
        self._reach()
        keys = {(one.delivery_key, "delivery") for one in self.taken} | {(one.logical_key, "logical") for one in self.taken}
        if (question.delivery_key, "delivery") in keys or (question.logical_key, "logical") in keys:
            return Taken.DUPLICATE
        self.taken.append(question)
        self.records[question.id] = Record(question, None)
        self.work.put_nowait(question)
        return Taken.NEW

    async def escalate(self, click: Click) -> Taken:
        return await self._press("escalate", click, Kind.ESCALATE)

    async def live(self, click: Click) -> Taken:
        return await self._press("live", click, Kind.LIVE)

    async def mismatch(self, click: Click) -> Taken:
        self._reach()
        record = self.records.get(click.question_id)
        if record is None or not isinstance(record.reply, Answered) or record.reply.match is None:
            return Taken.UNKNOWN
        self.evicted.add(record.reply.match.question_id)
        return await self.live(click)

    async def again(self, click: Click) -> Taken:
        record = self.records.get(click.question_id)
        if record and isinstance(record.reply, Failed):
            return self._try_now("again", click, record.question)
        return await self._press("again", click, Kind.ASK)

    async def small(self, click: Click) -> Taken:
        record = self.records.get(click.question_id)
        if record is None or not isinstance(record.reply, Failed):
            return Taken.UNKNOWN
        return self._try_now("small", click, replace(record.question, kind=Kind.SMALL))

    async def request_budget(self, click: Click) -> Taken:
        return await self._press("request_budget", click, Kind.ANNOUNCE)

    async def tell(self, click: Click) -> Taken:
        return await self._press("tell", click, Kind.WATCH)

    async def flag(self, flag: Flag) -> Taken:
        self._reach()
        if flag.question_id not in self.records:
            return Taken.UNKNOWN
        key = (flag.question_id, flag.user)
        taken = Taken.DUPLICATE if key in self.flags else Taken.NEW
        self.flags[key] = flag
        return taken

    async def retract(self, question_id: str, user: str) -> Taken:
        self._reach()
        return Taken.NEW if self.flags.pop((question_id, user), None) else Taken.UNKNOWN

    async def helpful(self, question_id: str, user: str) -> Taken:
        self._reach()
        if question_id not in self.records:
            return Taken.UNKNOWN
        self.flags.pop((question_id, user), None)
        self.helped.add((question_id, user))
        return Taken.NEW

    async def question_at(self, ref: MessageRef) -> str | None:
        self._reach()
        return self.places.get(ref)

    async def record(self, question_id: str) -> Record | None:
        self._reach()
        return self.records.get(question_id)

    async def recent(self, platform: Platform, tenant: str, user: str, limit: int) -> tuple[Record, ...]:
        self._reach()
        mine = [one for one in self.records.values() if one.question.user == user and one.question.conversation.platform is platform]
        return tuple(reversed(mine))[:limit]

    async def askers(self, conversation: Conversation) -> frozenset[str]:
        self._reach()
        return frozenset(one.user for one in self.taken if one.conversation == conversation)

    async def switches(self, prefix: str) -> dict[str, str]:
        self._reach()
        return {name: value for name, value in self.set.items() if name.startswith(prefix)}

    async def switch(self, name: str, value: str) -> None:
        self._reach()
        self.set.pop(name, None)
        if value:
            self.set[name] = value

    def _try_now(self, name: str, click: Click, question: Question) -> Taken:
        self._reach()
        self.clicks.append((name, click))
        self.records[question.id] = Record(question, None)
        self.work.put_nowait(question)
        return Taken.NEW

    async def _press(self, name: str, click: Click, kind: Kind) -> Taken:
        self._reach()
        record = self.records.get(click.question_id)
        if record is None:
            return Taken.UNKNOWN
        if any(name == pressed and one.question_id == click.question_id for pressed, one in self.clicks):
            return Taken.DUPLICATE
        self.clicks.append((name, click))
        first = record.question
        anew = replace(first, id=f"{first.id}-{name}", kind=kind, parent=first.id, user=click.user)
        self.records[anew.id] = Record(anew, None)
        self.work.put_nowait(anew)
        return Taken.NEW

    def _reach(self) -> None:
        if self.down:
            raise StoreUnavailable
