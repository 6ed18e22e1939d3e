"""The demo runs on its own: a folder, a port, simulated models, and nothing of the deployment that may be configured here."""

import asyncio
import io
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from adapters.web.app import WebIngress
from adapters.web.courier import WebCourier
from adapters.web.faults import FaultChoice
from bot.config import SettingsError
from bot.demo.run import STOPPED, _play
from bot.demo.script import Play
from bot.demo.stack import KEPT, EndedError, demo_environment, free_port, prepare, until_ready
from bot.setup import ENV_FILE, POLICY_FILE, write_files
from bot.types import Badge
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeDesk
from tests.fakes.transcript import FakeTranscript
from tests.fakes.web_worker import CACHED, FAILED, FRONTIER, MODELS, WebWorker

ROOT = Path(__file__).parents[2]
DEMO = (sys.executable, "-m", "bot.cli", "demo")
READY_S = 60.0
GRACE_S = 30.0


def environment(tmp_path: Path) -> dict[str, str]:
    """What a newcomer's shell has, and a few things of a deployment that the demo must not touch."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"TMPDIR": str(tmp_path), "DATABASE_URL": "postgresql://h/n", "SLACK_BOT_TOKEN": "xoxb-1", "COLUMNS": "200"}


def test_the_demo_gets_nothing_of_a_deployment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "SLACK_BOT_TOKEN", "DATABASE_URL", "SWITCHBOARD_HOST"):
        monkeypatch.setenv(name, "secret")
    made = demo_environment(tmp_path, 4711)
    assert "secret" not in made.values()
    assert set(made) <= {*KEPT, "SWITCHBOARD_POLICY", "SWITCHBOARD_DATA", "SWITCHBOARD_PORT"}
    assert (made["SWITCHBOARD_DATA"], made["SWITCHBOARD_PORT"]) == (str(tmp_path), "4711")


def test_a_free_port_can_be_listened_on() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        taken = server.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen on port {taken}: "):
            free_port(taken)
    assert free_port(taken) == taken


def test_a_new_folder_gets_a_policy_of_simulated_models(tmp_path: Path) -> None:
    deployment, environ = prepare(tmp_path, 0)
    assert [target.model for target in deployment.policy.targets()] == [
        "simulated/small",
        "simulated/frontier-a",
        "simulated/frontier-b",
    ]
    assert deployment.settings.port == int(environ["SWITCHBOARD_PORT"]) != 0
    assert {path.name for path in tmp_path.iterdir()} == {POLICY_FILE, ENV_FILE}


def test_a_policy_that_is_there_is_kept(tmp_path: Path) -> None:
    write_files(tmp_path, simulated=True, force=False)
    policy = tmp_path / POLICY_FILE
    policy.write_text(policy.read_text(encoding="utf-8").replace('mode = "on"', 'mode = "shadow"'), encoding="utf-8")
    deployment, _ = prepare(tmp_path, 0)
    assert deployment.policy.mode == "shadow"


def test_somebody_s_env_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ENV_FILE).write_text("SLACK_BOT_TOKEN=mine", encoding="utf-8")
    prepare(tmp_path, 0)
    assert (tmp_path / ENV_FILE).read_text(encoding="utf-8") == "SLACK_BOT_TOKEN=mine"


def test_a_policy_without_the_chat_page_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, simulated=False, force=False)
    with pytest.raises(SettingsError, match=r"policy\.toml: the demo needs `enabled = true` under \[web\]"):
        prepare(tmp_path, 0)


async def test_it_is_ready_once_the_page_takes_questions() -> None:
    statuses = iter((503, 503, 200))
    app = web.Application()

    async def ready(request: web.Request) -> web.Response:
        return web.Response(status=next(statuses))

    app.router.add_get("/readyz", ready)
    running = asyncio.create_task(asyncio.Event().wait())
    async with TestServer(app, host="127.0.0.1") as server:
        await until_ready(str(server.make_url("")).rstrip("/"), running)
    assert list(statuses) == []
    running.cancel()


@pytest.mark.parametrize("status", [0, 2])
async def test_processes_that_end_before_they_are_ready_are_not_waited_for(status: int) -> None:
    async def end() -> int:
        return status

    with pytest.raises(EndedError) as ended:
        await until_ready(f"http://127.0.0.1:{free_port()}", asyncio.create_task(end()))
    assert ended.value.status == status


@pytest.mark.timeout(180)
def test_the_script_shows_every_badge_a_fallback_a_flag_and_a_question_that_is_kept_and_leaves_nothing(tmp_path: Path) -> None:
    ran = subprocess.run([*DEMO, "--script"], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=150, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    for badge in Badge:
        assert f"● {badge.value} · " in ran.stdout
    assert "simulated/frontier-a was unavailable after" in ran.stdout
    assert "simulated/frontier-b answered after" in ran.stdout
    assert "⚠ Best effort. " in ran.stdout
    assert "● kept, and tried again by itself until" in ran.stdout
    assert "flags the best-effort answer" in ran.stdout
    assert "Everything came as it should." in ran.stdout
    assert list(tmp_path.iterdir()) == []


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def started(tmp_path: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*DEMO, cwd=ROOT, env=environment(tmp_path), stdout=pipe, stderr=pipe)


async def address_of(demo: asyncio.subprocess.Process) -> str:
    """Read what the demo prints up to its address."""
    assert demo.stdout
    async with asyncio.timeout(READY_S):
        while line := (await demo.stdout.readline()).decode():
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                return found[0]
    raise AssertionError("it ended without an address")


@pytest.mark.timeout(120)
async def test_ctrl_c_ends_the_demo_and_its_processes(tmp_path: Path) -> None:
    demo = await started(tmp_path)
    address = await address_of(demo)
    async with aiohttp.ClientSession() as client, client.get(f"{address}/") as page:
        assert page.status == 200
    children = children_of(demo.pid)
    assert len(children) == 2
    demo.send_signal(signal.SIGINT)
    async with asyncio.timeout(GRACE_S):
        out, err = await demo.communicate()
    assert demo.returncode == 0
    assert out.decode().rstrip().endswith("Stopping…")
    assert "Error" not in err.decode()
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    assert left_in(tmp_path) == []


@pytest.mark.timeout(60)
async def test_ctrl_c_while_the_demo_starts_is_no_error(tmp_path: Path) -> None:
    demo = await started(tmp_path)
    async with asyncio.timeout(READY_S):
        while not children_of(demo.pid):  # noqa: ASYNC110 (a process of its own sets no event here)
            await asyncio.sleep(0.01)
    demo.send_signal(signal.SIGINT)
    async with asyncio.timeout(GRACE_S):
        out, err = await demo.communicate()
    assert (demo.returncode, out, err) == (0, b"", b"")
    assert left_in(tmp_path) == []


class Endless(Play):
    """A conversation that nobody ends."""

    async def run(self) -> int:
        await asyncio.Event().wait()
        return 0


async def test_ctrl_c_ends_the_script_at_once() -> None:
    stop = asyncio.Event()
    stop.set()
    async with asyncio.timeout(GRACE_S):
        assert await _play(Endless(Console(), ""), stop) == STOPPED


@asynccontextmanager
async def stage(clock: FakeClock, *, knows_all: bool) -> AsyncIterator[str]:
    """Serve the chat page over a worker that may take the script's hard questions for easy ones."""
    desk, transcript, numbers = FakeDesk(), FakeTranscript(), itertools.count(1)
    faults = tuple(FaultChoice("Answers 500", model, "server_error") for model in MODELS)
    page = WebIngress(desk, transcript, clock=clock, new_id=lambda: f"q{next(numbers)}", demo=True, faults=faults)
    worker = WebWorker(desk, WebCourier(transcript, clock=clock), seconds=0)
    known = {"admin distance": CACHED, "root cause": FRONTIER, "trade-offs": FRONTIER}
    worker.answers = known if knows_all else {"admin distance": CACHED, "root cause": FAILED}
    app = web.Application()
    page.routes(app)
    working = asyncio.create_task(worker.run())
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("")).rstrip("/")
    working.cancel()


async def test_the_script_is_content_when_every_badge_comes(clock: FakeClock) -> None:
    console = Console(record=True, file=io.StringIO(), width=200)
    async with stage(clock, knows_all=True) as address:
        assert await Play(console, address).run() == 0
    said = console.export_text()
    assert re.findall(r"● ([\w ]+) ·", said) == [
        "Small model",
        "Frontier model",
        "Cache",
        "Frontier model",
        "Frontier model",
        "Best effort",
        "Frontier model",
        "Small model",
    ]
    assert "Not as it should be" not in said


async def test_the_script_says_what_did_not_come(clock: FakeClock) -> None:
    console = Console(record=True, file=io.StringIO(), width=200)
    async with stage(clock, knows_all=False) as address:
        assert await Play(console, address).run() == 1
    wrong = [line for line in console.export_text().splitlines() if line.startswith("Not as it should be: ")]
    badges = [line.partition("“")[2].partition("”")[0] for line in wrong]
    assert badges == ["Frontier model", "Frontier model", "", "Best effort", "Frontier model"]
    assert "expected both providers among the attempts" in wrong[2]
    assert FAILED.text in wrong[0]
