"""A tier asked through a Portkey gateway, which goes through its targets by itself. The deadline and the answer check stay ours."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from portkey_ai import createHeaders

from router.answer_check import checked
from router.line import Reached, elapsed_ms
from router.litellm_call import Request, Said, call, messages_of
from router.litellm_errors import headers_of
from router.portkey import PROVIDER, Gateway, Slot, bare, compiled, from_cache, hashed, metadata_of, place_in, slots, variable_of
from router.prices import Prices
from router.targets import Target
from router.types import Completion, Cost, CostSource, ModelFailure, Outcome, Prompt, Tier

GRACE_S = 0.5
"""What a gateway may take on top of its targets' time."""

NO_KEY = "unused"
"""LiteLLM insists on a key for its own header; Portkey reads its own."""

WENT_ON = "the gateway went on"
OWN = "the gateway's own answer"


class PortkeyLine:
    """The `Line` of one tier. `simulated` is the address of the simulated models, as the gateway reaches them."""

    def __init__(self, tier: Tier, targets: Sequence[Target], gateway: Gateway, prices: Prices, simulated: str = "") -> None:
        self._tier = tier
        self._targets = targets
        self._gateway = gateway
        self._prices = prices
        self._simulated = simulated

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets' names in the policy."""
        return tuple(target.model for target in self._targets)

    async def ask(self, prompt: Prompt, places: Sequence[int], seconds: float) -> tuple[Reached, ...]:
        """Hand the targets to the gateway in one call. It does not tell why it went on, nor after how long."""
        asked = slots([self._targets[place] for place in places], seconds - GRACE_S)
        missing = next((name for name in (variable_of(slot.target) for slot in asked) if name and not os.environ.get(name)), "")
        if missing:
            return (Reached(ModelFailure(Outcome.UNAUTHORIZED, f"{missing} is not set"), 0),)
        started, messages, trace = time.monotonic(), messages_of(prompt), prompt.origin.trace_id if prompt.origin else ""
        try:
            said = await call(self._request(prompt, asked, messages))
        except ModelFailure as failure:
            headers = headers_of(failure.__cause__)
            return _reached(place_in(headers) or 0, _told(failure, headers), started, trace)
        place = place_in(said.headers) or 0
        return _reached(place, await self._checked(said, messages, asked[place].target), started, trace)

    def _request(self, prompt: Prompt, asked: Sequence[Slot], messages: list[dict[str, str]]) -> Request:
        return Request(
            model=f"openai/{bare(asked[0].target.model)}",
            messages=messages,
            timeout_s=sum(slot.seconds for slot in asked) + GRACE_S,
            api_base=self._gateway.base,
            api_key=NO_KEY,
            headers=self._headers(prompt, asked),
        )

    def _headers(self, prompt: Prompt, asked: Sequence[Slot]) -> dict[str, str]:
        origin, salt = prompt.origin, self._gateway.salt
        said = {
            "api_key": self._gateway.api_key or None,
            "config": compiled(self._gateway.policy, asked, os.environ.__getitem__, self._simulated),
            "trace_id": origin.trace_id if origin else None,
            "metadata": metadata_of(origin, self._tier.value, salt),
            "cache_namespace": hashed(salt, origin.scope) if origin else None,
            "cache_force_refresh": True if origin is None or origin.fresh else None,
            "debug": None if self._gateway.policy.logs == "full" else False,
        }
        given = {name: value for name, value in said.items() if value is not None}
        headers: dict[str, str] = createHeaders(**given)  # type: ignore[no-untyped-call]  # it takes its headers' names in snake case
        return headers

    async def _checked(self, said: Said, messages: list[dict[str, str]], target: Target) -> Completion | ModelFailure:
        try:
            completion = await checked(said, messages, target.model, self._prices)
        except ModelFailure as failure:
            return failure
        cost = Cost(Decimal(0), CostSource.REPORTED) if from_cache(said.headers) else completion.cost
        return replace(completion, cost=cost, provider=said.headers.get(PROVIDER, ""))


def _told(failure: ModelFailure, headers: Mapping[str, str]) -> ModelFailure:
    """Return a failure with what we know of whose it is."""
    if place_in(headers) is not None or failure.outcome is Outcome.TIMEOUT:
        return failure
    return ModelFailure(failure.outcome, f"{OWN}: {failure.detail}", retry_after_s=failure.retry_after_s)


def _reached(place: int, result: Completion | ModelFailure, started: float, trace: str) -> tuple[Reached, ...]:
    """Return the results up to a place: of those before it only that the gateway went on is known."""
    passed = tuple(Reached(ModelFailure(Outcome.UNAVAILABLE, WENT_ON), 0, trace) for _ in range(place))
    return (*passed, Reached(result, elapsed_ms(started), trace))
