"""The supervisor keeps its children running, ends them together, and leaves none behind however it ends itself."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import supervisor as supervising
from bot.setup import write_files
from bot.supervisor import Child, Supervisor, stop_on_signals

ROOT = Path(__file__).parents[2]
SOON_S = 20.0

STAND_IN = """
import os, signal, sys, threading, time

name, does = sys.argv[1], sys.argv[2]
assert sys.argv[-1] == "--supervised"
with open(os.path.join(os.environ["STARTS"], name), "a") as starts:
    starts.write(f"{os.getpid()}\\n")
if does == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
elif does.isdecimal():
    sys.exit(int(does))
else:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with open(os.path.join(os.environ["STARTS"], name + ".ready"), "a") as ready:
    ready.write("ready\\n")
sys.stdin.read()
"""
"""A child that stands in for our command: it notes each start, then ends with a status, or with SIGTERM or its standard input."""


@dataclass
class Stage:
    """Where stand-ins run, and what is seen of them."""

    folder: Path
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def environment(self) -> dict[str, str]:
        """Ours, with the stand-in found before the real command."""
        return {"PYTHONPATH": str(self.folder), "PYTHONSAFEPATH": "1", "STARTS": str(self.folder), "PATH": os.environ["PATH"]}

    def supervisor(self, **children: str) -> Supervisor:
        return Supervisor([Child(name, (name, does)) for name, does in children.items()], self.environment)

    def pids(self, name: str) -> list[int]:
        """Return the process id of each start of a child so far."""
        path = self.folder / name
        return [int(line) for line in path.read_text(encoding="ascii").splitlines()] if path.exists() else []

    def ready(self, name: str) -> int:
        """Return how often a child came to the point where it only waits."""
        path = self.folder / f"{name}.ready"
        return len(path.read_text(encoding="ascii").splitlines()) if path.exists() else 0

    @asynccontextmanager
    async def running(self, supervisor: Supervisor) -> AsyncIterator[asyncio.Task[int]]:
        run = asyncio.create_task(supervisor.run(self.stop))
        try:
            yield run
        finally:
            self.stop.set()
            await run


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    package = tmp_path / "bot"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "cli.py").write_text(STAND_IN, encoding="utf-8")
    return Stage(tmp_path)


async def until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(SOON_S):
        while not seen():  # noqa: ASYNC110 (what other processes do sets no event here)
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that has ended stays in the table until its parent asks for it.
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"


async def test_all_children_run_until_they_are_told_to_stop(stage: Stage) -> None:
    supervisor = stage.supervisor(one="steady", two="steady")
    async with stage.running(supervisor) as run:
        await until(lambda: stage.ready("one") and stage.ready("two"))
        assert supervisor.pids == {"one": stage.pids("one")[0], "two": stage.pids("two")[0]}
        assert not run.done()
    assert run.result() == 0
    assert supervisor.pids == {}
    assert not any(alive(pid) for pid in stage.pids("one") + stage.pids("two"))


async def test_a_killed_child_is_started_again_and_the_others_are_left_alone(stage: Stage) -> None:
    supervisor = stage.supervisor(one="steady", two="steady")
    async with stage.running(supervisor):
        await until(lambda: stage.ready("one") and stage.ready("two"))
        os.kill(supervisor.pids["one"], signal.SIGKILL)
        await until(lambda: stage.ready("one") == 2)
        assert supervisor.pids["one"] == stage.pids("one")[1]
    assert len(stage.pids("two")) == 1


async def test_a_child_that_ended_well_is_started_again(stage: Stage) -> None:
    """A worker ends when it has worked enough, so that a fresh process takes over."""
    async with stage.running(stage.supervisor(one="0")):
        await until(lambda: len(stage.pids("one")) == 3)


async def test_a_child_that_keeps_failing_is_started_less_and_less_often(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    async with stage.running(stage.supervisor(one="1")):
        await until(lambda: len(stage.pids("one")) == 3)
    assert [record.getMessage() for record in caplog.records][:2] == [
        "one ended with status 1; starting it again in 0.4 s",
        "one ended with status 1; starting it again in 0.8 s",
    ]


async def test_a_misconfigured_child_ends_all_of_them(stage: Stage) -> None:
    supervisor = stage.supervisor(one="steady", two="2")
    async with asyncio.timeout(SOON_S):
        assert await supervisor.run(stage.stop) == 2
    assert stage.stop.is_set()
    assert len(stage.pids("two")) == 1
    assert not any(alive(pid) for pid in stage.pids("one"))


async def test_a_stop_is_not_held_up_by_a_child_that_waits_to_be_started_again(stage: Stage) -> None:
    async with stage.running(stage.supervisor(one="1")):
        await until(lambda: len(stage.pids("one")) == 4)
        stop_asked = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - stop_asked < 1


async def test_a_child_that_does_not_end_is_killed_after_the_grace(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervising, "GRACE_S", 0.2)
    async with stage.running(stage.supervisor(one="stubborn")) as run:
        await until(lambda: stage.ready("one"))
    assert run.result() == 0
    assert not alive(stage.pids("one")[0])
    assert "one did not end in 0 s; killing it" in caplog.text


async def test_children_end_when_their_supervisor_is_killed(stage: Stage) -> None:
    program = (
        "import asyncio; from bot.supervisor import Child, Supervisor; import os, sys; "
        "env = {'PYTHONPATH': sys.argv[1], 'PYTHONSAFEPATH': '1', 'STARTS': sys.argv[1], 'PATH': os.environ['PATH']}; "
        "asyncio.run(Supervisor([Child('one', ('one', 'stubborn')), Child('two', ('two', 'steady'))], env).run(asyncio.Event()))"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(stage.folder)], cwd=ROOT) as parent:  # noqa: ASYNC220 (it is only started)
        await until(lambda: stage.ready("one") and stage.ready("two"))
        parent.kill()
    await until(lambda: not any(alive(pid) for pid in stage.pids("one") + stage.pids("two")))
    assert parent.returncode == -signal.SIGKILL


async def test_the_real_ingress_ends_when_its_standard_input_closes(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "SWITCHBOARD_DATA": str(tmp_path), "SWITCHBOARD_PORT": "0"}
    environment |= {"SWITCHBOARD_POLICY": str(tmp_path / "policy.toml")}
    await asyncio.to_thread(write_files, tmp_path, simulated=True, force=True)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "ingress", "--supervised"),
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert child.stdin
    assert child.stderr
    assert b"listening on" in await child.stderr.readline()
    child.stdin.close()
    async with asyncio.timeout(SOON_S):
        assert await child.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_asks_a_process_to_stop(number: signal.Signals) -> None:
    stop = stop_on_signals(supervised=False)
    try:
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        async with asyncio.timeout(SOON_S):
            await stop.wait()
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(each)
