"""A desk in memory: it notes what was handed in, answers as told, and fails on demand."""

from bot.desk import Click, Desk, Record, Taken
from bot.store.errors import StoreUnavailable
from bot.types import Conversation, Flag, MessageRef, Platform, Question


class SlackDesk(Desk):
    """`questions`, `clicks`, `flags` and the other lists hold what came; `down` makes every call fail.

    Like the real one it takes a delivery, and what it says, once. `answer` is what clicks and flags become.
    """

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.escalations: list[Click] = []
        self.repeats: list[Click] = []
        self.flags: list[Flag] = []
        self.retracted: list[tuple[str, str]] = []
        self.thanked: list[tuple[str, str]] = []
        self.replies: dict[MessageRef, str] = {}
        self.records: dict[str, Record] = {}
        self.threads: dict[str, frozenset[str]] = {}
        self.answer = Taken.NEW
        self.down = False

    async def take(self, question: Question) -> Taken:
        self._reach()
        keys = {(one.delivery_key, one.logical_key) for one in self.questions}
        if any(question.delivery_key == delivery or question.logical_key == logical for delivery, logical in keys):
            return Taken.DUPLICATE
        self.questions.append(question)
        return Taken.NEW

    async def escalate(self, click: Click) -> Taken:
        self._reach()
        self.escalations.append(click)
        return self.answer

    async def again(self, click: Click) -> Taken:
        self._reach()
        self.repeats.append(click)
        return self.answer

    async def flag(self, flag: Flag) -> Taken:
        self._reach()
        self.flags.append(flag)
        return self.answer

    async def retract(self, question_id: str, user: str) -> Taken:
        self._reach()
        self.retracted.append((question_id, user))
        return self.answer

    async def helpful(self, question_id: str, user: str) -> Taken:
        self._reach()
        self.thanked.append((question_id, user))
        return self.answer

    async def question_at(self, ref: MessageRef) -> str | None:
        self._reach()
        return self.replies.get(ref)

    async def record(self, question_id: str) -> Record | None:
        self._reach()
        return self.records.get(question_id)

    async def recent(self, platform: Platform, tenant: str, user: str, limit: int) -> tuple[Record, ...]:
        self._reach()
        mine = [record for record in self.records.values() if record.question.user == user]
        return tuple(reversed(mine))[:limit]

    async def askers(self, conversation: Conversation) -> frozenset[str]:
        self._reach()
        return self.threads.get(conversation.thread, frozenset())

    def _reach(self) -> None:
        if self.down:
            raise StoreUnavailable
