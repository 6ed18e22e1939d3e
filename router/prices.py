"""What a call costs: prices from the policy, the simulated models and LiteLLM's bundled table, each with its source."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from router.policy import Policy, Price
from router.simulated.models import simulated_price
from router.types import UNKNOWN_COST, Cost, CostSource, Quote, Usage

POLICY = "policy"
SIMULATED = "simulated"

TABLE_FILE = "model_prices_and_context_window_backup.json"
"""LiteLLM's price table, inside its package; `litellm.model_cost` is read from it."""

PER_MILLION = 6
"""Prices are stated for 10**6 tokens; moving the decimal point keeps Decimal exact."""

MAX_TOKENS = 100_000_000
"""No model takes or writes this many tokens in one call: a larger count is a provider's error."""

_DATED = re.compile(r"[-@:]\d{4,8}(?:-\d{2}-\d{2})?(?:-v\d+)?(?::\d+)?")
"""What providers add to a model's name to name its snapshot: `gpt-5.1-2025-11-13`, `claude-haiku-4-5-20251001`, `gpt-4-0613`."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """A table of prices by model name that came with a library.

    `source` names it with its version, `as_of` is the day that it was installed here: the table itself names none.
    """

    source: str
    prices: Mapping[str, Price]
    as_of: date | None = None


class Prices:
    """The prices of models: the policy's own first, then the simulated models', then a bundled table's (LiteLLM's by default).

    A name is looked up as `provider/name`, then as the bare `name`.
    """

    def __init__(self, own: Mapping[str, Price], bundled: Bundled | None = None) -> None:
        self._own = own
        self._bundled = litellm_table() if bundled is None else bundled

    def of(self, model: str) -> Quote | None:
        """Return the price of a model, or None when nobody states one."""
        return (
            _quote(self._own.get(model) or self._own.get(_bare(model)), POLICY)
            or _quote(simulated_price(model), SIMULATED)
            or _quote(self._bundled.prices.get(model) or self._bundled.prices.get(_bare(model)), self._bundled.source, self._bundled.as_of)
        )

    def missing(self, policy: Policy) -> list[str]:
        """Return the models of a policy's targets that have no price, each once, in the policy's order."""
        models = dict.fromkeys(target.model for target in policy.targets())
        return [model for model in models if self.of(model) is None]

    def cost(self, answered: str, requested: str, usage: Usage, *, reported: bool) -> Cost:
        """Return what a call cost: the tokens at the price of the model that answered.

        `reported` says that the counts are the provider's own. Where the answering model has no price, the requested one's is
        taken, and the cost is an estimate. With neither, or with counts that cannot be, the cost is unknown, never zero.
        """
        if not _countable(usage):
            return UNKNOWN_COST
        quote = self._of_answering(answered, requested)
        exact = quote is not None
        quote = quote or self.of(requested)
        if quote is None:
            return UNKNOWN_COST
        return Cost(usd_of(quote, usage), CostSource.REPORTED if reported and exact else CostSource.ESTIMATED, quote)

    def _of_answering(self, answered: str, requested: str) -> Quote | None:
        """Return the answering model's price.

        Providers answer with the bare name, often that of a dated snapshot: then a price that the policy states for the model
        that was asked for holds for it as well.
        """
        if not answered:
            return None
        name = _bare(requested)
        if answered in {requested, name} or _is_snapshot(answered, name):
            return self._of_snapshot(answered, requested)
        provider = requested.removesuffix(name)
        return self.of(provider + answered) or self.of(answered)

    def _of_snapshot(self, answered: str, requested: str) -> Quote | None:
        return _quote(self._own.get(answered), POLICY) or self.of(requested) or self.of(answered)


def plausible(usage: Usage, text: str) -> bool:
    """Whether a provider's token counts can be true for a text: none negative or beyond reason, some output for some text.

    What fails here counts as not reported.
    """
    return _countable(usage) and usage.prompt > 0 and (usage.completion > 0 or not text)


@cache
def litellm_table() -> Bundled:
    """Return LiteLLM's bundled prices, read once as a file: importing the package for them would take seconds.

    Entries without a price a token, or with zero for both, are left out: the table says zero where it does not know or where a
    model is billed otherwise. Surcharges for very long prompts are left out too: our prompts stay far below them.
    """
    spec = find_spec("litellm")
    if spec is None or spec.origin is None:
        return Bundled("litellm (not installed)", {})
    path = Path(spec.origin).with_name(TABLE_FILE)
    table = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    prices = {name: price for name, entry in table.items() if (price := _price(entry)) is not None}
    return Bundled(f"litellm {version('litellm')}", prices, datetime.fromtimestamp(path.stat().st_mtime, UTC).date())


def usd_of(quote: Quote, usage: Usage) -> Decimal:
    """Return what so many tokens cost at a price, exactly."""
    per_million = (usage.prompt - usage.cached) * quote.input + usage.cached * quote.cached + usage.completion * quote.output
    return per_million.scaleb(-PER_MILLION)


def _quote(price: Price | None, source: str, as_of: date | None = None) -> Quote | None:
    if price is None:
        return None
    cached = price.input if price.cached_input is None else price.cached_input
    return Quote(price.input, price.output, cached, source, price.as_of or as_of)


def _price(entry: Mapping[str, object]) -> Price | None:
    """Return the price of one entry of LiteLLM's table, whose amounts are US dollars a token."""
    prompt, completion = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
    if not isinstance(prompt, Decimal) or not isinstance(completion, Decimal) or not prompt + completion:
        return None
    cached = entry.get("cache_read_input_token_cost")
    return Price(
        input=_per_million(prompt),
        output=_per_million(completion),
        cached_input=_per_million(cached) if isinstance(cached, Decimal) else None,
    )


def _per_million(per_token: Decimal) -> Decimal:
    """Return the price of a million tokens, written without an exponent (10, not 1E+1): people read it."""
    return Decimal(f"{per_token.scaleb(PER_MILLION):f}")


def _countable(usage: Usage) -> bool:
    counts = (usage.prompt, usage.completion, usage.cached, usage.reasoning)
    return all(0 <= count <= MAX_TOKENS for count in counts) and usage.cached <= usage.prompt


def _bare(model: str) -> str:
    """Return a model's name without its provider."""
    return model.partition("/")[2] or model


def _is_snapshot(answered: str, name: str) -> bool:
    return answered.startswith(name) and _DATED.fullmatch(answered.removeprefix(name)) is not None
