"""Any embedding model that LiteLLM reaches, as an Embedder."""

import asyncio
import time
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from math import sqrt

from router.embedder import Vector
from router.index import IndexFailure, Reason
from router.line import elapsed_ms
from router.litellm_setup import litellm, quieten
from router.metering import note
from router.policy import CachePolicy
from router.prices import Prices
from router.types import Attempt, Outcome, Purpose, Tier, Usage

DEADLINE_S = 10.0
CACHED = 20_000
LONGEST = 8_000
"""Characters of a text that are embedded."""
BATCH = 64
"""Texts in one call: what every provider takes (Cohere's 96 is the least that is documented)."""


class LiteLLMEmbedder:
    """The embedding model that a policy names. Raises IndexFailure when it does not answer: without a vector there is no search."""

    def __init__(self, policy: CachePolicy, prices: Prices, *, api_base: str | None = None, api_key: str | None = None) -> None:
        quieten()
        # For an embedding LiteLLM takes "no retries" as nothing said and falls back on this.
        litellm.DEFAULT_MAX_RETRIES = 0  # type: ignore[attr-defined]  # imported there from its constants, and read there
        self._name = policy.embedder
        self._size = policy.embedder_size or 0
        self._threshold = policy.similarity or 0.0
        self._prices = prices
        self._api_base = api_base
        self._api_key = api_key
        self._vectors: OrderedDict[str, Vector] = OrderedDict()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    @property
    def size(self) -> int:
        """The number of dimensions."""
        return self._size

    @property
    def threshold(self) -> float:
        """The cosine from the policy."""
        return self._threshold

    async def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return one unit vector for each text, in order. Repeated texts come from memory. Raises IndexFailure."""
        cut = [text[:LONGEST] or " " for text in texts]
        # What is known is held on to: while we wait for the rest, others may push it out of the memory.
        known = {text: self._vectors[text] for text in cut if text in self._vectors}
        missing = [text for text in dict.fromkeys(cut) if text not in known]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            known |= zip(batch, await self._ask(batch), strict=True)
        for text in known:
            self._vectors[text] = known[text]
            self._vectors.move_to_end(text)
        while len(self._vectors) > CACHED:
            self._vectors.popitem(last=False)
        return tuple(known[text] for text in cut)

    async def _ask(self, texts: list[str]) -> list[Vector]:
        """Make one call and note it: what it cost, or at most may have cost when nobody waited for its end."""
        attempt, started = (
            Attempt(Tier.CACHE, self._name, Outcome.TIMEOUT, 0, datetime.now(UTC), purpose=Purpose.EMBEDDING),
            time.monotonic(),
        )
        attempt = replace(attempt, provider=self._name.partition("/")[0], at_most=self._at_most(texts))
        try:
            response, vectors = await self._call(texts)
            attempt = self._billed(attempt, response, texts)
        except IndexFailure as failure:
            if failure.reason is not Reason.SLOW:
                attempt = replace(attempt, outcome=Outcome.UNAVAILABLE, at_most=None)
            raise
        finally:
            note(replace(attempt, latency_ms=elapsed_ms(started)))
        if len(vectors) != len(texts) or any(len(vector) != self._size for vector in vectors):
            raise IndexFailure(Reason.WRONG_SIZE, f"the embedding model does not give {self._size} numbers a text")
        return [_unit(vector) for vector in vectors]

    async def _call(self, texts: list[str]) -> tuple[litellm.EmbeddingResponse, list[list[float]]]:
        try:
            async with asyncio.timeout(DEADLINE_S):
                response = await litellm.aembedding(
                    model=self._name, input=texts, api_base=self._api_base, api_key=self._api_key, timeout=DEADLINE_S, max_retries=0
                )
            return response, [row["embedding"] for row in sorted(response.data, key=lambda row: row["index"])]
        except (TimeoutError, litellm.exceptions.Timeout) as error:
            raise IndexFailure(Reason.SLOW, "the embedding model did not answer in time") from error
        except Exception as error:
            raise IndexFailure(Reason.DOWN, f"the embedding model failed: {type(error).__name__}") from error

    def _billed(self, attempt: Attempt, response: litellm.EmbeddingResponse, texts: list[str]) -> Attempt:
        """Return the attempt with the provider's count of tokens, or with the bound of them as an estimate."""
        reported = getattr(response.usage, "prompt_tokens", 0) or 0
        usage = Usage(reported or _most_tokens(texts), 0)
        cost = self._prices.cost(response.model or "", self._name, usage, reported=bool(reported))
        return replace(attempt, outcome=Outcome.ANSWERED, model=response.model or self._name, usage=usage, cost=cost)

    def _at_most(self, texts: list[str]) -> Decimal | None:
        return self._prices.cost(self._name, self._name, Usage(_most_tokens(texts), 0), reported=False).usd


def _most_tokens(texts: Sequence[str]) -> int:
    """Return a bound of the tokens that texts can have: none is of less than a byte."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)


def _unit(vector: Sequence[float]) -> Vector:
    length = sqrt(sum(value * value for value in vector)) or 1.0
    return array("f", (value / length for value in vector))
