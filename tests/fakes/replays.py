"""Rows and replayed answers for tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.replay.judge import Replayed
from bot.replay.rows import Row
from router.types import Tier, Volatility

MORNING = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)


def make_row(number: int, text: str = "what is rfc1918?", *, after_s: float = 0, channel: str = "C-noc", **labels: str) -> Row:
    """A row that is asked so many seconds after the morning's begin; `labels` are key, tier and volatility."""
    at = MORNING + timedelta(seconds=after_s)
    return Row.model_validate({"id": f"q{number}", "at": at, "user": "U1", "channel": channel, "text": text, **labels}, strict=False)


def make_replayed(row: Row, tier: Tier | None, *, source: Row | None = None, scope: str = "public", ms: float = 1.0) -> Replayed:
    """What became of a row; its volatility is the row's label, else `config`."""
    return Replayed(
        row=row,
        scope=scope,
        tier=tier,
        volatility=row.volatility or Volatility.CONFIG,
        source=source,
        similarity=0.9 if source else None,
        model=f"simulated/{tier}" if tier else "",
        usd=Decimal(0) if tier is Tier.CACHE else Decimal("0.001"),
        frontier_usd=Decimal("0.004"),
        latency_ms=ms,
        reasons=("because",),
    )
