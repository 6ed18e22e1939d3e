"""Claims questions from the inbox, has them answered, and delivers each answer once."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.asides import Asides
from bot.changes import Changes
from bot.delivery import Delivery
from bot.office import Office
from bot.replies import Cause, Failed
from bot.retrying import Again, kept, next_try
from bot.store.errors import LeaseLost, SourceWithdrawn, StoreUnavailable
from bot.store.inbox import LEASE_S, Claim, State
from bot.store.result import Result
from bot.types import Answered, DeliveryFailure, Kind, Question, Working
from bot.watching import Watching
from router.types import Answer, Mode, Outcome, Tier

GAVE_UP = "Sorry, something went wrong with this question on my side, more than once, so I stopped. The operators can see it."

MAX_ERRORS = 5
"""Failures that a worker reported before an item is given up."""
MAX_CRASHES = 15
"""Workers that died holding an item before it is taken for the cause; a deployment's restarts alone stay far below."""
MAX_WAIT_S = 60.0
IDLE_S = 0.1
WAKE_EVERY_S = 1.0

_log = logging.getLogger(__name__)


class Worker:
    """Works on up to `concurrency` items at a time. `prepare` runs before each question is answered.

    After `max_items` it ends as if it was told to, so that its supervisor starts a fresh process: what the model
    libraries leak goes with the old one.
    """

    def __init__(
        self, office: Office, *, concurrency: int = 16, max_items: int = 20_000, prepare: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._office = office
        self._concurrency = concurrency
        self._max_items = max_items
        self._prepare = prepare
        self._running: dict[asyncio.Task[None], Claim] = {}
        self._started = 0
        self._woke_at = -WAKE_EVERY_S
        self._delivery = Delivery(office)
        self._changes = Changes(office, self._delivery)
        self._watching = Watching(office, self._delivery)
        self._asides = Asides(office, self._delivery)

    async def run(self, stop: asyncio.Event, *, grace_s: float = 15.0) -> None:
        """Work until `stop` is set; then finish what runs within the grace and give the rest back."""
        heartbeat = asyncio.create_task(self._keep_leases())
        try:
            while not stop.is_set() and self._started < self._max_items:
                await self._turn(stop)
        finally:
            if self._running:
                await asyncio.wait(self._running, timeout=grace_s)
            await self._give_back()
            heartbeat.cancel()
            await asyncio.gather(heartbeat, return_exceptions=True)

    async def _turn(self, stop: asyncio.Event) -> None:
        """Start what there is room for, then wait for room, for a moment, or for the end."""
        claims: tuple[Claim, ...] = ()
        room = self._concurrency - len(self._running)
        if room:
            try:
                claims = await self._office.inbox.claim(room, self._office.couriers.keys())
            except StoreUnavailable:
                _log.warning("the database does not answer; trying again")
                await asyncio.sleep(1)
        for claim in claims:
            task = asyncio.create_task(self._handle(claim))
            self._running[task] = claim
            self._started += 1
            task.add_done_callback(self._running.pop)
        stopping = asyncio.create_task(stop.wait())
        full = len(self._running) == self._concurrency
        await asyncio.wait({stopping, *self._running}, timeout=None if full else IDLE_S, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 4)
            if self._running:
                with contextlib.suppress(StoreUnavailable):
                    await self._office.inbox.renew(list(self._running.values()))

    async def _give_back(self) -> None:
        left = dict(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for claim in left.values():
            with contextlib.suppress(LeaseLost, StoreUnavailable):
                await self._office.inbox.postpone(claim, 0, error=False)

    async def _handle(self, claim: Claim) -> None:
        """Work on one item; whatever goes wrong, it is kept."""
        try:
            await self._dispatch(claim)
        except LeaseLost:
            _log.info("lease lost question=%s", claim.question.id)
        except SourceWithdrawn:
            _log.info("what the cache found was withdrawn question=%s; it is answered anew", claim.question.id)
            await self._later(claim, 0, error=False)
        except StoreUnavailable:
            _log.warning("the database failed question=%s; the lease will run out", claim.question.id)
        except DeliveryFailure as failure:
            await self._undelivered(claim, failure)
        except Exception as error:  # noqa: BLE001 (an item must survive any mistake of ours; its count of errors ends it)
            _log.error("failed question=%s error=%s", claim.question.id, type(error).__name__)
            await self._later(claim, min(2.0**claim.errors, MAX_WAIT_S), error=True)

    async def _later(self, claim: Claim, seconds: float, *, error: bool) -> None:
        with contextlib.suppress(LeaseLost, StoreUnavailable):
            await self._office.inbox.postpone(claim, seconds, error=error)

    async def _undelivered(self, claim: Claim, failure: DeliveryFailure) -> None:
        _log.warning("not delivered question=%s code=%s", claim.question.id, failure.code)
        if failure.retry_after_s is not None:
            # A platform that names a time means it; one that breaks does not, and gets more of it each time.
            backoff = min(0.5 * 2.0 ** min(claim.attempts, 8), MAX_WAIT_S) if failure.in_doubt else 0
            await self._later(claim, max(failure.retry_after_s, backoff), error=False)
            return
        with contextlib.suppress(LeaseLost, StoreUnavailable):
            await self._office.inbox.finish(claim, State.DEAD)

    async def _dispatch(self, claim: Claim) -> None:
        if claim.errors >= MAX_ERRORS or claim.crashes >= MAX_CRASHES:
            await self._give_up(claim)
        else:
            handlers = {
                Kind.EDITED: self._changes.edited,
                Kind.DELETED: self._changes.deleted,
                Kind.WATCH: self._watching.look,
                Kind.ANNOUNCE: self._asides.announce,
                Kind.AUDIT: self._audit,
                Kind.FEEDBACK: self._office.tell_gateway or self._office.inbox.finish,
            }
            if self._office.wiping:
                handlers[Kind.UNINSTALLED] = self._office.wiping.uninstalled
            await handlers.get(claim.question.kind, self._reply)(claim)

    async def _give_up(self, claim: Claim) -> None:
        """Apologise and keep the item as a dead letter, whatever becomes of the apology."""
        office, question = self._office, claim.question
        _log.error("gave up question=%s errors=%d crashes=%d", question.id, claim.errors, claim.crashes)
        if question.kind in (Kind.ASK, Kind.SMALL, Kind.ESCALATE, Kind.LIVE):
            if not claim.recorded:
                result = Result(Mode.OFF, None, (), None, failure=Failed(GAVE_UP, Cause.GAVE_UP))
                await office.records.keep(claim, result, at=office.clock(), expires_at=office.clock())
            with contextlib.suppress(Exception):
                await self._delivery.show(claim, Failed(GAVE_UP, Cause.GAVE_UP))
        await office.inbox.finish(claim, State.DEAD)

    async def _reply(self, claim: Claim) -> None:
        office, answer = self._office, None
        if not claim.recorded:
            if await self._asides.turned_away(claim):
                return
            claim = await self._placed(claim)
            answer, again = await self._answer_and_keep(claim)
            if again:
                await self._try_later(claim, again)
                return
        try:
            await self._delivery.show(claim, await self._kept(claim))
            await office.inbox.finish(claim)
        finally:
            # A reply that has to be shown later comes back without its answer: this is the one time to index it.
            if answer and office.aftermath:
                await office.aftermath.delivered(claim.question, answer)

    async def _placed(self, claim: Claim) -> Claim:
        """Show that the question is worked on. Where it failed, a try of its own accord leaves the message as it is."""
        if claim.reply is None:
            return replace(claim, reply=await self._delivery.place(claim))
        return await self._delivery.show(claim, Working()) if claim.retry_until is None else claim

    async def _try_later(self, claim: Claim, again: Again) -> None:
        """Say once that the question is kept, and give it back until the next try."""
        if claim.tries == 0:
            await self._delivery.show(claim, await self._kept(claim))
        await self._office.retries.later(claim, again.seconds)

    async def _kept(self, claim: Claim) -> Answered | Failed:
        """Return the reply that is in the store."""
        record = await self._office.records.get(claim.question.id)
        if record is None or record.reply is None:
            raise LookupError(claim.question.id)
        return record.reply

    async def _answer_and_keep(self, claim: Claim) -> tuple[Answer | None, Again | None]:
        """Answer and write the record; return the answer, or when to try again."""
        office = self._office
        try:
            result = await self._answer(claim.question)
            now = office.clock()
            again = next_try(claim, result, now, office.retry.window_s)
            result = kept(result, again) if again else result
            await office.records.keep(claim, result, at=now, expires_at=self._expiry(result, now))
        finally:
            if office.aftermath:
                await office.aftermath.landed(claim.question)
        await self._wake(result)
        return result.answer, again

    async def _wake(self, result: Result) -> None:
        """Let those be tried who failed before, now that a model answers; at most once a second."""
        now = asyncio.get_running_loop().time()
        answered = any(attempt.outcome is Outcome.ANSWERED for attempt in result.attempts if attempt.tier is not Tier.CACHE)
        if answered and now - self._woke_at >= WAKE_EVERY_S:
            self._woke_at = now
            await self._office.retries.wake(self._concurrency)

    async def _audit(self, claim: Claim) -> None:
        """Answer what the cache answered from a model, too, for the record alone."""
        if not claim.recorded:
            await self._answer_and_keep(claim)
        await self._office.inbox.finish(claim)

    async def _answer(self, question: Question) -> Result:
        if self._prepare:
            await self._prepare()
        result = await self._office.assistant.answer(question)
        tier = result.answer.tier.value if result.answer else "none"
        latency_ms = result.answer.latency_ms if result.answer else sum(attempt.latency_ms for attempt in result.attempts)
        _log.info("answered question=%s tier=%s ms=%d", question.id, tier, latency_ms)
        return result

    def _expiry(self, result: Result, now: datetime) -> datetime:
        """Return until when the answer may be served again: a best-effort one never."""
        again = result.answer and result.decision and not result.answer.best_effort
        return now + timedelta(seconds=self._office.ttl.of(result.decision.volatility) if again and result.decision else 0)
