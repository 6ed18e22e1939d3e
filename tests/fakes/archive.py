"""Puts answered questions into a store, as a worker would have."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.replies import Cause, Failed
from bot.store.inbox import Inbox, State
from bot.store.records import Records
from bot.store.result import Result
from bot.types import Kind, MessageRef, Question
from router.types import Answer, Attempt, Cost, CostSource, Decision, Entry, Match, Mode, Outcome, Tier, Usage, Volatility
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question


@dataclass
class Archive:
    """A store's inbox and records, and the clock by which they are filled."""

    inbox: Inbox
    records: Records
    clock: FakeClock

    async def keep(
        self,
        text: str = "is cr1 up?",
        *,
        question: Question | None = None,
        tier: Tier = Tier.SMALL,
        answer: str = "Port 179.",
        latency_ms: int = 1000,
        usd: str | None = "0.001",
        best_effort: bool = False,
        source: str = "",
        delivered: bool = True,
    ) -> str:
        """Answer a question now; return its id. A hit of `source` costs nothing, and `usd` of None is a cost that nobody knows."""
        question = question or make_question(text)
        at = self.clock()
        made = () if tier is Tier.CACHE else (_attempt(tier, usd, at),)
        match = Match(source, text, at, 0.97, "the same question") if source else None
        entry = None if source else Entry(question.id, "scope", question.id, (), (), question.text, ttl_s=86_400)
        decision = Decision(Tier.SMALL, Volatility.STABLE, ("asks for one fact",))
        given = Answer(
            answer, tier, "y-2026" if made else "", decision, made, latency_ms, best_effort=best_effort, match=match, entry=entry
        )
        await self._write(question, Result(Mode.ON, decision, made, given), delivered=delivered)
        return question.id

    async def fail(self, text: str = "is cr1 up?") -> str:
        """Fail to answer a question now."""
        question = make_question(text)
        await self._write(question, Result(Mode.ON, None, (), None, failure=Failed("No model answered.", Cause.ALL_DOWN)), delivered=True)
        return question.id

    async def audit(self, hit: str, answer: str = "Port 179.") -> str:
        """Answer a question that the cache answered from a model, unseen."""
        return await self.keep(question=make_question(kind=Kind.AUDIT, parent=hit), answer=answer)

    async def _write(self, question: Question, result: Result, *, delivered: bool) -> None:
        claim = await self.inbox.add_claimed(question)
        at = self.clock()
        await self.records.keep(claim, result, at=at, expires_at=at + timedelta(days=1))
        if delivered:
            place = question.conversation
            await self.inbox.placed(claim, MessageRef(place.platform, place.tenant, place.channel, f"{question.id}.r"))
            await self.inbox.finish(claim, State.DONE)


def _attempt(tier: Tier, usd: str | None, at: datetime) -> Attempt:
    cost = Cost(None, CostSource.UNKNOWN) if usd is None else Cost(Decimal(usd), CostSource.REPORTED)
    return Attempt(tier, f"simulated/{tier.value}", Outcome.ANSWERED, 900, at, "y-2026", Usage(120, 30), cost)
