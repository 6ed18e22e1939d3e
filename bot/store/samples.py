"""Which answers were drawn for review, week by week; an answer is drawn once."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from bot.evals.kinds import kind_of
from bot.evals.types import Drawn, Stratum, Unit, Why
from bot.evals.weeks import bounds
from bot.store.database import Database
from bot.store.eval_tables import sample_draws, samples
from bot.store.flags import STANDING
from bot.store.tables import answers, decisions, flags, pairs, questions
from bot.types import Kind
from router.types import Clock, Tier, Visibility, Volatility

DIRECT = "direct"
"""The channel of what only its asker could see, in a stratum's name."""

Choose = Callable[[Sequence[Unit], int], Sequence[Drawn]]
"""Told the answers that may be drawn and how many are wanted."""


@dataclass(frozen=True, slots=True)
class Week:
    """What was drawn of a week: of `answers` answers given before `until`, `drawn` at random, `flagged` and `audited` added."""

    week: str
    until: datetime
    answers: int
    drawn: int
    flagged: int
    audited: int


class Samples:
    """Draws and lists samples. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def draw(self, week: str, size: int, choose: Choose, *, direct: bool) -> Week:
        """Draw from a week's answers what is missing to `size`, add what was flagged, and return what the week has now.

        What was given before the last draw of the week had its chance and has none again, so that drawing twice changes
        nothing, and a week that is not over is drawn on as it goes. `direct`: what only its asker could see may be drawn.
        Raises NotAWeek.
        """
        since, end = bounds(week)
        until = min(end, self._clock())

        def draw(connection: Connection) -> None:
            before, drawn = _drawn_of(connection, week)
            begin = before or since
            wanted = size - drawn
            units = _frame(connection, begin, until, direct=direct) if wanted > 0 else []
            if units:
                chosen = choose(units, wanted)
                _keep(connection, week, chosen, after=drawn)
                values = {"since": begin, "until": until, "drawn_at": self._clock(), "answers": len(units), "size": len(chosen)}
                connection.execute(insert(sample_draws).values(values | {"week": week}))
            _keep(connection, week, _added(connection, since, until, direct=direct), after=2 * size)

        # Whoever draws at the same moment as somebody else finds the same beginning taken.
        with suppress(IntegrityError):
            await self._database.write(draw)
        return next(iter(await self.weeks(week)), Week(week, until, 0, 0, 0, 0))

    async def weeks(self, week: str = "") -> tuple[Week, ...]:
        """Return the weeks that were drawn, or one, newest first."""
        mine = sample_draws.c.week == week if week else sample_draws.c.week != ""
        columns = (func.max(sample_draws.c.until).label("until"), func.sum(sample_draws.c.answers).label("answers"))
        wanted = select(sample_draws.c.week, *columns, func.sum(sample_draws.c.size).label("drawn")).where(mine)
        rows = await self._database.rows(wanted.group_by(sample_draws.c.week).order_by(sample_draws.c.week.desc()))
        counted = select(samples.c.week, samples.c.why, func.count().label("count")).group_by(samples.c.week, samples.c.why)
        added = {(row["week"], row["why"]): row["count"] for row in await self._database.rows(counted)}
        return tuple(
            Week(
                week=row["week"],
                until=row["until"],
                answers=int(row["answers"]),
                drawn=int(row["drawn"]),
                flagged=added.get((row["week"], Why.FLAG), 0),
                audited=added.get((row["week"], Why.AUDIT), 0),
            )
            for row in rows
        )


def drawn_of(row: RowMapping) -> Drawn:
    """Read what was drawn from a row of `samples`."""
    unit = Unit(row["question_id"], Stratum(Tier(row["tier"]), row["kind"], row["channel"]))
    return Drawn(unit, Why(row["why"]), row["weight"], twice=row["twice"])


def only_its_asker_saw() -> ColumnElement[bool]:
    """Return the condition for questions whose answer was shown to nobody but the asker."""
    return or_(questions.c.private, questions.c.visibility == Visibility.DIRECT.value)


def _drawn_of(connection: Connection, week: str) -> tuple[datetime | None, int]:
    """Return until when a week is drawn, and how many were drawn at random."""
    rows = connection.execute(select(sample_draws).where(sample_draws.c.week == week)).mappings().all()
    return max((row["until"] for row in rows), default=None), sum(row["size"] for row in rows)


def _frame(connection: Connection, since: datetime, until: datetime, *, direct: bool) -> list[Unit]:
    """Return the answers of a time that were shown to people and are not sampled yet."""
    return _units(connection, and_(answers.c.answered_at >= since, answers.c.answered_at < until), direct=direct)


def _added(connection: Connection, since: datetime, until: datetime, *, direct: bool) -> list[Drawn]:
    """Return the answers that were flagged in a time, then the hits that were audited in it, as far as chance drew neither."""
    flagged = select(flags.c.question_id).where(STANDING, flags.c.at >= since, flags.c.at < until)
    audited = select(pairs.c.first).where(pairs.c.kind == Kind.AUDIT.value, pairs.c.at >= since, pairs.c.at < until)
    found: dict[str, Drawn] = {}
    for why, wanted in ((Why.FLAG, flagged), (Why.AUDIT, audited)):
        for unit in _units(connection, answers.c.question_id.in_(wanted), direct=direct):
            found.setdefault(unit.question_id, Drawn(unit, why, 0.0))
    return list(found.values())


def _units(connection: Connection, where: ColumnElement[bool], *, direct: bool) -> list[Unit]:
    shown = and_(questions.c.kind == Kind.ASK.value, answers.c.question_id.not_in(select(samples.c.question_id)))
    wanted = (
        select(
            answers.c.question_id,
            answers.c.tier,
            questions.c.channel,
            only_its_asker_saw().label("direct"),
            decisions.c.tier.label("decided"),
            decisions.c.volatility,
            decisions.c.reasons,
        )
        .join(questions, questions.c.id == answers.c.question_id)
        .outerjoin(decisions, decisions.c.question_id == answers.c.question_id)
        .where(where, shown)
        .order_by(answers.c.question_id)
    )
    if not direct:
        wanted = wanted.where(~only_its_asker_saw())
    return [_unit_of(row) for row in connection.execute(wanted).mappings()]


def _unit_of(row: RowMapping) -> Unit:
    decided = Tier(row["decided"]) if row["decided"] else None
    volatility = Volatility(row["volatility"]) if row["volatility"] else None
    channel = DIRECT if row["direct"] else row["channel"]
    return Unit(row["question_id"], Stratum(Tier(row["tier"]), kind_of(decided, volatility, row["reasons"] or ()), channel))


def _keep(connection: Connection, week: str, drawn: Sequence[Drawn], *, after: int) -> None:
    if not drawn:
        return
    rows = [
        {
            "question_id": one.unit.question_id,
            "week": week,
            "position": after + place,
            "why": one.why.value,
            "tier": one.unit.stratum.tier.value,
            "kind": one.unit.stratum.kind,
            "channel": one.unit.stratum.channel,
            "weight": one.weight,
            "twice": one.twice,
        }
        for place, one in enumerate(drawn)
    ]
    connection.execute(insert(samples), rows)
