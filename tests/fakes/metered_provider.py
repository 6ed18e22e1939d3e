"""An OpenAI-compatible provider whose bill is known: it reports what it is told to, cache reads and reasoning included."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from router.types import Usage


@dataclass
class MeteredProvider:
    """`bills` are the token counts of the calls to come, in order."""

    base: str = ""
    bills: list[Usage] = field(default_factory=list)

    async def chat(self, request: web.Request) -> web.Response:
        body, bill = await request.json(), self.bills.pop(0)
        usage = {
            "prompt_tokens": bill.prompt,
            "completion_tokens": bill.completion,
            "total_tokens": bill.prompt + bill.completion,
            "prompt_tokens_details": {"cached_tokens": bill.cached},
            "completion_tokens_details": {"reasoning_tokens": bill.reasoning},
        }
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "An answer."}}
        return web.json_response(
            {"id": "c1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": [choice], "usage": usage}
        )


@asynccontextmanager
async def metered_provider() -> AsyncIterator[MeteredProvider]:
    """Serve it on loopback."""
    made, app = MeteredProvider(), web.Application()
    app.router.add_post("/v1/chat/completions", made.chat)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    made.base = f"http://{host}:{port}/v1"
    yield made
    await runner.cleanup()
