"""The platforms, as they are put together: options, entrances, couriers, and whether they accept us."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from pydantic import SecretStr

from adapters.slack.options import SlackOptions
from adapters.teams.options import Cloud, TeamsOptions
from bot.config import SettingsError
from bot.courier import Courier, Threads
from bot.deployment import Deployment, utc_now
from bot.desk import Desk, new_id
from bot.reviewing import Reviewing
from bot.store.store import Store
from bot.store.transcript import Transcript
from bot.types import DeliveryFailure, Platform
from router.policy import Policy


async def add_slack(deployment: Deployment, desk: Desk, app: web.Application, stack: AsyncExitStack, reviewing: Reviewing) -> None:
    """Serve Slack until the stack closes."""
    from adapters.slack.app import SlackIngress

    slack = SlackIngress(slack_options(deployment), desk, clock=utc_now, new_id=new_id, reviewing=reviewing)
    slack.routes(app)
    stack.push_async_callback(slack.stop)
    await slack.start()


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


async def add_teams(deployment: Deployment, desk: Desk, app: web.Application, stack: AsyncExitStack) -> None:
    """Serve Teams until the stack closes."""
    from adapters.teams.app import TeamsIngress

    teams = TeamsIngress(teams_options(deployment), desk, clock=utc_now, new_id=new_id)
    teams.routes(app)
    stack.push_async_callback(teams.stop)
    await teams.start()


def teams_options(deployment: Deployment) -> TeamsOptions:
    """Return what the Teams adapter is told, from settings and policy."""
    settings, policy = deployment.settings, deployment.policy.teams
    return TeamsOptions(
        app_id=settings.teams_app_id or "",
        app_password=settings.teams_app_password or SecretStr(""),
        tenant=settings.teams_tenant_id or "",
        tenants=policy.tenants,
        managed_identity=policy.app == "managed_identity",
        verify=policy.auth == "required",
        cloud=Cloud(policy.openid_url, policy.issuer, policy.login_url, policy.scope, policy.service_hosts),
        follow_ups=policy.follow_ups,
        flag_reactions=policy.flag_reactions,
        public_teams=policy.public_teams,
    )


def add_web(desk: Desk, transcript: Transcript, policy: Policy, app: web.Application, *, demo: bool) -> None:
    """Serve the chat page."""
    from adapters.web.app import WebIngress
    from adapters.web.faults import FaultChoice
    from bot.simulation import simulated_roles
    from router.simulated.faults import Fault

    faults = tuple(
        FaultChoice(fault.value.replace("_", " "), model, fault.value, role)
        for model, role in simulated_roles(policy).items()
        for fault in (Fault.SERVER_ERROR, Fault.RATE_LIMITED, Fault.HANG, Fault.EMPTY)
    )
    WebIngress(desk, transcript, clock=utc_now, new_id=new_id, demo=demo, faults=faults).routes(app)


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


async def try_teams(deployment: Deployment) -> str:
    """Ask Microsoft for a token; return what it says against it, or nothing when it gives one."""
    from adapters.teams.sdk import connect

    connector = connect(teams_options(deployment))
    try:
        await connector.check()
    except DeliveryFailure as failure:
        return failure.code
    finally:
        await connector.close()
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


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What writes to the platforms that are turned on, and what reads there what was said before."""

    couriers: dict[Platform, Courier] = field(default_factory=dict)
    threads: dict[Platform, Threads] = field(default_factory=dict)


@asynccontextmanager
async def ways_out(deployment: Deployment, store: Store) -> AsyncIterator[WaysOut]:
    """Yield the ways out until they are closed. Imports the platforms' SDKs."""
    ways = WaysOut()
    async with AsyncExitStack() as stack:
        if deployment.settings.has_slack:
            from adapters.slack.courier import SlackCourier

            slack = SlackCourier(slack_options(deployment))
            stack.push_async_callback(slack.close)
            ways.couriers[Platform.SLACK], ways.threads[Platform.SLACK] = slack, slack
        if deployment.has_teams:
            from adapters.teams.courier import TeamsCourier

            teams = TeamsCourier(teams_options(deployment), store.addresses, store.parts)
            stack.push_async_callback(teams.close)
            ways.couriers[Platform.TEAMS] = teams
        if deployment.policy.web.enabled:
            from adapters.web.courier import WebCourier

            ways.couriers[Platform.WEB] = WebCourier(store.transcript, clock=utc_now)
        yield ways
