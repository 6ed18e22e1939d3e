"""The long-running commands start what they should, refuse what they cannot do, and migrate."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.config import SettingsError
from bot.demo.stack import demo_environment
from bot.deployment import Deployment, open_store, read_deployment
from bot.processes import NO_PLATFORM, children_of, run_ingress, run_migrate, run_serve, run_worker
from bot.setup import write_files
from bot.store.errors import SchemaOutdated
from bot.store.schema import HEAD

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a simulated deployment, on a port of its own choice."""
    write_files(tmp_path / "made", simulated=True, force=False)
    return demo_environment(tmp_path / "made", 0) | {"SWITCHBOARD_DATA": str(tmp_path / "data")}


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[str]:
    """A database on PostgreSQL that nobody has migrated."""
    url = f"{postgres_url}_empty"
    name = url.rsplit("/", 1)[1]
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield url
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def serving(environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start `switchboard serve` without a worker."""
    serve = [sys.executable, "-m", "bot.cli", "serve", "--workers", "0"]
    return subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def without_platform(environment: dict[str, str]) -> Deployment:
    policy = Path(environment["SWITCHBOARD_POLICY"])
    policy.write_text(policy.read_text(encoding="utf-8").replace("enabled = true", "enabled = false"), encoding="utf-8")
    return read_deployment(environment)


async def test_without_a_platform_nothing_is_started(environment: dict[str, str], tmp_path: Path) -> None:
    deployment = without_platform(environment)
    starts = (
        run_serve(deployment, 1),
        run_ingress(deployment, supervised=False),
        run_worker(deployment, owner="", supervised=False),
    )
    for start in starts:
        with pytest.raises(SettingsError) as refused:
            await start
        assert str(refused.value) == NO_PLATFORM
    assert not (tmp_path / "data").exists()


def test_a_deployment_is_one_ingress_and_its_workers() -> None:
    children = children_of(workers=2)
    assert [child.name for child in children] == ["ingress", "worker-1", "worker-2"]
    assert children[0].arguments == ("ingress",)
    places = [child.arguments[child.arguments.index("--name") + 1] for child in children[1:]]
    assert places == [f"{socket.gethostname()}-1", f"{socket.gethostname()}-2"], "a restarted worker takes its own place"


def test_without_workers_the_ingress_runs_alone() -> None:
    assert [child.name for child in children_of(workers=0)] == ["ingress"]


def test_the_demo_and_its_quiet_are_handed_on() -> None:
    ingress, worker = children_of(workers=1, demo=True, quiet=True)
    assert ingress.arguments == ("ingress", "--quiet", "--demo")
    assert worker.arguments[:2] == ("worker", "--quiet")


async def test_migrating_says_what_it_did(environment: dict[str, str]) -> None:
    deployment = read_deployment(environment)
    assert await run_migrate(deployment) == f"The database is at schema {HEAD} now (it was empty)."
    assert await run_migrate(deployment) == f"The database is at schema {HEAD} already."


async def test_an_empty_postgresql_database_has_to_be_migrated_first(environment: dict[str, str], empty_postgres: str) -> None:
    deployment = read_deployment(environment | {"DATABASE_URL": empty_postgres})
    with pytest.raises(SchemaOutdated, match="run `switchboard migrate`"):
        async with open_store(deployment.settings):
            pass
    assert await run_migrate(deployment) == f"The database is at schema {HEAD} now (it was empty)."
    async with open_store(deployment.settings) as store:
        assert await store.inbox.counts() == {}


def test_a_port_that_is_taken_is_refused_in_one_line(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = serving(environment | {"SWITCHBOARD_PORT": str(port)})
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith(f"Error: cannot listen on 127.0.0.1:{port}: ")
    assert err.endswith("; set SWITCHBOARD_PORT\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_deployment_with_nothing_left_over(environment: dict[str, str], number: signal.Signals) -> None:
    process = serving(environment)
    assert process.stderr
    listening = process.stderr.readline()
    assert "listening on http://127.0.0.1:" in listening
    (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    process.send_signal(number)
    _, rest = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
    with pytest.raises(ProcessLookupError):
        os.kill(int(child), 0)
