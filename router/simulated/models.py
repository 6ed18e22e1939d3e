"""The names, prices and latencies of the simulated models."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from router.policy import Price

PROVIDER = "simulated/"
"""The prefix of a simulated model in a policy: `simulated/small`."""

_NAME = re.compile(r"(small|frontier)(?:-[a-z0-9]+)*")


class UnknownModelError(ValueError):
    """No simulated model has this name; the message says which names there are."""


@dataclass(frozen=True, slots=True)
class SimulatedModel:
    """One simulated model. `base` is `small` or `frontier`; `latency_s` is what an answer takes on the average."""

    name: str
    base: str
    latency_s: float


LATENCY_S: Mapping[str, float] = MappingProxyType({"small": 0.35, "frontier": 1.4})
"""Seconds of one answer: what a short question takes a hosted model of each size, so that a demo feels real."""

BASE_PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "small": Price(input=Decimal("0.25"), output=Decimal(2), cached_input=Decimal("0.025")),
        "frontier": Price(input=Decimal("1.25"), output=Decimal(10), cached_input=Decimal("0.125")),
    }
)
"""US dollars per million tokens: the list prices of a current small and frontier model, so that savings are of a real size."""

PRICES: Mapping[str, Price] = MappingProxyType({PROVIDER + base: price for base, price in BASE_PRICES.items()})
"""The same by policy name, for a policy's `prices` section."""


def simulated_model(name: str) -> SimulatedModel:
    """Return the model of a name, with or without `simulated/`.

    `small` and `frontier` exist, and any `small-...` or `frontier-...` stands for the same model at another provider, so that a
    chain can be tried. Raises UnknownModelError.
    """
    bare = name.removeprefix(PROVIDER)
    match = _NAME.fullmatch(bare)
    if match is None:
        raise UnknownModelError(f"no simulated model is called {name!r}: there are small, frontier, and small-... or frontier-...")
    return SimulatedModel(bare, match[1], LATENCY_S[match[1]])


def simulated_price(name: str) -> Price | None:
    """Return the price of a policy name such as `simulated/frontier-b`; None for any other provider's or an unknown name."""
    if not name.startswith(PROVIDER):
        return None
    try:
        return BASE_PRICES[simulated_model(name).base]
    except UnknownModelError:
        return None
