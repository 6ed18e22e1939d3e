"""The ledger adds up to what providers of known bills charged, to the last picodollar, and nothing that cost something reads zero."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.assistant import Assistant
from bot.budgets import Budgets
from bot.costs import total_of
from bot.desk import Click
from bot.replies import Failed
from bot.store.costs import By, CostLine, read_costs
from bot.store.days import Period
from bot.store.ledger import NOBODY
from bot.store.tables import attempts
from bot.types import Answered, Badge, Kind
from router.caps import Span, Whose
from router.cascade import Router
from router.chain import Chain
from router.line import Direct
from router.litellm_model import LiteLLMModel
from router.litellm_setup import close_clients
from router.policy import INSTRUCTIONS, Policy, parse_policy
from router.prices import Prices
from router.simulated.faults import Fault
from router.simulated.protocol import TOKENS_PER_MESSAGE, count_tokens
from router.targets import Target
from router.types import Prompt, Tier, Usage
from tests.bot.conftest import Backstage
from tests.fakes.metered_provider import metered_provider
from tests.fakes.questions import make_question
from tests.fakes.simulated import Bench, running_bench

POLICY = """
[tiers.small]
targets = [{ model = "simulated/small", timeout_s = 5 }]
[tiers.frontier]
targets = [{ model = "simulated/frontier-a", timeout_s = 1 }, { model = "simulated/frontier-b", timeout_s = 5 }]
[cache]
audit_share = 0.0
"""
METERED = """
[tiers.small]
targets = [{ model = "openai/metered-small", timeout_s = 5 }]
[tiers.frontier]
targets = [{ model = "openai/metered-large", timeout_s = 5 }]
[prices."openai/metered-small"]
input = 0.25
output = 2.0
cached_input = 0.025
[prices."openai/metered-large"]
input = 5.0
output = 25.0
cached_input = 0.5
"""
EASY = (
    "what is the default port of bgp?",
    "what is the default port of ssh?",
    "what does MTU stand for?",
    "what is the default AD of ospf?",
)
HARD = (
    "why does the OSPF adjacency flap after a link-state database overflow?",
    "why does the BGP session of our transit flap at night?",
    "design a migration from RSTP to EVPN for two data centres",
    "why would IS-IS routes leak between levels?",
)
MICRO = Decimal(10) ** -6
SMALL, FRONTIER = (Decimal("0.25"), Decimal(2)), (Decimal("1.25"), Decimal(10))


@dataclass
class Deployment(Backstage):
    """A back office whose models are asked through LiteLLM."""

    bases: dict[str, str] = field(default_factory=dict)
    toml: str = POLICY

    def assistant(self, policy: Policy) -> Assistant:
        self.policy = parse_policy(self.toml, "test")
        prices = Prices(self.policy.prices)

        def model(target: Target) -> LiteLLMModel:
            return LiteLLMModel(target, prices, api_base=self.bases[target.model.partition("/")[0]], api_key="k")

        chains = {
            tier: Chain(tier, Direct([model(target) for target in self.policy.tiers.of(tier).targets]), self.clock)
            for tier in (Tier.SMALL, Tier.FRONTIER)
        }
        return Assistant(
            Router(self.policy, chains, self.cache), self.records, self.policy, {}, Budgets(self.store, self.policy, self.clock)
        )

    async def costs(self, by: By = By.TIER) -> dict[str, CostLine]:
        now = self.clock()
        lines = await read_costs(self.database, Period(now - timedelta(days=1), now + timedelta(days=1)), by)
        return {line.key: line for line in lines}

    async def ask(self, text: str, kind: Kind = Kind.ASK, parent: str = "") -> Answered | Failed:
        """Ask, and return the reply."""
        question = make_question(text, kind=kind, parent=parent)
        await self.inbox.add(question)
        await self.work()
        self.clock.advance(60)
        record = await self.records.get(question.id)
        assert record
        assert record.reply
        return record.reply


def charged(price: tuple[Decimal, Decimal], text: str, answer: str) -> Decimal:
    """Return what a simulated model charges, by its own published rule of counting."""
    prompt = sum(TOKENS_PER_MESSAGE + count_tokens(said) for said in (INSTRUCTIONS, text))
    return (prompt * price[0] + count_tokens(answer) * price[1]) * MICRO


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """Simulated models, after a first call: LiteLLM loads half of itself in it, which is no part of anybody's deadline."""
    async with running_bench() as made:
        await LiteLLMModel(Target(model="simulated/small"), Prices({}), api_base=made.base).complete(Prompt("", "hello"))
        yield made
        await close_clients()


@pytest.fixture
async def office(backstage: Backstage, bench: Bench) -> Deployment:
    made = Deployment(backstage.database, backstage.clock, bases={"simulated": bench.base})
    made.remember("[cache]\naudit_share = 0.0\n")
    return made


async def test_a_day_of_answers_failures_and_hits_adds_up_to_what_was_charged(office: Deployment, bench: Bench) -> None:
    owed, frontier = Decimal(0), Decimal(0)
    for text in EASY:  # the small model answers, then the cache
        reply = await office.ask(text)
        assert isinstance(reply, Answered)
        owed += charged(SMALL, text, reply.text)
        hit = await office.ask(text)
        assert isinstance(hit, Answered)
        assert (hit.badge, hit.usd) == (Badge.CACHE, Decimal(0))
        frontier += 2 * charged(FRONTIER, text, reply.text)
    reply = await office.ask(HARD[0])  # the first provider answers
    assert isinstance(reply, Answered)
    whole = reply.text
    owed, frontier = owed + charged(FRONTIER, HARD[0], whole), frontier + charged(FRONTIER, HARD[0], whole)
    bench.models.set_fault("frontier-a", Fault.RATE_LIMITED)  # the second one answers, the first charges nothing
    reply = await office.ask(HARD[1])
    assert isinstance(reply, Answered)
    owed, frontier = owed + charged(FRONTIER, HARD[1], reply.text), frontier + charged(FRONTIER, HARD[1], reply.text)
    bench.models.set_fault("frontier-a", Fault.TRUNCATED)  # half an answer is charged in full, and so is the next provider's whole one
    reply = await office.ask(HARD[2])
    assert isinstance(reply, Answered)
    owed, frontier = owed + 2 * charged(FRONTIER, HARD[2], reply.text), frontier + 2 * charged(FRONTIER, HARD[2], reply.text)
    total = total_of(tuple((await office.costs()).values()))
    assert total.usd == owed
    assert total.frontier_usd == frontier
    assert (total.questions, total.cached, total.unvalued, total.unknown_calls, total.estimated_usd) == (11, 4, 0, 0, Decimal(0))
    assert (await office.store.spending.used(NOBODY, Whose.DEPLOYMENT, Span.DAY, office.clock())).total == owed


async def test_a_cached_answer_saves_what_its_tier_would_have_charged_again(office: Deployment) -> None:
    reply = await office.ask(EASY[0])
    assert isinstance(reply, Answered)
    await office.ask(EASY[0])
    costs = await office.costs()
    assert costs["cache"].saved_usd == charged(SMALL, EASY[0], reply.text)
    assert (costs["cache"].usd, costs["cache"].questions, costs["cache"].calls) == (Decimal(0), 1, 0)


async def test_a_bill_with_cache_reads_and_reasoning_is_paid_to_the_picodollar(backstage: Backstage) -> None:
    async with metered_provider() as provider:
        office = Deployment(backstage.database, backstage.clock, bases={"openai": provider.base}, toml=METERED)
        provider.bills = [Usage(1200, 300, cached=1024, reasoning=128), Usage(7001, 1999, cached=4096, reasoning=1500)]
        await office.ask(EASY[0])
        await office.ask(HARD[0])
        await close_clients()
    costs = await office.costs()
    assert costs["small"].usd == (176 * Decimal("0.25") + 1024 * Decimal("0.025") + 300 * 2) * MICRO
    assert costs["frontier"].usd == (2905 * 5 + 4096 * Decimal("0.5") + 1999 * 25) * MICRO
    assert (costs["frontier"].cached_tokens, costs["frontier"].reasoning_tokens) == (4096, 1500)
    row = (await office.database.rows(select(attempts)))[1]
    assert (row["price_input"], row["price_output"], row["price_cached"], row["price_source"]) == (5, 25, Decimal("0.5"), "policy")


@pytest.mark.parametrize("fault", [Fault.MISSING_USAGE, Fault.ABSURD_USAGE])
async def test_a_bill_that_is_not_told_is_an_estimate_and_never_zero(fault: Fault, office: Deployment, bench: Bench) -> None:
    bench.models.set_fault("small", fault)
    reply = await office.ask(EASY[0])
    assert isinstance(reply, Answered)
    (line,) = (await office.costs()).values()
    assert line.estimated_usd == line.usd > 0
    assert line.frontier_usd > line.usd


async def test_a_call_that_ran_into_its_deadline_is_of_unknown_cost_with_a_bound_that_counts_under_the_caps(
    office: Deployment, bench: Bench
) -> None:
    bench.models.set_fault("frontier-a", Fault.HANG)
    reply = await office.ask(HARD[3])
    assert isinstance(reply, Answered)
    line = (await office.costs())["frontier"]
    assert (line.usd, line.unknown_calls) == (charged(FRONTIER, HARD[3], reply.text), 1)
    assert line.at_most_usd > line.usd
    assert (line.unvalued, line.frontier_usd) == (1, Decimal(0)), "what the frontier model alone would have cost nobody can tell either"
    assert (await office.store.spending.used(NOBODY, Whose.DEPLOYMENT, Span.DAY, office.clock())).total == line.usd + line.at_most_usd


async def test_asking_again_costs_and_would_have_been_spared_by_the_frontier_model(office: Deployment) -> None:
    first = make_question(EASY[0])
    await office.inbox.add(first)
    await office.work()
    before = total_of(tuple((await office.costs()).values()))
    await office.desk.escalate(Click(first.id, "U1", "k1"))
    await office.work()
    after = total_of(tuple((await office.costs()).values()))
    assert after.usd > before.usd
    assert (after.questions, after.frontier_usd) == (before.questions + 1, before.frontier_usd)


async def test_no_call_that_was_answered_reads_zero(office: Deployment, bench: Bench) -> None:
    for fault in (None, Fault.MISSING_USAGE, Fault.TRUNCATED, Fault.EMPTY, Fault.NO_CHOICES, Fault.GARBAGE):
        bench.models.set_fault("small", fault)
        await office.ask(f"{EASY[0]} {fault}")
    rows = await office.database.rows(select(attempts).where(attempts.c.tier != Tier.CACHE.value))
    assert len(rows) > 6
    assert [row for row in rows if row["cost_usd"] == 0] == []
    assert [
        row for row in rows if row["outcome"] in {"answered", "bad_answer"} and row["cost_usd"] is None and not row["at_most_usd"]
    ] == []
