"""An embedding model through LiteLLM: one unit vector a text, in order, kept; and a failure of the index when it does not answer."""

import asyncio
import json
import logging
import math
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from aiohttp import web

from router import litellm_embedder
from router.embedder import Embedder
from router.index import IndexFailure, Reason
from router.litellm_embedder import BATCH, LONGEST, LiteLLMEmbedder
from router.litellm_setup import close_clients
from router.metering import metered
from router.policy import CachePolicy, Price
from router.prices import Prices
from router.types import CostSource, Outcome, Purpose, Usage

SIZE = 3
POLICY = CachePolicy(embedder="openai/embeds", embedder_size=SIZE, similarity=0.8)
PRICES = Prices({"openai/embeds": Price(input=Decimal("0.02"), output=Decimal(0))})
CANARY = "canary-7f3a"
LISTENS = """
import json, sys
seen = []
sys.addaudithook(lambda event, given: seen.append(event) if event in ("socket.getaddrinfo", "socket.connect") else None)
import router.litellm_embedder
print(json.dumps(seen))
"""


@dataclass
class Provider:
    """An OpenAI-compatible server of embeddings: a text's vector is its length, its first letter and 1, in any order."""

    base: str = ""
    asked: list[list[str]] = field(default_factory=list)
    size: int = SIZE
    status: int = 200
    delay_s: float = 0.0
    short: int = 0
    """How many vectors are left out."""
    zero: bool = False
    tokens: int = 1

    async def embed(self, request: web.Request) -> web.Response:
        body = await request.json()
        texts = body["input"]
        self.asked.append(texts)
        await asyncio.sleep(self.delay_s)
        if self.status != 200:
            return web.json_response({"error": {"message": f"no: {texts}", "type": "server_error"}}, status=self.status)
        rows = [{"object": "embedding", "index": index, "embedding": self._vector(text)} for index, text in enumerate(texts)]
        usage = {"prompt_tokens": self.tokens, "total_tokens": self.tokens} if self.tokens else None
        return web.json_response({"object": "list", "model": "embeds", "data": rows[::-1][self.short :], "usage": usage})

    def _vector(self, text: str) -> list[float]:
        if self.zero:
            return [0.0] * self.size
        return [float(len(text)), float(ord(text[0])), *[1.0] * (self.size - 2)]


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    made = Provider()
    app = web.Application()
    app.router.add_post("/v1/embeddings", made.embed)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.base = f"http://{host}:{port}/v1"
    yield made
    await close_clients()
    await runner.cleanup()


@pytest.fixture
def embedder(provider: Provider) -> LiteLLMEmbedder:
    return LiteLLMEmbedder(POLICY, PRICES, api_base=provider.base, api_key="k")


def expected(text: str) -> list[float]:
    length = math.sqrt(len(text) ** 2 + ord(text[0]) ** 2 + 1)
    return [len(text) / length, ord(text[0]) / length, 1 / length]


async def failure_of(embedder: Embedder, *texts: str) -> IndexFailure:
    with pytest.raises(IndexFailure) as caught:
        await embedder.embed(texts)
    return caught.value


async def test_each_text_gets_its_own_unit_vector_in_order(embedder: LiteLLMEmbedder) -> None:
    texts = ["is bgp up", "why", "zeta", "is bgp up"]
    vectors = await embedder.embed(texts)
    for text, vector in zip(texts, vectors, strict=True):
        assert list(vector) == pytest.approx(expected(text))
        assert math.fsum(value * value for value in vector) == pytest.approx(1)


async def test_it_is_known_by_its_model_its_size_and_the_policy_s_threshold(embedder: LiteLLMEmbedder) -> None:
    made: Embedder = embedder
    assert (made.name, made.size, made.threshold) == ("openai/embeds", SIZE, 0.8)


async def test_no_text_needs_no_call(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    assert await embedder.embed([]) == ()
    assert provider.asked == []


async def test_a_text_is_asked_for_once(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    first = await embedder.embed(["a", "b", "a"])
    assert await embedder.embed(["b", "c", "a"]) == (first[1], (await embedder.embed(["c"]))[0], first[0])
    assert provider.asked == [["a", "b"], ["c"]]


async def test_many_texts_are_asked_for_in_batches_that_providers_take(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    texts = [f"text {number}" for number in range(BATCH * 2 + 1)]
    assert len(await embedder.embed(texts)) == len(texts)
    assert [len(batch) for batch in provider.asked] == [BATCH, BATCH, 1]


async def test_an_empty_text_has_a_vector_and_a_long_one_is_cut(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    await embedder.embed(["", "x" * (LONGEST + 1)])
    assert provider.asked == [[" ", "x" * LONGEST]]


async def test_the_texts_asked_for_longest_ago_leave_the_memory(
    embedder: LiteLLMEmbedder, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litellm_embedder, "CACHED", 2)
    for text in ("a", "b", "a", "c", "a", "b"):
        await embedder.embed([text])
    assert provider.asked == [["a"], ["b"], ["c"], ["b"]]


async def test_a_text_that_leaves_the_memory_while_another_is_asked_for_is_not_missed(
    embedder: LiteLLMEmbedder, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litellm_embedder, "CACHED", 1)
    await embedder.embed(["known"])
    provider.delay_s = 0.2
    slow = asyncio.create_task(embedder.embed(["known", "slow"]))
    await asyncio.sleep(0.05)
    provider.delay_s = 0
    await embedder.embed(["another"])
    vectors = await slow
    assert list(vectors[0]) == pytest.approx(expected("known"))


async def test_a_vector_of_nothing_is_no_division_by_zero(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    provider.zero = True
    assert [list(vector) for vector in await embedder.embed(["a"])] == [[0.0] * SIZE]


@pytest.mark.parametrize("size", [SIZE - 1, SIZE + 1])
async def test_vectors_of_another_size_than_the_policy_says_are_a_failure(embedder: LiteLLMEmbedder, provider: Provider, size: int) -> None:
    provider.size = size
    assert (await failure_of(embedder, "a")).reason is Reason.WRONG_SIZE


async def test_a_missing_vector_is_a_failure(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    provider.short = 1
    assert (await failure_of(embedder, "a", "b")).reason is Reason.WRONG_SIZE


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_provider_that_refuses_is_a_failure_that_tells_no_text(
    embedder: LiteLLMEmbedder, provider: Provider, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    provider.status = status
    with caplog.at_level(logging.INFO):
        failure = await failure_of(embedder, CANARY)
    assert failure.reason is Reason.DOWN
    assert CANARY not in str(failure) + caplog.text
    assert len(provider.asked) == 1, "it is asked once: the question's deadline is short"


async def test_a_provider_that_is_not_there_is_a_failure_at_once(provider: Provider) -> None:
    nowhere = LiteLLMEmbedder(POLICY, PRICES, api_base="http://127.0.0.1:9/v1", api_key="k")
    assert (await failure_of(nowhere, "a")).reason is Reason.DOWN


async def test_a_provider_that_hangs_is_slow(embedder: LiteLLMEmbedder, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    await embedder.embed(["warm"])
    monkeypatch.setattr(litellm_embedder, "DEADLINE_S", 0.3)
    provider.delay_s = 5
    assert (await failure_of(embedder, "a")).reason is Reason.SLOW


async def test_a_caller_that_does_not_wait_leaves_the_embedder_as_it_was(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    await embedder.embed(["warm"])
    provider.delay_s = 5
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await embedder.embed(["a"])
    provider.delay_s = 0
    assert list((await embedder.embed(["a"]))[0]) == pytest.approx(expected("a"))


async def test_a_failure_is_not_remembered(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    provider.status = 503
    await failure_of(embedder, "a")
    provider.status = 200
    assert list((await embedder.embed(["a"]))[0]) == pytest.approx(expected("a"))


def test_importing_it_talks_to_nobody() -> None:
    done = subprocess.run([sys.executable, "-c", LISTENS], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == []
    assert done.stderr == ""


async def test_a_call_is_noted_with_what_it_cost_and_a_known_vector_costs_nothing(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    provider.tokens = 500
    with metered() as made:
        await embedder.embed(["is cr1 up?"])
        await embedder.embed(["is cr1 up?"])
    (attempt,) = made
    assert (attempt.purpose, attempt.outcome, attempt.target, attempt.provider) == (
        Purpose.EMBEDDING,
        Outcome.ANSWERED,
        "openai/embeds",
        "openai",
    )
    assert (attempt.usage, attempt.cost.usd, attempt.cost.source) == (Usage(500, 0), Decimal("0.00001"), CostSource.REPORTED)


async def test_a_call_whose_provider_counts_nothing_costs_an_estimate(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    provider.tokens = 0
    with metered() as made:
        await embedder.embed(["is cr1 up?"])
    assert (made[0].usage, made[0].cost.source) == (Usage(10, 0), CostSource.ESTIMATED)
    assert made[0].cost.usd


async def test_a_call_that_nobody_waited_for_is_noted_with_what_it_cost_at_most(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    provider.delay_s = 5
    with metered() as made, pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await embedder.embed(["is cr1 up?"])
    assert (made[0].outcome, made[0].cost.usd, made[0].at_most) == (Outcome.TIMEOUT, None, Decimal("0.0000002"))


async def test_a_call_that_failed_is_noted_and_costs_nothing(embedder: LiteLLMEmbedder, provider: Provider) -> None:
    provider.status = 500
    with metered() as made:
        await failure_of(embedder, "is cr1 up?")
    assert (made[0].outcome, made[0].cost.usd, made[0].at_most) == (Outcome.UNAVAILABLE, None, None)
