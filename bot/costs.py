"""The report of costs: lines and totals, net of overheads and against the frontier model alone; as a table, JSON or CSV."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce

from bot.deployment import Deployment, open_store
from bot.store.costs import By, CostLine, failed_questions, read_costs
from bot.store.days import Period

TOTAL = "total"
NOBODY = "(nobody)"
NOTHING = "Nothing was asked from {since} to {until}."
HEAD = ("questions", "cached", "calls", "tokens in", "out", "spent", "overhead", "cache saved", "all-frontier", "net saving")
METHOD = """\
all-frontier: what the frontier model would have cost for the same questions: its own calls where it answered, else the tokens of
the answer at the price of its first target that day. Asking again, audits, judges and embeddings add nothing to it.
net saving: all-frontier less everything spent, overhead (judges, audits, embeddings, probes, evals) included."""
CERTAINTY = "Of the dollars spent {estimated:.1%} are estimates. {unknown} calls are of unknown cost, together ${at_most:.4f} at most."
UNVALUED = "{count} answers cannot be valued: they count nothing in all-frontier."
FAILED = "{count} questions were not answered."


@dataclass(frozen=True, slots=True)
class CostReport:
    """Costs from the first to the last day, both included."""

    since: date
    until: date
    by: By
    lines: tuple[CostLine, ...]
    failed_questions: int

    @property
    def total(self) -> CostLine:
        """The sum of all lines."""
        return total_of(self.lines)


def total_of(lines: Sequence[CostLine]) -> CostLine:
    """Add lines up."""
    return reduce(CostLine.plus, lines, CostLine(TOTAL))


def days(since: date, until: date) -> Period:
    """Return the period from the beginning of a UTC day to the end of another."""
    first, last = (datetime.combine(day, time(), UTC) for day in (since, until))
    return Period(first, last + timedelta(days=1))


async def run_costs(deployment: Deployment, since: date, until: date, by: By) -> CostReport:
    """Read a report. Raises StoreUnavailable."""
    period = days(since, until)
    async with open_store(deployment.settings) as store:
        lines = await read_costs(store.database, period, by)
        return CostReport(since, until, by, lines, await failed_questions(store.database, period))


def to_json(report: CostReport) -> str:
    """Return the report as JSON; dollars are strings, exact."""
    said = {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "by": report.by.value,
        "lines": [_fields(line) for line in report.lines],
        "total": _fields(report.total),
        "failed_questions": report.failed_questions,
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def to_csv(report: CostReport) -> str:
    """Return the lines as CSV, without the total."""
    out = io.StringIO()
    names = list(_fields(CostLine("")))
    writer = csv.DictWriter(out, [report.by.value if name == "key" else name for name in names], lineterminator="\n")
    writer.writeheader()
    for line in report.lines:
        values = _fields(line)
        writer.writerow({report.by.value if name == "key" else name: values[name] for name in names})
    return out.getvalue().rstrip("\n")


def render(report: CostReport) -> str:
    """Return the report as a table for a terminal, with what its figures mean and how sure they are."""
    if not report.lines:
        return NOTHING.format(since=report.since, until=report.until)
    total = report.total
    rows = [(report.by.value, *HEAD), *(_cells(line) for line in report.lines), _cells(total)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    table = [
        "  ".join((row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)))) for row in rows
    ]
    rule = "-" * len(table[0])
    estimated = total.estimated_usd / total.usd if total.usd else Decimal(0)
    notes = [CERTAINTY.format(estimated=estimated, unknown=total.unknown_calls, at_most=total.at_most_usd)]
    notes += [UNVALUED.format(count=total.unvalued)] if total.unvalued else []
    notes += [FAILED.format(count=report.failed_questions)] if report.failed_questions else []
    return "\n".join((table[0], rule, *table[1:-1], rule, table[-1], "", *notes, METHOD))


def _cells(line: CostLine) -> tuple[str, ...]:
    counts = (line.questions, line.cached, line.calls, line.prompt_tokens, line.completion_tokens)
    money = (line.usd, line.overhead_usd, line.saved_usd, line.frontier_usd, line.net_saving_usd)
    return (line.key or NOBODY, *(f"{count:,}" for count in counts), *(_dollars(usd) for usd in money))


def _dollars(usd: Decimal) -> str:
    return f"{'-' if usd < 0 else ''}${abs(usd):,.4f}"


def _fields(line: CostLine) -> dict[str, str | int]:
    values = asdict(line) | {"net_saving_usd": line.net_saving_usd}
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in values.items()}
