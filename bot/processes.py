"""What each long-running command does: serve, ingress, worker, migrate."""

import gc
import logging
import socket
import sys

from bot.app import ingress, worker
from bot.config import SettingsError
from bot.deployment import Deployment, open_store
from bot.store import schema
from bot.store.database import Database
from bot.supervisor import Child, Supervisor, stop_on_signals
from router.types import Mode

NO_PLATFORM = (
    "no platform is turned on: set SLACK_BOT_TOKEN with SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode), "
    "or TEAMS_APP_ID with TEAMS_APP_PASSWORD and TEAMS_TENANT_ID (Teams), "
    "or set `enabled = true` under [web] in the policy. `switchboard demo` needs neither"
)

ONE_OWNER = "one process owns the embedded index: for two or more workers set QDRANT_URL, or turn the cache off (`mode` under [cache])"

_log = logging.getLogger(__name__)


def log_to_stderr(*, quiet: bool = False) -> None:
    """Write our log lines to the standard error: ids, tiers, outcomes and milliseconds, never a text; `quiet`: errors alone."""
    logging.basicConfig(level=logging.ERROR if quiet else logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("bot").setLevel(logging.ERROR if quiet else logging.INFO)


def settle() -> None:
    """Let the garbage collector leave out what the start has made: it lives on, and looking through it stops all else for 0.3 s."""
    gc.collect()
    gc.freeze()


async def run_serve(deployment: Deployment, workers: int) -> int:
    """Supervise one ingress and so many workers until a signal comes."""
    _require_platform(deployment)
    if workers > 1 and deployment.policy.cache.mode is not Mode.OFF and not deployment.settings.qdrant_url:
        raise SettingsError(ONE_OWNER)
    log_to_stderr()
    async with open_store(deployment.settings):
        pass  # the schema is there now, so the children start at once
    stop = stop_on_signals(supervised=False)
    return await Supervisor(children_of(workers=workers)).run(stop)


def children_of(*, workers: int, demo: bool = False, quiet: bool = False) -> tuple[Child, ...]:
    """Return the processes of a deployment on one machine: one ingress and so many workers."""
    shared = ("--quiet",) if quiet else ()
    ingress_child = Child("ingress", ("ingress", *shared, *(("--demo",) if demo else ())))
    names = [(f"worker-{number}", f"{socket.gethostname()}-{number}") for number in range(1, workers + 1)]
    return (ingress_child, *(Child(name, ("worker", *shared, "--name", owner)) for name, owner in names))


async def run_ingress(deployment: Deployment, *, supervised: bool, demo: bool = False, quiet: bool = False) -> int:
    """Serve the platforms until a signal comes."""
    _require_platform(deployment)
    log_to_stderr(quiet=quiet)
    stop = stop_on_signals(supervised=supervised)
    async with ingress(deployment, demo=demo) as address:
        settle()
        _log.info("listening on %s", address)
        await stop.wait()
    return 0


async def run_worker(deployment: Deployment, *, owner: str, supervised: bool, quiet: bool = False) -> int:
    """Work until a signal comes, or until it is time for a fresh process."""
    _require_platform(deployment)
    log_to_stderr(quiet=quiet)
    # A database transaction runs in a thread; it must not hold its locks for 5 ms each time the busy event loop has the interpreter.
    sys.setswitchinterval(0.0005)
    stop = stop_on_signals(supervised=supervised)
    async with worker(deployment, owner=owner) as made:
        settle()
        _log.info("ready to answer")
        await made.run(stop)
    return 0


async def run_migrate(deployment: Deployment) -> str:
    """Migrate, and say what was done."""
    database = Database(deployment.settings.store_url)
    try:
        before = await schema.current(database) if database.path is None or database.path.exists() else None
        await schema.migrate(database)
    finally:
        await database.close()
    if before == schema.HEAD:
        return f"The database is at schema {schema.HEAD} already."
    return f"The database is at schema {schema.HEAD} now (it was {f'at {before}' if before else 'empty'})."


def _require_platform(deployment: Deployment) -> None:
    if not (deployment.settings.has_slack or deployment.has_teams or deployment.policy.web.enabled):
        raise SettingsError(NO_PLATFORM)
