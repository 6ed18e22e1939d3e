"""The cascade: decides which tier answers a query, and is the only code that decides to go on to another."""

import time
from collections.abc import Mapping

from router.chain import FINAL, Chain, elapsed_ms
from router.difficulty import decide
from router.policy import Policy
from router.types import Answer, Attempt, Decision, Mode, NoAnswer, Prompt, Query, Tier


class Router:
    """Answers queries. `chains` holds the small and the frontier tier."""

    def __init__(self, policy: Policy, chains: Mapping[Tier, Chain]) -> None:
        self._policy = policy
        self._chains = chains

    async def route(self, query: Query) -> Answer:
        """Answer a query from the cheapest tier that can. Raises NoAnswer with every attempt."""
        started = time.monotonic()
        decision = decide(query.text, self._policy.routing, has_context=bool(query.context))
        prompt = Prompt(self._policy.instructions, query.text, query.context)
        wanted = _wanted(query, decision)
        made: tuple[Attempt, ...] = ()
        for tier in _order(query, wanted):
            completion, attempts = await self._chains[tier].ask(prompt)
            made += attempts
            if completion:
                return Answer(
                    text=completion.text,
                    tier=tier,
                    model=completion.model,
                    decision=decision,
                    attempts=made,
                    latency_ms=elapsed_ms(started),
                    best_effort=wanted is Tier.FRONTIER and tier is Tier.SMALL,
                )
            if attempts[-1].outcome in FINAL:
                break
        raise NoAnswer(decision, made, elapsed_ms(started))


def _wanted(query: Query, decision: Decision) -> Tier:
    """Return the tier that should answer: what was asked for, else the decision's where routing is on, within the ceiling."""
    wanted = query.forced or (decision.tier if query.mode is Mode.ON else Tier.FRONTIER)
    return Tier.SMALL if query.ceiling is Tier.SMALL else wanted


def _order(query: Query, wanted: Tier) -> tuple[Tier, ...]:
    """Return the tiers to ask: the wanted one, then the other where failures may be answered by it."""
    if query.strict or query.ceiling is Tier.SMALL:
        return (wanted,)
    return (wanted, Tier.FRONTIER if wanted is Tier.SMALL else Tier.SMALL)
