"""An answer as the dashboard shows it: its badge and figures to everybody, its words to whom they were revealed."""

from dataclasses import dataclass, replace

from bot.evals.types import Review
from bot.store.flags import flags_on
from bot.store.result import Record
from bot.store.sessions import Session
from bot.store.store import Store
from bot.types import Answered, Flag, Question
from router.types import Turn, Visibility

CONTEXT_TURNS = 6


@dataclass(frozen=True, slots=True)
class Words:
    """What was said: the thread before the question, oldest first, the question, and the earlier question that was matched."""

    context: tuple[Turn, ...]
    question: str
    answer: str
    matched: str


@dataclass(frozen=True, slots=True)
class Card:
    """An answer. `words` is None until they are revealed; `secret`: they may not be, for only the asker saw the answer.

    The flags' comments are words, too: they are empty until then. `mine` is the verdict of whoever looks, never somebody
    else's, which would sway it.
    """

    question: Question
    answer: Answered
    secret: bool
    words: Words | None
    flags: tuple[Flag, ...]
    mine: Review | None

    @property
    def place(self) -> str:
        """Where it was asked, without a person's name."""
        asked = self.question.conversation
        return "asked in private" if is_private(self.question) else f"{asked.platform.value} {asked.channel}"


class Cards:
    """Makes cards for a session. `direct`: the policy lets reviewers read what only its asker saw."""

    def __init__(self, store: Store, *, direct: bool) -> None:
        self._store = store
        self._direct = direct

    async def of(self, session: Session, question_id: str) -> Card | None:
        """Return an answer as this session may see it; None when there is no such answer. Raises StoreUnavailable."""
        record = await self._store.records.get(question_id)
        if record is None or not isinstance(record.reply, Answered):
            return None
        match = record.reply.match
        secret = is_private(record.question) and not self._direct
        revealed = not secret and question_id in await self._store.reveals.of(session, [question_id])
        words = await self._words(record, record.reply) if revealed else None
        raised = await self._store.database.read(lambda connection: flags_on(connection, question_id))
        return Card(
            replace(record.question, text="", user=""),
            replace(record.reply, text="", match=replace(match, question="") if match else None),
            secret,
            words,
            tuple(flag if revealed else replace(flag, comment="") for flag in raised),
            next((review for review in await self._store.reviews.of(question_id) if review.reviewer == session.name), None),
        )

    async def _words(self, record: Record, answer: Answered) -> Words:
        question = record.question
        context = () if question.private else await self._store.records.turns(question.conversation, question.asked_at, CONTEXT_TURNS)
        return Words(context, question.text, answer.text, answer.match.question if answer.match else "")


def is_private(question: Question) -> bool:
    """Tell whether nobody but the asker saw the answer."""
    return question.private or question.conversation.visibility is Visibility.DIRECT
