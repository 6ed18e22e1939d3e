"""The OpenAI-compatible server of the simulated models: loopback only, with latency and faults set per model at run time."""

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, replace

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from router.simulated.breaking import BROKEN, HANG_S, cut, drop, respond, stall
from router.simulated.faults import ERROR_REPLIES, RETRY_AFTER, Fault, error_reply
from router.simulated.knowledge import Knowledge, load_knowledge
from router.simulated.models import BASE_PRICES, SimulatedModel, UnknownModelError, simulated_model
from router.simulated.protocol import ChatRequest, Choice, complete_choice, completion_body, spoil, stream_events
from router.types import Source

HOST = "127.0.0.1"
"""Simulated models never leave the machine."""

DRIP_BYTES = 8
JITTER = 0.25
"""An answer takes its model's latency give or take this share, by the question's own hash: runs can be repeated."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How one model behaves now. `latency_s` None is its natural latency, scaled and jittered; a number is taken as it is.

    `retry_after` is what it sends as Retry-After when it is rate limited; empty is no such header. `sources` are what it cites.
    """

    fault: Fault | None = None
    latency_s: float | None = None
    retry_after: str = RETRY_AFTER
    sources: tuple[Source, ...] = ()


class _Change(BaseModel):
    """The body of `PUT /control/models/NAME`: only what is named changes; null takes a fault or a latency back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: Fault | None = None
    latency_s: float | None = Field(default=None, ge=0, le=HANG_S)


class SimulatedModels:
    """`small` and `frontier`, and any `small-...` or `frontier-...` as the same model at another provider.

    `latency_scale` multiplies the natural latencies (0 for tests and replays). `drip_s` is the pause between the pieces of an
    answer under `Fault.DRIP`.
    """

    def __init__(self, *, latency_scale: float = 1.0, drip_s: float = 0.5) -> None:
        self._latency_scale = latency_scale
        self._drip_s = drip_s
        self._knowledge: Knowledge = load_knowledge()
        self._behaviours: dict[str, Behaviour] = {}
        self._asked: Counter[str] = Counter()
        self._answering = 0
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on a loopback port, by default a free one, and return the base URL for clients. Raises OSError when it is taken."""
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._counted)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/control/models/{name}", self._read_control)
        app.router.add_put("/control/models/{name}", self._write_control)
        # A hanging request must neither outlive its client nor hold up the end.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, port).start()
        return f"http://{HOST}:{self._runner.addresses[0][1]}/v1"

    async def stop(self) -> None:
        """Stop listening and drop what still hangs. Safe to repeat."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def set_fault(self, model: str, fault: Fault | None) -> None:
        """Make a model fail, or work again with None. Raises UnknownModelError."""
        name = simulated_model(model).name
        self._behaviours[name] = replace(self._behaviour(name), fault=fault)

    def set_latency(self, model: str, seconds: float | None) -> None:
        """Let each answer take exactly so long, or its natural latency again with None. Raises UnknownModelError."""
        name = simulated_model(model).name
        self._behaviours[name] = replace(self._behaviour(name), latency_s=seconds)

    def set_retry_after(self, model: str, value: str) -> None:
        """Let a rate-limited model send this as Retry-After. Raises UnknownModelError."""
        name = simulated_model(model).name
        self._behaviours[name] = replace(self._behaviour(name), retry_after=value)

    def set_sources(self, model: str, sources: tuple[Source, ...]) -> None:
        """Let a model cite these from now on. Raises UnknownModelError."""
        name = simulated_model(model).name
        self._behaviours[name] = replace(self._behaviour(name), sources=sources)

    def behaviour(self, model: str) -> Behaviour:
        """Return how a model behaves now. Raises UnknownModelError."""
        return self._behaviour(simulated_model(model).name)

    def asked(self, model: str) -> int:
        """Return how many questions a model has been sent, answered or not. Raises UnknownModelError."""
        return self._asked[simulated_model(model).name]

    def _behaviour(self, name: str) -> Behaviour:
        return self._behaviours.get(name, Behaviour())

    def _latency_s(self, model: SimulatedModel, question: str) -> float:
        exact = self._behaviour(model.name).latency_s
        if exact is not None:
            return exact
        digest = hashlib.sha256(f"{model.name}\n{question}".encode()).digest()
        jitter = 1 + JITTER * (2 * digest[0] / 255 - 1)
        return model.latency_s * jitter * self._latency_scale

    @property
    def answering(self) -> int:
        """How many requests are open now."""
        return self._answering

    async def _counted(self, http: web.Request) -> web.StreamResponse:
        self._answering += 1
        try:
            return await self._chat(http)
        except ConnectionResetError:
            # The client left in the middle of the answer, as it should when one drips.
            return web.Response()
        finally:
            self._answering -= 1

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        try:
            request = ChatRequest.model_validate_json(await http.read())
            model = simulated_model(request.model)
        except UnknownModelError as error:
            return respond(error_reply(404, "invalid_request_error", "model_not_found", str(error)))
        except ValidationError:
            return respond(error_reply(400, "invalid_request_error", "invalid_body", "The body is not a chat request."))
        self._asked[model.name] += 1
        await asyncio.sleep(self._latency_s(model, request.question))
        behaviour = self._behaviour(model.name)
        fault = behaviour.fault
        if fault in ERROR_REPLIES:
            reply = ERROR_REPLIES[fault]
            return respond(replace(reply, retry_after=behaviour.retry_after) if reply.retry_after else reply)
        if fault in BROKEN:
            return await BROKEN[fault](http)
        choice = spoil(complete_choice(request, self._knowledge.answer(model, request.question, request.earlier)), fault)
        choice = replace(choice, sources=behaviour.sources)
        if request.stream:
            return await self._stream(http, choice, fault, include_usage=request.stream_options.include_usage)
        return await self._whole(http, completion_body(choice, with_choice=fault is not Fault.NO_CHOICES), fault)

    async def _whole(self, http: web.Request, body: bytes, fault: Fault | None) -> web.StreamResponse:
        if fault is Fault.CUT:
            return await cut(http, body)
        if fault is Fault.STALL:
            return await stall(http, body)
        if fault is not Fault.DRIP:
            return web.Response(body=body, content_type="application/json")
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(http)
        for at in range(0, len(body), DRIP_BYTES):
            await response.write(body[at : at + DRIP_BYTES])
            await asyncio.sleep(self._drip_s)
        return response

    async def _stream(self, http: web.Request, choice: Choice, fault: Fault | None, *, include_usage: bool) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(http)
        ends = replace(choice, finish=None) if fault in {Fault.TRUNCATED, Fault.CUT} else choice
        events = list(stream_events(ends, include_usage=include_usage, with_choice=fault is not Fault.NO_CHOICES))
        for event in events[: len(events) // 2] if fault in {Fault.STALL, Fault.CUT} else events:
            await response.write(event)
            if fault is Fault.DRIP:
                await asyncio.sleep(self._drip_s)
        if fault is Fault.STALL:
            await asyncio.sleep(HANG_S)
        if fault is Fault.CUT:
            drop(http)
        return response

    async def _models(self, _http: web.Request) -> web.Response:
        models = [{"id": base, "object": "model", "owned_by": "switchboard-simulated"} for base in BASE_PRICES]
        return web.json_response({"object": "list", "data": models})

    async def _read_control(self, http: web.Request) -> web.Response:
        try:
            return _describe(self.behaviour(http.match_info["name"]))
        except UnknownModelError as error:
            return respond(error_reply(404, "invalid_request_error", "model_not_found", str(error)))

    async def _write_control(self, http: web.Request) -> web.Response:
        try:
            name = simulated_model(http.match_info["name"]).name
            change = _Change.model_validate_json(await http.read())
        except UnknownModelError as error:
            return respond(error_reply(404, "invalid_request_error", "model_not_found", str(error)))
        except ValidationError as error:
            return respond(error_reply(400, "invalid_request_error", "invalid_body", error.errors()[0]["msg"]))
        if "fault" in change.model_fields_set:
            self.set_fault(name, change.fault)
        if "latency_s" in change.model_fields_set:
            self.set_latency(name, change.latency_s)
        return _describe(self._behaviour(name))


def _describe(behaviour: Behaviour) -> web.Response:
    return web.json_response({"fault": behaviour.fault, "latency_s": behaviour.latency_s})
