"""The chat page with a worker behind it, in this process, on a free port of loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from uuid import uuid4

from aiohttp import web

from adapters.web.app import WebIngress
from adapters.web.courier import WebCourier
from adapters.web.faults import FaultChoice
from tests.fakes.desk import FakeDesk
from tests.fakes.transcript import FakeTranscript
from tests.fakes.web_worker import WebWorker

FAULTS = (FaultChoice("Answers 500", "simulated/frontier", "server_error"), FaultChoice("Answers 500", "simulated/small", "server_error"))


@asynccontextmanager
async def web_stack() -> AsyncIterator[str]:
    """Run it, and yield its address."""
    desk, transcript, app = FakeDesk(), FakeTranscript(), web.Application()
    WebIngress(desk, transcript, clock=_now, new_id=lambda: uuid4().hex, demo=True, faults=FAULTS).routes(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    working = asyncio.create_task(WebWorker(desk, WebCourier(transcript, clock=_now)).run())
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    await runner.cleanup()


def _now() -> datetime:
    return datetime.now(UTC)
