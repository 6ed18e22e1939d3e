import gzip
import json
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from adapters.web.app import WebIngress
from adapters.web.guard import MAX_BODY, guarded
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeDesk
from tests.fakes.transcript import FakeTranscript
from tests.fakes.web_site import Site


def message(text: str = "hello") -> dict[str, str]:
    return {"id": str(uuid4()), "user": "ana", "channel": "noc", "text": text}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:3978", "10.0.0.5:3978", "localhost.evil.example", "127.0.0.1.evil.example", "[", ""]
)
async def test_a_foreign_host_name_is_turned_away(site: Site, host: str) -> None:
    response = await site.client.get("/web/setup?user=ana", headers={"Host": host})
    assert response.status in (400, 403)


@pytest.mark.parametrize("host", ["localhost:3978", "127.0.0.1", "[::1]:3978"])
async def test_the_names_of_this_machine_are_let_in(site: Site, host: str) -> None:
    response = await site.client.get("/web/setup?user=ana", headers={"Host": host})
    assert response.status == 200


async def test_a_caller_from_another_machine_is_turned_away() -> None:
    async def handler(request: web.Request) -> web.Response:
        raise AssertionError(request)

    class Elsewhere:
        def get_extra_info(self, name: str, default: object = None) -> object:
            return ("192.0.2.7", 50000) if name == "peername" else default

    request = make_mocked_request("GET", "/", headers={"Host": "localhost"}, transport=Elsewhere())
    response = await guarded(handler)(request)
    assert response.status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", ""])
async def test_a_write_from_another_page_is_turned_away(site: Site, origin: str) -> None:
    response = await site.client.post("/web/messages", json=message(), headers={"Origin": origin})
    assert response.status == 403
    assert not site.transcript.entries


async def test_a_write_without_an_origin_is_turned_away(site: Site) -> None:
    assert (await site.client.post("/web/messages", json=message())).status == 403


async def test_a_read_from_another_page_is_turned_away(site: Site) -> None:
    response = await site.client.get("/web/messages?user=ana", headers={"Origin": "https://evil.example"})
    assert response.status == 403


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_write_that_is_no_json_is_turned_away(site: Site, media: str) -> None:
    response = await site.client.post("/web/messages", data=json.dumps(message()), headers={"Origin": site.origin, "Content-Type": media})
    assert response.status == 415


async def test_a_compressed_body_is_turned_away(site: Site) -> None:
    headers = {"Origin": site.origin, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    response = await site.client.post("/web/messages", data=gzip.compress(json.dumps(message()).encode()), headers=headers)
    assert response.status == 415


async def test_too_large_a_body_is_turned_away(site: Site) -> None:
    assert (await site.write("/web/messages", **message("x" * MAX_BODY))).status == 413


async def test_too_large_a_body_of_unknown_length_is_turned_away(site: Site) -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * (MAX_BODY // 10)

    headers = {"Origin": site.origin, "Content-Type": "application/json"}
    assert (await site.client.post("/web/messages", data=drops(), headers=headers)).status == 413


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 30_000, b'{"user":1}'])
async def test_a_malformed_body_is_a_400_with_a_word_of_why(site: Site, raw: bytes) -> None:
    headers = {"Origin": site.origin, "Content-Type": "application/json"}
    for path in ("messages", "edit", "delete", "flag", "retract", "helpful", "escalate", "again"):
        response = await site.client.post(f"/web/{path}", data=raw, headers=headers)
        assert response.status == 400
        assert (await response.json())["error"]


@pytest.mark.parametrize(
    "query", ["", "?user=", "?user=ana&since=x", "?user=ana&since=-1", "?user=ana&since=99999999999999999999", "?user=ana&a=b"]
)
async def test_a_malformed_address_is_a_400(site: Site, query: str) -> None:
    assert (await site.client.get(f"/web/messages{query}")).status == 400


async def test_a_lost_store_is_a_503_that_the_page_can_show(site: Site) -> None:
    site.transcript.down = True
    response = await site.write("/web/messages", **message())
    assert response.status == 503
    assert "try again" in (await response.json())["error"]


async def test_every_answer_forbids_foreign_and_inline_script(site: Site) -> None:
    for path in ("/", "/web/static/main.js", "/web/setup?user=ana", "/web/messages"):
        response = await site.client.get(path)
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["..%2Fapp.py", "..%2f..%2f..%2fetc%2fpasswd", "nothing.js", "%00"])
async def test_only_the_pages_own_files_are_served(site: Site, name: str) -> None:
    assert (await site.client.get(f"/web/static/{name}")).status == 404


async def test_without_the_demo_there_are_no_switches(clock: FakeClock) -> None:
    app = web.Application()
    WebIngress(FakeDesk(), FakeTranscript(), clock=clock, new_id=lambda: "q1", demo=False).routes(app)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        assert (await client.get("/web/faults")).status == 404
        assert not (await (await client.get("/web/setup?user=ana")).json())["demo"]
