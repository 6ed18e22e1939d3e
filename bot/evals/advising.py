"""Gathers what advice rests on: the logs or an export of old questions, run through routing and cache, and what answers cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from bot.evals.advise import Advised, Terms, Traffic, advise
from bot.evals.reading import last_weeks, read_report
from bot.evals.report import Report
from bot.intervals import rate
from bot.replay.judge import Replayed, is_false
from bot.replay.rows import Row
from bot.replay.run import replay
from bot.store.grades import Consumption, read_consumption
from bot.store.store import Store
from bot.store.traffic import Said, read_escalations, read_traffic
from router.difficulty import decide, leaning
from router.policy import Policy
from router.prices import Prices, usd_of
from router.types import Clock, Mode, PolicyError, Tier, Usage, Visibility

TOKENS = (1500, 400)
"""Prompt and completion of an answer, where none was measured."""
CALLS = 30
"""Calls from which their tokens count as measured."""
DAYS = 90
WEEKS = 13
NO_PRICE = "no price is known for {model}: add it under [prices]"
_PREFIX = {Visibility.DIRECT: "D-", Visibility.PRIVATE: "G-", Visibility.PUBLIC: ""}
"""How a replay's row tells who can see a channel."""


@dataclass(frozen=True, slots=True)
class Logs:
    """What a deployment's own logs tell."""

    rows: tuple[Row, ...]
    consumption: tuple[Consumption, ...]
    report: Report
    escalated: tuple[int, int]


async def read_logs(store: Store, policy: Policy, clock: Clock, limit: int) -> Logs:
    """Read the newest questions with what reviewers found. Raises StoreUnavailable."""
    since = clock() - timedelta(days=DAYS)
    said = await read_traffic(store.database, since, limit)
    return Logs(
        rows=tuple(_row(one) for one in said),
        consumption=await read_consumption(store.database),
        report=await read_report(store.database, last_weeks(clock(), WEEKS), policy.evals),
        escalated=await read_escalations(store.database, since),
    )


async def advise_on(
    rows: Sequence[Row], policy: Policy, worth_usd: Decimal, report: Callable[[int], None], logs: Logs | None = None
) -> Advised:
    """Run rows, at least one, as if routing and cache were on, and advise. Raises PolicyError, StoreUnavailable, IndexFailure."""
    on = policy.model_copy(
        update={
            "mode": Mode.ON,
            "cache": policy.cache.model_copy(update={"mode": Mode.ON}),
            "budgets": type(policy.budgets)(),
            "channels": {},
        }
    )
    done, _ = await replay(rows, on, report)
    terms = _terms(policy, worth_usd, logs.consumption if logs else ())
    return advise(_traffic(done, policy), terms, logs.report if logs else None, rate(*logs.escalated) if logs else rate(0, 0))


def _row(said: Said) -> Row:
    return Row(id=said.id, at=said.at, user=said.user or "-", channel=_PREFIX[said.visibility] + said.channel, text=said.text)


def _traffic(done: Sequence[Replayed], policy: Policy) -> Traffic:
    told = [one for one in done if one.source and one.row.key is not None and one.source.key is not None]
    labelled = [one for one in done if one.tier is Tier.SMALL and one.row.tier]
    return Traffic(
        at=tuple(one.row.at for one in done),
        leanings=tuple(leaning(one.row.text, policy.routing) for one in done),
        routed=tuple(decide(one.row.text, policy.routing).tier for one in done),
        served=tuple(one.tier or Tier.FRONTIER for one in done),
        false_hits=rate(sum(map(is_false, told)), len(told)),
        under_routed=rate(sum(one.row.tier == Tier.FRONTIER.value for one in labelled), len(labelled)),
    )


def _terms(policy: Policy, worth_usd: Decimal, consumption: Sequence[Consumption]) -> Terms:
    prices, calls = Prices(policy.prices), sum(one.calls for one in consumption)
    measured = calls >= CALLS
    prompt, completion = TOKENS
    if measured:
        prompt, completion = (
            round(sum(each * one.calls for one, each in zip(consumption, some, strict=True)) / calls) for some in _tokens(consumption)
        )
    usd = {}
    for tier in (Tier.SMALL, Tier.FRONTIER):
        model = policy.tiers.of(tier).targets[0].model
        quote = prices.of(model)
        if quote is None:
            raise PolicyError(NO_PRICE.format(model=model))
        usd[tier] = usd_of(quote, Usage(prompt, completion))
    return Terms(usd[Tier.SMALL], usd[Tier.FRONTIER], policy.cache.audit_share, worth_usd, (prompt, completion), measured)


def _tokens(consumption: Sequence[Consumption]) -> tuple[list[float], list[float]]:
    return [one.prompt for one in consumption], [one.completion for one in consumption]
