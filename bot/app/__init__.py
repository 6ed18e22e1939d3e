"""The composition root: the only place where every class is named. Each process imports only what it needs."""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.announcing import operators_place
from bot.app.platforms import add_slack, add_teams, add_web, ways_out
from bot.assistant import Assistant
from bot.budgets import Budgets
from bot.config import ADMIN_TOKEN, Settings, SettingsError
from bot.deployment import Deployment, open_store, utc_now
from bot.desk import Desk
from bot.doorman import Doorman
from bot.evals.digest import weekly
from bot.gateway import hears_of_flags, open_gateway
from bot.health import Health
from bot.lookout import lookout
from bot.office import Office
from bot.reviewing import Reviewing
from bot.routing import routing, telling
from bot.simulation import SIMULATED, Simulation
from bot.store.pace import Pace
from bot.store.result import Record
from bot.store.store import Store
from bot.terminal import Terminal
from bot.wiping import Wiping
from bot.worker import Worker
from router.policy import Policy

if TYPE_CHECKING:
    from bot.dashboard.app import Dashboard

BODY_LIMIT = 1_000_000

_log = logging.getLogger(__name__)


@asynccontextmanager
async def ingress(deployment: Deployment, *, demo: bool = False) -> AsyncIterator[str]:
    """Serve the platforms that are turned on; yield the address. Imports neither LiteLLM nor a vector store."""
    settings = deployment.settings
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings))
        await _note_policy(deployment, store)
        policy = deployment.policy
        feedback, operators = hears_of_flags(settings, policy), operators_place(policy.alerts)
        desk = Desk(store, utc_now, policy.budgets, feedback=feedback, operators=operators)
        app = web.Application(client_max_size=BODY_LIMIT)
        Health(store.inbox, store.database).routes(app)
        if settings.has_slack:
            await add_slack(deployment, desk, app, stack, Reviewing(store, policy.evals, utc_now))
        if deployment.has_teams:
            await add_teams(deployment, desk, app, stack)
        dashboard = await _add_dashboard(deployment, app, stack)
        if deployment.policy.web.enabled:
            add_web(desk, store.transcript, deployment.policy, app, demo=demo)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await _listen(runner, settings)
        if dashboard:
            stack.callback(asyncio.create_task(dashboard.warm()).cancel)
        yield f"http://{settings.host}:{runner.addresses[0][1]}"


async def _note_policy(deployment: Deployment, store: Store) -> None:
    """Keep the text of the policy that this process works by, for the dashboard to show what changed."""
    await store.policies.note(deployment.settings.policy.read_text(encoding="utf-8"))


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise SettingsError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}; set SWITCHBOARD_PORT") from error


async def _add_dashboard(deployment: Deployment, app: web.Application, stack: AsyncExitStack) -> "Dashboard | None":
    """Serve the dashboard where it may be; over connections of its own, so that no acknowledgement waits for its figures."""
    from bot.dashboard.app import Dashboard
    from bot.dashboard.keys import admin_token

    settings = deployment.settings
    token = admin_token(settings)
    if token is None:
        _log.warning("the dashboard is off: beyond loopback it needs %s", ADMIN_TOKEN)
        return None
    store = await stack.enter_async_context(open_store(settings))
    dashboard = Dashboard(store, token, deployment.policy.evals, utc_now, here_only=settings.on_loopback)
    stack.push_async_callback(dashboard.close)
    dashboard.add_to(app)
    return dashboard


@asynccontextmanager
async def worker(deployment: Deployment, *, owner: str) -> AsyncIterator[Worker]:
    """Make a worker for the platforms that are turned on; `owner` names its place among the workers."""
    from bot.memory import open_memory

    owner = owner or secrets.token_hex(4)
    policy = deployment.policy
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(deployment.settings, owner=owner))
        await _note_policy(deployment, store)
        await stack.enter_async_context(lookout(store, policy, owner, utc_now))
        simulation = Simulation(store.switches)
        memory = await stack.enter_async_context(open_memory(deployment, store))
        gateway = await open_gateway(deployment.settings, policy, store.switches)
        routes = await stack.enter_async_context(routing(policy, simulation, utc_now, memory.cache if memory else None, gateway))
        ways = await stack.enter_async_context(ways_out(deployment, store))
        await stack.enter_async_context(weekly(store, policy.evals, ways.couriers, utc_now))
        assistant = Assistant(routes, store.records, policy, ways.threads, Budgets(store, policy, utc_now))
        doorman = Doorman(Pace(store.database), policy.limits, utc_now)
        await store.inbox.recover()
        office = Office(
            store.inbox,
            store.records,
            assistant,
            ways.couriers,
            utc_now,
            policy.ttl,
            store.retries,
            policy.retry,
            memory.remembering if memory else None,
            doorman,
            await stack.enter_async_context(telling(store, gateway)),
            wiping=Wiping(store),
        )
        yield Worker(office, prepare=simulation.follow)


async def ask(deployment: Deployment, text: str) -> Record:
    """Answer one question at the terminal, with its record kept like any other's."""
    async with open_store(deployment.settings) as store:
        simulation = Simulation(store.switches)
        gateway = await open_gateway(deployment.settings, deployment.policy, store.switches)
        async with routing(deployment.policy, simulation, utc_now, gateway=gateway) as routes:
            await simulation.follow()
            assistant = Assistant(routes, store.records, deployment.policy, {}, Budgets(store, deployment.policy, utc_now))
            return await Terminal(store.inbox, store.records, assistant, utc_now).ask(text)


def missing_keys(policy: Policy) -> dict[str, str]:
    """Return, for each model of a policy that is not simulated, the variable of the key that it lacks, or nothing. Imports LiteLLM."""
    asked = {target.model: target.api_key_env for target in policy.targets() if not target.model.startswith(SIMULATED)}
    if not asked:
        return {}
    from router.litellm_model import missing_key

    return {name: missing_key(name) or "" if own is None else "" if os.environ.get(own) else own for name, own in asked.items()}
