"""What a deployment tells the Teams adapter: secrets, addresses and decisions, as plain values."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

PATH = "/api/messages"
"""The one address for activities."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class TeamsConfigError(ValueError):
    """The Teams adapter cannot run with these options; the message is one clear line."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """The addresses of a Microsoft cloud; by default the public one's (learn.microsoft.com, Bot Connector authentication).

    `openid_url` and `issuer` say who signs what comes in, `login_url` and `scope` where a token for what goes out comes
    from, and `service_hosts` where it may go.
    """

    openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    login_url: str = "https://login.microsoftonline.com"
    scope: str = "https://api.botframework.com/.default"
    service_hosts: tuple[str, ...] = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")


@dataclass(frozen=True, slots=True)
class TeamsOptions:
    """Who we are in Teams and how to behave there.

    `verify` is False where the configuration turns authentication off, which needs no app and no token and is for this
    machine alone. With `managed_identity` there is no password. `tenants` may use the bot beside its own `tenant`.
    `public_teams` are ids of teams that everybody in the tenant may read, or `*` for all. `pace_s` is the time between
    two messages into one conversation after a short burst, in seconds; 0 turns pacing off (a bot may send 60 in 30 s:
    learn.microsoft.com, Rate limiting for bots).
    """

    app_id: str
    app_password: SecretStr = field(default_factory=lambda: SecretStr(""))
    tenant: str = ""
    tenants: tuple[str, ...] = ()
    managed_identity: bool = False
    verify: bool = True
    cloud: Cloud = field(default_factory=Cloud)
    follow_ups: str = "asker"
    flag_reactions: tuple[str, ...] = ("1f44e", "angry", "sad")
    public_teams: tuple[str, ...] = ()
    pace_s: float = 0.5

    def admits(self, tenant: str) -> bool:
        """Whether somebody of a tenant may use the bot; without authentication and a tenant of our own, anybody may."""
        return tenant in (self.tenant, *self.tenants) if self.tenant else not self.verify

    def serves(self, url: str) -> bool:
        """Whether an address is one of Teams's own: https, at a host of the list, and at no odd port or login.

        A host of this machine may do without https, and needs no place on the list where authentication is off.
        """
        try:
            parts = urlsplit(url)
            odd = parts.port not in (None, 443) or parts.username is not None
        except ValueError:
            return False
        host = parts.hostname or ""
        if host in LOOPBACK and parts.scheme in ("http", "https") and parts.username is None:
            return not self.verify or host in self.cloud.service_hosts
        return parts.scheme == "https" and not odd and host in self.cloud.service_hosts
