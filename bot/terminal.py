"""One question at the terminal: answered in this process, recorded like every other."""

import getpass
import os

from bot.assistant import Assistant
from bot.desk import new_id
from bot.store.inbox import Inbox, State
from bot.store.records import Records
from bot.store.result import Record
from bot.types import Conversation, Kind, Platform, Question
from router.redaction import redacted
from router.types import Clock, Visibility

TENANT = "local"
CHANNEL = "terminal"


class Terminal:
    """Asks the assistant directly, through the inbox's own claim so that no worker takes the question away."""

    def __init__(self, inbox: Inbox, records: Records, assistant: Assistant, clock: Clock) -> None:
        self._inbox = inbox
        self._records = records
        self._assistant = assistant
        self._clock = clock

    async def ask(self, text: str) -> Record:
        """Answer a question and return its record. Raises StoreUnavailable."""
        question_id = new_id()
        question = Question(
            id=question_id,
            kind=Kind.ASK,
            delivery_key=f"terminal:{question_id}",
            logical_key=f"terminal:{question_id}",
            conversation=Conversation(Platform.TERMINAL, TENANT, CHANNEL, "", Visibility.DIRECT),
            user=_user(),
            text=redacted(text),
            asked_at=self._clock(),
            private=True,
        )
        claim = await self._inbox.add_claimed(question)
        try:
            result = await self._assistant.answer(question)
        except BaseException:
            # Ctrl-C as well: a worker, which cannot reach this terminal, must not find the question later.
            await self._inbox.finish(claim, State.CANCELLED)
            raise
        now = self._clock()
        await self._records.keep(claim, result, at=now, expires_at=now)
        await self._inbox.finish(claim)
        record = await self._records.get(question_id)
        if record is None:
            raise LookupError(question_id)
        return record


def _user() -> str:
    """Return who asks; a container may run as a number that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
