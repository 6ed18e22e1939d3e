"""A running server of simulated models, with a client to talk to it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, ClientTimeout

from router.simulated.server import SimulatedModels

SOON = ClientTimeout(total=2)


@dataclass(frozen=True)
class Bench:
    """A running server, and a client to talk to it."""

    models: SimulatedModels
    base: str
    http: ClientSession

    async def post(self, body: object) -> tuple[int, str]:
        async with self.http.post(f"{self.base}/chat/completions", json=body) as response:
            return response.status, await response.text()

    async def ask(self, text: str, model: str = "frontier") -> dict[str, object]:
        status, body = await self.post({"model": model, "messages": [{"role": "user", "content": text}]})
        assert status == 200
        parsed: dict[str, object] = json.loads(body)
        return parsed

    @property
    def control(self) -> str:
        return self.base.removesuffix("/v1") + "/control/models/"


@asynccontextmanager
async def running_bench() -> AsyncIterator[Bench]:
    """Models that answer at once, and drip ten pieces a second when told to."""
    models = SimulatedModels(latency_scale=0, drip_s=0.1)
    base = await models.start()
    async with ClientSession(timeout=SOON) as http:
        yield Bench(models, base, http)
    await models.stop()


def chat(text: str = "what is rfc1918", **more: object) -> dict[str, object]:
    """The body of a request to the frontier model; `more` are further fields of it."""
    return {"model": "frontier", "messages": [{"role": "user", "content": text}], **more}


def content(answer: dict[str, object]) -> str:
    text: str = answer["choices"][0]["message"]["content"]  # type: ignore[index]  # a JSON answer
    return text
