"""The ledger: one row for each attempt, and what they add up to under every cap, written together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection, delete, insert
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.money_tables import reservations, spending
from bot.store.tables import attempts
from bot.types import Question
from router.caps import Span, Whose
from router.types import Attempt

_DETAIL_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose money is spent. All are empty for what belongs to nobody but the deployment."""

    tenant: str = ""
    channel: str = ""
    user: str = ""

    @classmethod
    def of(cls, question: Question) -> "Payer":
        """Return who pays for a question."""
        place = question.conversation
        return cls(place.tenant, place.channel, question.user)

    def owners(self) -> tuple[tuple[Whose, str, str], ...]:
        """Return each under whose caps the payer falls, with the tenant and id that name it."""
        mine = [(Whose.DEPLOYMENT, "", "")]
        if self.tenant:
            mine.append((Whose.TENANT, self.tenant, ""))
            mine += [(whose, self.tenant, owner) for whose, owner in ((Whose.CHANNEL, self.channel), (Whose.USER, self.user)) if owner]
        return tuple(mine)


NOBODY = Payer()

Sums = defaultdict[tuple[str, str, str, str, str], Decimal]
"""US dollars by whose, tenant, owner, period and tier."""


def period_of(span: Span, moment: datetime) -> str:
    """Return the name of the UTC day or month that a moment lies in: `2026-11-25`, `2026-11`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%d}" if span is Span.DAY else f"{utc:%Y-%m}"


def release(connection: Connection, question_id: str) -> None:
    """Give back what was reserved for a question."""
    connection.execute(delete(reservations).where(reservations.c.question_id == question_id))


def book(connection: Connection, payer: Payer, made: Sequence[Attempt], *, question_id: str | None = None) -> None:
    """Write attempts, of a recorded question or of none, and add them up under every cap.

    A call that may have been billed for an unknown amount counts under the caps with what that is at most.
    """
    if not made:
        return
    connection.execute(insert(attempts), [_attempt_values(payer, question_id, attempt) for attempt in made])
    sums: Sums = defaultdict(Decimal)
    for attempt in made:
        usd = attempt.cost.usd if attempt.cost.usd is not None else attempt.at_most
        if usd:
            for whose, tenant, owner in payer.owners():
                for span in Span:
                    sums[whose.value, tenant, owner, period_of(span, attempt.started_at), attempt.tier.value] += usd
    _add(connection, sums)


def _attempt_values(payer: Payer, question_id: str | None, attempt: Attempt) -> dict[str, object]:
    usage, quote = attempt.usage, attempt.cost.quote
    return {
        "question_id": question_id,
        "tenant": payer.tenant,
        "channel": payer.channel,
        "user": payer.user,
        "tier": attempt.tier.value,
        "target": attempt.target,
        "model": attempt.model,
        "outcome": attempt.outcome.value,
        "started_at": attempt.started_at,
        "latency_ms": attempt.latency_ms,
        "prompt_tokens": usage.prompt if usage else None,
        "completion_tokens": usage.completion if usage else None,
        "cached_tokens": usage.cached if usage else None,
        "reasoning_tokens": usage.reasoning if usage else None,
        "cost_usd": attempt.cost.usd,
        "cost_source": attempt.cost.source.value,
        "price_input": quote.input if quote else None,
        "price_output": quote.output if quote else None,
        "price_cached": quote.cached if quote else None,
        "price_source": quote.source if quote else "",
        "price_as_of": quote.as_of if quote else None,
        "at_most_usd": attempt.at_most,
        "frontier_usd": attempt.frontier_usd,
        "saved_usd": attempt.saved.usd if attempt.saved else None,
        "detail": attempt.detail[:_DETAIL_CHARS],
        "purpose": attempt.purpose.value,
        "provider": attempt.provider[:64],
        "trace_id": attempt.trace_id[:128],
    }


def _add(connection: Connection, sums: Sums) -> None:
    """Add amounts to the sums. In one order everywhere: transactions that wait for each other's rows must not wait in a ring."""
    if not sums:
        return
    names = ("whose", "tenant", "owner", "period", "tier")
    rows = [dict(zip(names, key, strict=True)) | {"usd": usd} for key, usd in sorted(sums.items())]
    into = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(spending)
    added = into.on_conflict_do_update(index_elements=names, set_={"usd": spending.c.usd + into.excluded.usd})
    connection.execute(added, rows)
