"""A stand-in for Portkey's hosted API: answers, models, feedback. What it was sent last is kept."""

import json

from aiohttp import web

ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "frontier",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "It is."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
}


class FakePortkey:
    """Answers with `status` and `reply_headers`; `key` is the one that it accepts, empty for any."""

    def __init__(self, key: str = "") -> None:
        self.key = key
        self.status = 200
        self.reply_headers = {"x-portkey-last-used-option-index": "config.targets[0]", "x-portkey-provider": "openai"}
        self.headers: dict[str, str] = {}
        self.body: dict[str, object] = {}
        self.feedback: list[dict[str, object]] = []
        self.base = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/feedback", self._feedback)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _chat(self, request: web.Request) -> web.Response:
        self.headers = {name.lower(): value for name, value in request.headers.items()}
        self.body = await request.json()
        body = ANSWER if self.status == 200 else {"status": "failure", "message": "no"}
        return web.json_response(body, status=self.status, headers=self.reply_headers)

    async def _models(self, request: web.Request) -> web.Response:
        if self.key and request.headers.get("x-portkey-api-key") != self.key:
            return web.json_response({"status": "failure", "message": "Invalid API Key"}, status=401)
        return web.json_response({"object": "list", "data": []}, status=self.status)

    async def _feedback(self, request: web.Request) -> web.Response:
        self.headers = {name.lower(): value for name, value in request.headers.items()}
        if self.status == 200:
            self.feedback.append(json.loads(await request.text()))
        return web.json_response({"status": "success", "message": "ok", "feedback_ids": ["1"]}, status=self.status)
