"""A deployment: its settings and policy, both checked, and its store."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.config import Settings, SettingsError, load_settings
from bot.gateway import require_gateway
from bot.store import schema
from bot.store.database import Database, database_url
from bot.store.store import Store, make_store
from router.policy import Policy, load_policy
from router.policy_platforms import TeamsPolicy
from router.prices import Prices
from router.types import Clock, PolicyError


@dataclass(frozen=True, slots=True)
class Deployment:
    """The settings and the policy, both validated."""

    settings: Settings
    policy: Policy

    @property
    def has_teams(self) -> bool:
        """Whether Teams is to be connected."""
        return self.settings.teams_app_id is not None or self.policy.teams.auth == "disabled"


def utc_now() -> datetime:
    """Return the present moment: the one clock of a running process."""
    return datetime.now(UTC)


def read_deployment(environ: Mapping[str, str]) -> Deployment:
    """Read and check settings and policy. Raises SettingsError or PolicyError with one line."""
    settings = load_settings(environ)
    policy = load_policy(settings.policy)
    missing = Prices(policy.prices).missing(policy)
    if missing:
        raise PolicyError(
            f'{settings.policy}: no price is known for {", ".join(missing)}: add [prices."{missing[0]}"] with input and output'
        )
    if policy.web.enabled and not settings.on_loopback:
        raise SettingsError(f"the chat page has no sign-in: with web.enabled, SWITCHBOARD_HOST must be loopback, not {settings.host}")
    _check_teams(settings, policy.teams)
    require_gateway(settings, policy)
    try:
        database_url(settings.store_url)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    return Deployment(settings, policy)


def _check_teams(settings: Settings, teams: TeamsPolicy) -> None:
    """Raise SettingsError where the app's settings and the policy do not go together."""
    if teams.auth == "disabled":
        if settings.teams_app_id:
            raise SettingsError('TEAMS_APP_ID is set, and [teams] says auth = "disabled": take one of them away')
        if not settings.on_loopback:
            raise SettingsError(f'with auth = "disabled" under [teams], SWITCHBOARD_HOST must be loopback, not {settings.host}')
    elif settings.teams_app_id:
        managed = teams.app == "managed_identity"
        if not managed and not settings.teams_app_password:
            raise SettingsError(
                'TEAMS_APP_ID is set, so TEAMS_APP_PASSWORD must be too (or app = "managed_identity" under [teams] in the policy)'
            )
        if managed and settings.teams_app_password:
            raise SettingsError('TEAMS_APP_PASSWORD is set, and [teams] says app = "managed_identity": take one of them away')


@asynccontextmanager
async def open_store(settings: Settings, clock: Clock = utc_now, *, owner: str = "") -> AsyncIterator[Store]:
    """Open the database at this version's schema; with an `owner`, for a worker. Raises StoreUnavailable or SchemaOutdated."""
    database = Database(settings.store_url, durable=not owner)
    try:
        await schema.require(database)
        yield make_store(database, clock, owner=owner)
    finally:
        await database.close()
