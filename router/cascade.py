"""The cascade: serves an earlier answer or decides which tier answers, and is the only code that decides to go on to another."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from router.chain import FINAL, Chain, Limits
from router.difficulty import decide
from router.estimates import Estimates
from router.judge import Judge
from router.line import elapsed_ms
from router.metering import metered
from router.policy import Policy
from router.prices import Prices
from router.purse import OpenPurse, Purse
from router.shelf import NOTHING, Cache, Found
from router.types import Answer, Attempt, Decision, Judgement, Mode, NoAnswer, Origin, Prompt, Query, Tier

PATIENCE_S = 45.0
"""How long a question waits for the answer to the same question that somebody else asked a moment before."""

KEPT = 0.25
"""The share of a question's seconds that is kept for the other tier."""

JUDGED = "the small model judged it the same question"


class Router:
    """Answers queries. `chains` holds the small and the frontier tier; without a cache every query goes to one of them."""

    def __init__(self, policy: Policy, chains: Mapping[Tier, Chain], cache: Cache | None = None) -> None:
        self._policy = policy
        self._chains = chains
        self._cache = cache
        self._judge = Judge(chains[Tier.SMALL])
        self._estimates = Estimates(policy, Prices(policy.prices))

    async def route(self, query: Query, purse: Purse | None = None) -> Answer:
        """Answer a query from the cheapest source that can and that the purse allows. Raises NoAnswer with every attempt."""
        purse = purse or OpenPurse()
        started = time.monotonic()
        decision = decide(query.text, self._policy.routing, has_context=bool(query.context))
        serving = query.mode is Mode.ON and self._policy.cache.mode is Mode.ON
        with metered() as embedded:
            found = await self._look_up(query, decision, patience_s=min(PATIENCE_S, self._policy.chain.total_s / 2) if serving else 0)
        found, judgement, spent = await self._judged(query, decision, found, purse)
        spent = (*embedded, *spent)
        if found.stored and serving:
            stored = found.stored
            answer = Answer(stored.answer, Tier.CACHE, stored.model, decision, spent, elapsed_ms(started), match=found.match)
            answer = replace(answer, judgement=judgement, sources=stored.sources)
            return self._estimates.valued(answer, _wanted(query, decision), stored.usage)
        try:
            answer = await self._ask(query, decision, started, purse)
        except NoAnswer as failed:
            raise NoAnswer(decision, spent + failed.attempts, failed.latency_ms) from failed
        answer = self._estimates.valued(answer, answer.tier, answer.attempts[-1].usage)
        remembered = found.entry if _is_worth_keeping(answer) else None
        return replace(answer, attempts=spent + answer.attempts, match=found.match, entry=remembered, judgement=judgement)

    async def _judged(
        self, query: Query, decision: Decision, found: Found, purse: Purse
    ) -> tuple[Found, Judgement | None, tuple[Attempt, ...]]:
        """Put an unsettled candidate to the small model where that may spare the frontier model the question, and may be paid."""
        setting = self._policy.cache.judge
        if found.grey is None or setting == "off" or _wanted(query, decision) is not Tier.FRONTIER:
            return found, None, ()
        grey = found.grey
        prompt = self._judge.prompt(grey.stored.question, query.text)
        if not await purse.reserve(Tier.SMALL, self._estimates.worst(Tier.SMALL, prompt)):
            return found, None, ()
        same, attempts = await self._judge.same(grey.stored.question, query.text)
        attempts = tuple(self._estimates.bounded(attempt, prompt) for attempt in attempts)
        judgement = None if same is None else Judgement(grey.stored.question_id, same)
        if same and setting == "frontier":
            return Found(grey.stored, replace(grey.match, reason=JUDGED), None), judgement, attempts
        return found, judgement, attempts

    async def _look_up(self, query: Query, decision: Decision, *, patience_s: float) -> Found:
        """Ask the cache. A query that needs its thread is not answered by an earlier answer."""
        off = Mode.OFF in (query.mode, self._policy.cache.mode)
        if self._cache is None or off or query.context:
            return NOTHING
        return await self._cache.look_up(query, self._policy.ttl.of(decision.volatility), patience_s=patience_s)

    async def _ask(self, query: Query, decision: Decision, started: float, purse: Purse) -> Answer:
        """Ask the tiers in their order, as far as the purse allows."""
        origin = Origin(query.id, query.scope.tenant, query.user, query.scope.key, query.fresh)
        prompt = Prompt(self._policy.instructions, query.text, query.context, origin)
        wanted = _wanted(query, decision)
        made: tuple[Attempt, ...] = ()
        tiers = _order(query, wanted)
        for tier in tiers:
            limits = self._limits(made, started, last=tier is tiers[-1])
            if made and (limits.calls < 1 or limits.seconds <= 0):
                break
            if not await purse.reserve(tier, self._estimates.worst(tier, prompt)):
                continue
            best_effort = bool(made) and wanted is Tier.FRONTIER and tier is Tier.SMALL
            completion, attempts = await self._chains[tier].ask(prompt, limits)
            made += tuple(self._estimates.bounded(attempt, prompt) for attempt in attempts)
            if completion:
                ms, sources = elapsed_ms(started), completion.sources
                return Answer(completion.text, tier, completion.model, decision, made, ms, best_effort, sources)
            if attempts[-1].outcome in FINAL:
                break
        raise NoAnswer(decision, made, elapsed_ms(started))

    def _limits(self, made: Sequence[Attempt], started: float, *, last: bool) -> Limits:
        """Return what a tier may use of what the question has left: the last one what was kept for it, the first one at least as much."""
        policy = self._policy.chain
        kept_s = policy.total_s * KEPT
        calls = policy.max_calls - sum(attempt.called for attempt in made) - (not last)
        seconds = policy.total_s - (time.monotonic() - started) - (0 if last else kept_s)
        return Limits(calls, seconds, policy.wait_s) if made else Limits(max(calls, 1), max(seconds, kept_s), policy.wait_s)


def _is_worth_keeping(answer: Answer) -> bool:
    """Whether an answer may be served again: not one from a lesser tier than its question needs."""
    return not answer.best_effort and (answer.tier is Tier.FRONTIER or answer.decision.tier is Tier.SMALL)


def _wanted(query: Query, decision: Decision) -> Tier:
    """Return the tier that should answer: what was asked for, else the decision's where routing is on, within the ceiling."""
    wanted = query.forced or (decision.tier if query.mode is Mode.ON else Tier.FRONTIER)
    return Tier.SMALL if query.ceiling is Tier.SMALL else wanted


def _order(query: Query, wanted: Tier) -> tuple[Tier, ...]:
    """Return the tiers to ask: the wanted one, then the other where failures may be answered by it."""
    if query.strict or query.ceiling is Tier.SMALL:
        return (wanted,)
    return (wanted, Tier.FRONTIER if wanted is Tier.SMALL else Tier.SMALL)
