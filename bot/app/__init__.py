"""The composition root: the only place where every class is named. Each process imports only what it needs."""

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from bot.app.platforms import add_slack, add_teams, add_web, ways_out
from bot.assistant import Assistant
from bot.config import ADMIN_TOKEN, Settings, SettingsError
from bot.deployment import Deployment, open_store, utc_now
from bot.desk import Desk
from bot.health import Health
from bot.office import Office
from bot.simulation import SIMULATED, Simulation
from bot.store.result import Record
from bot.terminal import Terminal
from bot.worker import Worker
from router.cascade import Router
from router.chain import Chain
from router.policy import Policy, Target
from router.prices import Prices
from router.shelf import Cache
from router.types import Model, Tier

BODY_LIMIT = 1_000_000

_log = logging.getLogger(__name__)


@asynccontextmanager
async def ingress(deployment: Deployment, *, demo: bool = False) -> AsyncIterator[str]:
    """Serve the platforms that are turned on; yield the address. Imports neither LiteLLM nor a vector store."""
    settings = deployment.settings
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings))
        desk = Desk(store, utc_now)
        app = web.Application(client_max_size=BODY_LIMIT)
        Health(store.inbox, store.database).routes(app)
        if settings.has_slack:
            await add_slack(deployment, desk, app, stack)
        if deployment.has_teams:
            await add_teams(deployment, desk, app, stack)
        await _add_dashboard(settings, app, stack)
        if deployment.policy.web.enabled:
            add_web(desk, store.transcript, app, demo=demo)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await _listen(runner, settings)
        yield f"http://{settings.host}:{runner.addresses[0][1]}"


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise SettingsError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}; set SWITCHBOARD_PORT") from error


async def _add_dashboard(settings: Settings, app: web.Application, stack: AsyncExitStack) -> None:
    """Serve the dashboard where it may be; over connections of its own, so that no acknowledgement waits for its figures."""
    from bot.dashboard.app import Dashboard
    from bot.dashboard.keys import admin_token

    token = admin_token(settings)
    if token is None:
        _log.warning("the dashboard is off: beyond loopback it needs %s", ADMIN_TOKEN)
        return
    store = await stack.enter_async_context(open_store(settings))
    Dashboard(store, token, utc_now, here_only=settings.on_loopback).add_to(app)


@asynccontextmanager
async def router(policy: Policy, simulation: Simulation, cache: Cache | None = None) -> AsyncIterator[Router]:
    """Yield the router over the policy's models. Imports LiteLLM, which takes seconds."""
    from router.litellm_model import LiteLLMModel, close_clients

    prices = Prices(policy.prices)
    base = await simulation.start(policy)

    def model(target: Target) -> Model:
        return LiteLLMModel(target, prices, api_base=base if target.model.startswith(SIMULATED) else target.api_base)

    def chain(tier: Tier) -> Chain:
        return Chain(tier, [model(target) for target in policy.tiers.of(tier).targets], utc_now)

    try:
        yield Router(policy, {tier: chain(tier) for tier in (Tier.SMALL, Tier.FRONTIER)}, cache)
    finally:
        await close_clients()
        await simulation.stop()


@asynccontextmanager
async def worker(deployment: Deployment, *, owner: str) -> AsyncIterator[Worker]:
    """Make a worker for the platforms that are turned on; `owner` names its place among the workers."""
    from bot.memory import open_memory

    owner = owner or secrets.token_hex(4)
    policy = deployment.policy
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(deployment.settings, owner=owner))
        simulation = Simulation(store.switches)
        memory = await stack.enter_async_context(open_memory(deployment, store))
        routes = await stack.enter_async_context(router(policy, simulation, memory.cache if memory else None))
        ways = await stack.enter_async_context(ways_out(deployment, store))
        assistant = Assistant(routes, store.records, policy, ways.threads, utc_now)
        await store.inbox.recover()
        office = Office(store.inbox, store.records, assistant, ways.couriers, utc_now, policy.ttl, memory.remembering if memory else None)
        yield Worker(office, prepare=simulation.follow)


async def ask(deployment: Deployment, text: str) -> Record:
    """Answer one question at the terminal, with its record kept like any other's."""
    async with open_store(deployment.settings) as store:
        simulation = Simulation(store.switches)
        async with router(deployment.policy, simulation) as routes:
            await simulation.follow()
            assistant = Assistant(routes, store.records, deployment.policy, {}, utc_now)
            return await Terminal(store.inbox, store.records, assistant, utc_now).ask(text)


def missing_keys(policy: Policy) -> dict[str, str]:
    """Return, for each model of a policy that is not simulated, the variable of the key that it lacks, or nothing. Imports LiteLLM."""
    names = dict.fromkeys(target.model for target in policy.targets() if not target.model.startswith(SIMULATED))
    if not names:
        return {}
    from router.litellm_model import missing_key

    return {name: missing_key(name) or "" for name in names}
