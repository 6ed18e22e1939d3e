"""The composition root: the only place where every class is named. Each process imports only what it needs."""

import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from pydantic import SecretStr

from adapters.slack.options import SlackOptions
from bot.assistant import Assistant
from bot.config import ADMIN_TOKEN, Settings, SettingsError
from bot.deployment import Deployment, open_store, utc_now
from bot.desk import Desk, new_id
from bot.health import Health
from bot.office import Office
from bot.routing import routing
from bot.simulation import SIMULATED, Simulation
from bot.store.result import Record
from bot.store.transcript import Transcript
from bot.terminal import Terminal
from bot.types import Courier, DeliveryFailure, Platform, Threads
from bot.worker import Worker
from router.policy import Policy

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
            await _add_slack(deployment, desk, app, stack)
        await _add_dashboard(settings, app, stack)
        if deployment.policy.web.enabled:
            _add_web(desk, store.transcript, app, demo=demo)
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


async def _add_slack(deployment: Deployment, desk: Desk, app: web.Application, stack: AsyncExitStack) -> None:
    from adapters.slack.app import SlackIngress

    slack = SlackIngress(slack_options(deployment), desk, clock=utc_now, new_id=new_id)
    slack.routes(app)
    stack.push_async_callback(slack.stop)
    await slack.start()


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


def slack_options(deployment: Deployment) -> SlackOptions:
    """Return what the Slack adapter is told, from settings and policy."""
    settings, policy = deployment.settings, deployment.policy.slack
    return SlackOptions(
        bot_token=settings.slack_bot_token or SecretStr(""),
        signing_secret=settings.slack_signing_secret or SecretStr(""),
        app_token=settings.slack_app_token or SecretStr(""),
        api_url=settings.slack_api_url,
        follow_ups=policy.follow_ups,
        flag_reactions=policy.flag_reactions,
        other_bots=policy.other_bots,
        external_channels=policy.external_channels,
        teams=policy.teams,
    )


def _add_web(desk: Desk, transcript: Transcript, app: web.Application, *, demo: bool) -> None:
    from adapters.web.app import WebIngress
    from adapters.web.faults import FaultChoice
    from router.simulated.faults import Fault

    faults = tuple(
        FaultChoice(fault.value.replace("_", " "), model, fault.value)
        for model in ("frontier", "small")
        for fault in (Fault.SERVER_ERROR, Fault.RATE_LIMITED, Fault.HANG, Fault.EMPTY)
    )
    WebIngress(desk, transcript, clock=utc_now, new_id=new_id, demo=demo, faults=faults).routes(app)


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
        routes = await stack.enter_async_context(routing(policy, simulation, utc_now, memory.cache if memory else None))
        couriers: dict[Platform, Courier] = {}
        threads: dict[Platform, Threads] = {}
        if deployment.settings.has_slack:
            from adapters.slack.courier import SlackCourier

            slack = SlackCourier(slack_options(deployment))
            stack.push_async_callback(slack.close)
            couriers[Platform.SLACK], threads[Platform.SLACK] = slack, slack
        if policy.web.enabled:
            from adapters.web.courier import WebCourier

            couriers[Platform.WEB] = WebCourier(store.transcript, clock=utc_now)
        assistant = Assistant(routes, store.records, policy, threads, utc_now)
        await store.inbox.recover()
        office = Office(store.inbox, store.records, assistant, couriers, utc_now, policy.ttl, memory.remembering if memory else None)
        yield Worker(office, prepare=simulation.follow)


async def ask(deployment: Deployment, text: str) -> Record:
    """Answer one question at the terminal, with its record kept like any other's."""
    async with open_store(deployment.settings) as store:
        simulation = Simulation(store.switches)
        async with routing(deployment.policy, simulation, utc_now) as routes:
            await simulation.follow()
            assistant = Assistant(routes, store.records, deployment.policy, {}, utc_now)
            return await Terminal(store.inbox, store.records, assistant, utc_now).ask(text)


def missing_keys(policy: Policy) -> dict[str, str]:
    """Return, for each model of a policy that is not simulated, the variable of the key that it lacks, or nothing. Imports LiteLLM."""
    asked = {target.model: target.api_key_env for target in policy.targets() if not target.model.startswith(SIMULATED)}
    if not asked:
        return {}
    from router.litellm_model import missing_key

    return {name: missing_key(name) or "" if own is None else "" if os.environ.get(own) else own for name, own in asked.items()}


async def try_slack(deployment: Deployment) -> str:
    """Ask Slack who we are; return its error code, or nothing when it accepts the token."""
    from adapters.slack.web import SlackWeb

    web_api = SlackWeb(slack_options(deployment))
    try:
        await web_api.call(lambda client: client.auth_test())
    except DeliveryFailure as failure:
        return failure.code
    finally:
        await web_api.close()
    return ""


def slack_manifest_text(url: str | None, *, socket_mode: bool, as_json: bool) -> str:
    """Return the Slack app manifest, filled in. Raises SettingsError with one line."""
    from adapters.slack.manifest import ManifestError, slack_manifest

    try:
        filled = slack_manifest(url, socket_mode=socket_mode)
    except ManifestError as error:
        raise SettingsError(str(error)) from error
    return filled.to_json() if as_json else filled.to_yaml()


def teams_package(app_id: str, domain: str, *, rsc: bool) -> tuple[str, bytes]:
    """Return the manifest of the Teams app as JSON text, and its zip file. Raises SettingsError with one line."""
    from adapters.teams.manifest import ManifestError, package, teams_manifest

    try:
        filled = teams_manifest(app_id, domain, rsc=rsc)
        return filled.to_json(), package(filled)
    except ManifestError as error:
        raise SettingsError(str(error)) from error
