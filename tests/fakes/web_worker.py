"""A worker for the chat page's tests: it answers what the fake desk takes, by simple rules, through the page's courier."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.courier import Courier
from bot.desk import Record
from bot.replies import Cause, Caution, Concern, Failed, Notice, Offer
from bot.types import Answered, AttemptLine, Badge, Kind, Matched, MessageRef, Question, Withdrawn, Working
from router.types import CostSource, Outcome, Tier
from tests.fakes.desk import FakeDesk

FRONTIER = Answered(
    text="Start with the **timers**:\n\n1. Compare both ends with `show ip ospf interface`.\n2. Look for a rising retransmit count.",
    badge=Badge.FRONTIER,
    model="simulated/frontier",
    seconds=3.1,
    usd=Decimal("0.0123"),
    cost_source=CostSource.REPORTED,
    reasons=("asks for a root cause",),
    attempts=(AttemptLine(Tier.FRONTIER, "simulated/frontier", Outcome.ANSWERED, 3090),),
)
SMALL = replace(
    FRONTIER,
    text="**Idle** is the first state of a BGP session: the router refuses the connection or waits for a start event.",
    badge=Badge.SMALL,
    model="simulated/small",
    seconds=0.9,
    usd=Decimal("0.0004"),
    reasons=("asks what a term means", "short"),
    attempts=(AttemptLine(Tier.SMALL, "simulated/small", Outcome.ANSWERED, 880),),
    can_escalate=True,
)
CACHED = replace(
    SMALL,
    text="Syslog uses **514/udp**, and 6514/tcp with TLS.",
    badge=Badge.CACHE,
    seconds=0.02,
    usd=Decimal(0),
    attempts=(),
    reasons=("a look-up",),
    can_escalate=False,
    match=Matched(
        "q0",
        "which port does syslog over TLS use on Gi0/1?",
        datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        0.9612,
        "the same entities, action and scope",
    ),
)
BEST_EFFORT = replace(
    SMALL,
    badge=Badge.BEST_EFFORT,
    seconds=1.2,
    caution=Caution(Concern.BEST_EFFORT, "The frontier model was unavailable. This is the small model's answer, so check it."),
    reasons=("asks for a design",),
    attempts=(
        AttemptLine(Tier.FRONTIER, "simulated/frontier", Outcome.UNAVAILABLE, 210),
        AttemptLine(Tier.SMALL, "simulated/small", Outcome.ANSWERED, 900),
    ),
)
FALLBACK = replace(
    FRONTIER,
    model="simulated/frontier-b",
    attempts=(
        AttemptLine(Tier.FRONTIER, "simulated/frontier-a", Outcome.UNAVAILABLE, 210),
        AttemptLine(Tier.FRONTIER, "simulated/frontier-b", Outcome.ANSWERED, 3090),
    ),
)
MODELS = ("frontier-a", "frontier-b", "small")
CACHED_AGO = timedelta(hours=2, minutes=5)
FAILED = Failed("No model could be reached. Nothing was charged.", Cause.ALL_DOWN, offers=(Offer.TRY_AGAIN,))


EDITED = Notice("You edited your question after I answered it.", offers=(Offer.ANSWER_AGAIN,))


class WebWorker:
    """Answers each question by the first word that it contains, else with the small model's answer.

    While a frontier model is switched to fail, its answers are another's, or best effort where there is none. While every model
    of a deployment with two is, a question is kept. What the cache answers it answered `CACHED_AGO` ago.
    """

    def __init__(self, desk: FakeDesk, courier: Courier, *, seconds: float = 0.2) -> None:
        self._desk = desk
        self._courier = courier
        self._seconds = seconds
        self._shown: dict[MessageRef | None, tuple[Question, MessageRef]] = {}
        self.answers: Mapping[str, Answered | Failed] = {
            "root cause": FRONTIER,
            "design": BEST_EFFORT,
            "syslog": CACHED,
            "broken": FAILED,
        }

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            question = await self._desk.work.get()
            if question.kind is Kind.DELETED:
                first, ref = self._shown[question.source]
                await self._courier.update(ref, first, Withdrawn())
            elif question.kind is Kind.EDITED:
                await self._courier.say_privately(self._shown[question.source][0], EDITED)
            else:
                await self._answer(question)

    async def _answer(self, question: Question) -> None:
        ref = await self._courier.post(question, Working(), in_doubt=False)
        self._shown[question.source] = (question, ref)
        await asyncio.sleep(self._seconds)
        reply = self._reply_to(question)
        self._desk.records[question.id] = Record(question, reply)
        await self._courier.update(ref, question, reply)
        if isinstance(reply, Failed) and reply.until:
            while self._broken(*MODELS):  # noqa: ASYNC110 (a switch sets no event)
                await asyncio.sleep(0.01)
            await self._courier.update(ref, question, self._reply_to(question))

    def _broken(self, *models: str) -> bool:
        return all(f"simulated.{model}" in self._desk.set for model in models)

    def _reply_to(self, question: Question) -> Answered | Failed:
        if question.kind is Kind.ESCALATE:
            return replace(FRONTIER, parent=question.parent)
        if question.kind is Kind.LIVE:
            return replace(SMALL, parent=question.parent)
        if self._broken(*MODELS):
            return replace(FAILED, until=datetime.now(UTC) + timedelta(minutes=15))
        reply = next((reply for word, reply in self.answers.items() if word in question.text.lower()), SMALL)
        if isinstance(reply, Answered) and reply.match:
            return replace(reply, match=replace(reply.match, answered_at=datetime.now(UTC) - CACHED_AGO))
        if reply is FRONTIER and self._broken("frontier-a") and not self._broken("frontier-b"):
            return FALLBACK
        return BEST_EFFORT if reply is FRONTIER and any("frontier" in name for name in self._desk.set) else reply
