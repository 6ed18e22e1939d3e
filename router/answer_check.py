"""What makes an answer one that may be served: whole, not empty, and with a known or estimated cost."""

import asyncio

from router.litellm_call import Said
from router.litellm_setup import litellm
from router.prices import Prices, plausible
from router.types import Completion, Cost, ModelFailure, Outcome, Unfinished, Usage

COUNTING_MODEL = "gpt-4o"
"""Estimates are counted with this model's tokenizer, which LiteLLM bundles; others would be downloaded."""

CUT_OFF = frozenset({"length", "content_filter"})
"""Ends by which a provider says that it stopped half-way, though it works."""


async def checked(said: Said, messages: list[dict[str, str]], requested: str, prices: Prices) -> Completion:
    """Return an answer that is whole. Raises ModelFailure with what it cost all the same."""
    usage, reported = said.usage, said.usage is not None and plausible(said.usage, said.text)
    if usage is None or not reported:
        usage = await asyncio.to_thread(_estimated_usage, messages, said.text)
    cost = prices.cost(said.model, requested, usage, reported=reported)
    if said.finish != "stop":
        raise _unfinished(said.finish, usage, cost)
    if not said.text.strip():
        raise ModelFailure(Outcome.BAD_ANSWER, "empty", usage=usage, cost=cost)
    return Completion(text=said.text, model=said.model or requested, usage=usage, cost=cost, sources=said.sources)


def _unfinished(finish: str, usage: Usage, cost: Cost) -> ModelFailure:
    kind = Unfinished if finish in CUT_OFF else ModelFailure
    return kind(Outcome.BAD_ANSWER, f"finish_reason {finish}" if finish else "no end", usage=usage, cost=cost)


def _estimated_usage(messages: list[dict[str, str]], text: str) -> Usage:
    """Count the tokens ourselves. The tokenizer's first load takes half a second, hence off the event loop."""
    prompt = litellm.token_counter(model=COUNTING_MODEL, messages=messages)
    completion = litellm.token_counter(model=COUNTING_MODEL, text=text) if text else 0
    return Usage(prompt, completion)
