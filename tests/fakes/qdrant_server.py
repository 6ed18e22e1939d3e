"""A stand-in for a Qdrant server: its REST paths over the client's own in-memory engine, with faults on demand."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from enum import StrEnum

from aiohttp import web
from pydantic import BaseModel
from qdrant_client import AsyncQdrantClient, models

DRIP_S = 0.02


class Fault(StrEnum):
    """How the server goes wrong."""

    NONE = "none"
    HANG = "hang"
    DRIP = "drip"
    RESET = "reset"
    GARBAGE = "garbage"
    OTHER_FORM = "other_form"
    ERROR = "error"
    FULL = "full"
    SIZE = "size"
    UNAVAILABLE = "unavailable"
    LIMITED = "limited"
    UNAUTHORIZED = "unauthorized"


ANSWERS = {
    Fault.GARBAGE: (200, "<html>welcome"),
    Fault.OTHER_FORM: (200, '{"result": {"points": 7}}'),
    Fault.ERROR: (500, '{"status": {"error": "Service internal error: oops"}}'),
    Fault.FULL: (500, '{"status": {"error": "Service internal error: No space left on device"}}'),
    Fault.SIZE: (400, '{"status": {"error": "Wrong input: Vector dimension error: expected dim: 4, got 3"}}'),
    Fault.UNAVAILABLE: (503, "<html>no backend"),
    Fault.LIMITED: (429, '{"status": {"error": "too fast"}}'),
    Fault.UNAUTHORIZED: (401, "Must provide an API key"),
}


class FakeQdrant:
    """Collections in memory. `fault` strikes the requests whose path ends with `at`; `seen` are the requests so far."""

    def __init__(self) -> None:
        self.engine = AsyncQdrantClient(":memory:")
        self.fault = Fault.NONE
        self.at = ""
        self.seen: list[str] = []
        self.indexes: dict[str, dict[str, str]] = {}
        self.keys: set[str] = set()
        self._over = asyncio.Event()

    def asked(self, ending: str) -> int:
        """How many requests of this method and path ending came."""
        return sum(line.endswith(ending) for line in self.seen)

    async def lose(self) -> None:
        """Drop all collections behind the clients' backs."""
        for collection in (await self.engine.get_collections()).collections:
            await self.engine.delete_collection(collection.name)
        self.indexes.clear()

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._middleware])
        at = "/collections/{name}"
        app.router.add_get(at + "/exists", self._exists)
        app.router.add_get(at, self._info)
        app.router.add_put(at, self._create)
        app.router.add_delete(at, self._drop)
        app.router.add_put(at + "/index", self._index)
        app.router.add_put(at + "/points", self._upsert)
        app.router.add_post(at + "/points/query", self._query)
        app.router.add_post(at + "/points/delete", self._delete)
        app.router.add_post(at + "/points/count", self._count)
        return app

    def end(self) -> None:
        """Let go of every request that hangs."""
        self._over.set()

    @web.middleware
    async def _middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.seen.append(f"{request.method} {request.path}")
        self.keys.add(request.headers.get("api-key", ""))
        fault = self.fault if request.path.endswith(self.at) else Fault.NONE
        if fault is Fault.HANG:
            await self._over.wait()
        if fault is Fault.RESET and request.transport is not None:
            request.transport.abort()
        if fault in ANSWERS:
            status, text = ANSWERS[fault]
            return web.Response(status=status, text=text, headers={"Retry-After": "3"} if status == 429 else None)
        name = request.match_info["name"]
        of_itself = request.path.endswith("/exists") or (request.method == "PUT" and request.path.endswith(name))
        if not of_itself and not await self.engine.collection_exists(name):
            return web.json_response({"status": {"error": "Not found: Collection doesn't exist!"}, "time": 0}, status=404)
        response = await handler(request)
        return await self._drip(request, response) if fault is Fault.DRIP else response

    async def _drip(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        """Send the right answer, a byte at a time."""
        assert isinstance(response, web.Response)
        assert response.text is not None
        dripping = web.StreamResponse(headers={"Content-Type": "application/json"})
        await dripping.prepare(request)
        with contextlib.suppress(ConnectionError):  # the client has had enough
            for byte in response.text:
                await dripping.write(byte.encode())
                await asyncio.sleep(DRIP_S)
        return dripping

    async def _exists(self, request: web.Request) -> web.Response:
        return _ok({"exists": await self.engine.collection_exists(request.match_info["name"])})

    async def _info(self, request: web.Request) -> web.Response:
        info = (await self.engine.get_collection(request.match_info["name"])).model_dump(mode="json")
        indexed = self.indexes.get(request.match_info["name"], {})
        info["payload_schema"] = {field: {"data_type": kind, "points": 0} for field, kind in indexed.items()}
        return _ok(info)

    async def _create(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if await self.engine.collection_exists(name):
            return web.json_response({"status": {"error": "Wrong input: Collection already exists!"}}, status=409)
        wanted = models.CreateCollection.model_validate(await request.json())
        return _ok(await self.engine.create_collection(name, vectors_config=wanted.vectors))

    async def _drop(self, request: web.Request) -> web.Response:
        self.indexes.pop(request.match_info["name"], None)
        return _ok(await self.engine.delete_collection(request.match_info["name"]))

    async def _index(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self.indexes.setdefault(request.match_info["name"], {})[wanted["field_name"]] = wanted["field_schema"]
        return _ok({"operation_id": 0, "status": "completed"})

    async def _upsert(self, request: web.Request) -> web.Response:
        wanted = models.PointsList.model_validate(await request.json())
        return _ok(await self.engine.upsert(request.match_info["name"], points=wanted.points))

    async def _query(self, request: web.Request) -> web.Response:
        wanted = models.QueryRequest.model_validate(await request.json())
        return _ok(
            await self.engine.query_points(
                request.match_info["name"],
                query=wanted.query,
                query_filter=wanted.filter,
                limit=wanted.limit or 10,
                with_payload=wanted.with_payload or False,
            )
        )

    async def _delete(self, request: web.Request) -> web.Response:
        body = await request.json()
        kind = models.PointIdsList if "points" in body else models.FilterSelector
        return _ok(await self.engine.delete(request.match_info["name"], points_selector=kind.model_validate(body)))

    async def _count(self, request: web.Request) -> web.Response:
        return _ok(await self.engine.count(request.match_info["name"]))


def _ok(result: BaseModel | object) -> web.Response:
    plain = result.model_dump(mode="json") if isinstance(result, BaseModel) else result
    return web.json_response({"result": plain, "status": "ok", "time": 0.0})


@contextlib.asynccontextmanager
async def running_qdrant() -> AsyncIterator[tuple[FakeQdrant, str]]:
    """A server on a free port of loopback, and its address."""
    fake = FakeQdrant()
    runner = web.AppRunner(fake.application(), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield fake, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        fake.end()
        await runner.cleanup()
        await fake.engine.close()
