"""The chat page on a free port of loopback, with a desk and a transcript in memory."""

import itertools
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.app import WebIngress
from adapters.web.faults import FaultChoice
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeDesk
from tests.fakes.transcript import FakeTranscript
from tests.fakes.web_site import Site

FAULTS = (
    FaultChoice("Answers 500", "simulated/small-a", "server_error"),
    FaultChoice("Hangs", "simulated/small-a", "hang"),
    FaultChoice("Answers 500", "simulated/frontier-b", "server_error"),
)


@pytest.fixture
async def site(clock: FakeClock) -> AsyncIterator[Site]:
    desk, transcript, numbers = FakeDesk(), FakeTranscript(), itertools.count(1)
    ingress = WebIngress(desk, transcript, clock=clock, new_id=lambda: f"q{next(numbers)}", demo=True, faults=FAULTS)
    app = web.Application()
    ingress.routes(app)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        yield Site(client, desk, transcript)
