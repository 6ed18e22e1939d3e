"""The policy's sections on money: budgets, how fast a person may ask, and who is told."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from router.caps import Cap, Span, Whose
from router.targets import Section

Usd = Annotated[Decimal, Field(gt=0)] | None
Count = Annotated[int, Field(ge=1, le=100_000)] | None


class Budgets(Section):
    """US dollars a UTC day and month; a missing cap is no cap.

    `over` is what happens beyond one: the small model answers everything; it answers what it would anyway, and the rest when
    somebody asks for that; or only what was answered before is served.
    """

    deployment_usd_per_day: Usd = None
    deployment_usd_per_month: Usd = None
    tenant_usd_per_day: Usd = None
    tenant_usd_per_month: Usd = None
    channel_usd_per_day: Usd = None
    channel_usd_per_month: Usd = None
    user_usd_per_day: Usd = None
    user_usd_per_month: Usd = None
    over: Literal["small", "cache_and_small", "refuse"] = "small"
    small_share: Annotated[Decimal, Field(ge=0, lt=1)] = Decimal("0.1")
    """The last part of each cap, which the frontier model may not use."""

    def caps(self) -> tuple[Cap, ...]:
        """Return the caps that are set, the widest first."""
        share = Decimal(0) if self.over == "refuse" else self.small_share
        named = [(whose, span, getattr(self, f"{whose.value}_usd_per_{span.value}")) for whose in Whose for span in Span]
        return tuple(Cap(whose, span, usd, usd * share) for whose, span, usd in named if usd is not None)


class Limits(Section):
    """How many questions one person may ask; a missing limit is no limit."""

    user_per_minute: Count = None
    user_per_hour: Count = None


class AlertsPolicy(Section):
    """Where operators are told of caps, keys and pauses: a channel of a platform; in the log alone when there is none."""

    platform: Literal["slack", "teams", "web"] = "slack"
    channel: str = ""
    tenant: str = ""
    """The Slack team or Teams tenant of the channel, where the platform has to know it."""
    percent: Annotated[tuple[Annotated[int, Field(ge=1, le=100)], ...], Field(max_length=10)] = (50, 80, 100)
    """The parts of a cap that are told when they are used."""
