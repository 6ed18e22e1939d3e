"""The sections of the policy that say how the bot behaves on each platform."""

from typing import Literal

from router.targets import Section


class SlackPolicy(Section):
    """How the bot behaves in Slack."""

    follow_ups: Literal["mention", "asker", "anyone"] = "asker"
    """Who is answered in a thread of ours without a mention."""
    flag_reactions: tuple[str, ...] = ("-1", "thumbsdown")
    other_bots: bool = False
    external_channels: bool = False
    teams: tuple[str, ...] = ()
    """Team ids that may use the bot beside its own."""


class TeamsPolicy(Section):
    """How the bot behaves in Teams, and, for other clouds than the public one, where that is."""

    auth: Literal["required", "disabled"] = "required"
    """`disabled` takes what anybody sends and needs no app; it is for this machine alone, such as the Agents Playground."""
    app: Literal["single_tenant", "managed_identity"] = "single_tenant"
    follow_ups: Literal["mention", "asker", "anyone"] = "asker"
    """Who is answered in a channel's thread of ours without a mention; Teams delivers such messages only with the RSC permissions."""
    flag_reactions: tuple[str, ...] = ("1f44e", "angry", "sad")
    tenants: tuple[str, ...] = ()
    """Tenant ids that may use the bot beside its own."""
    public_teams: tuple[str, ...] = ()
    """Ids of teams whose standard channels everybody in the tenant may read, or `*`; what is asked elsewhere stays in its channel."""
    openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    login_url: str = "https://login.microsoftonline.com"
    scope: str = "https://api.botframework.com/.default"
    service_hosts: tuple[str, ...] = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")


class WebPolicy(Section):
    """The chat page; it has no sign-in, so it is served on loopback only."""

    enabled: bool = False
