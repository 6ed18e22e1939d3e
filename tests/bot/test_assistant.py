"""The assistant bounds a question by scope, context and budget, and answers failures in plain words."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.assistant import Assistant, scope_of
from bot.budgets import Budgets
from bot.desk import Click
from bot.pausing import pause, resume
from bot.replies import Cause, Concern, Failed, Offer
from bot.store.result import Result
from bot.types import Answered, Badge, Kind
from router.cascade import Router
from router.chain import Chain
from router.line import Direct
from router.types import ModelFailure, Outcome, Purpose, Scope, Tier, Turn, Visibility
from tests.bot.conftest import Backstage
from tests.fakes.policies import make_policy
from tests.fakes.questions import make_question
from tests.router.test_judge import GreyCache

EASY = "what is the default port of bgp?"
HARD = "why does the OSPF adjacency flap after a link-state database overflow?"


async def answer(backstage: Backstage, text: str, policy: str = "", **about: object) -> Result:
    return await backstage.assistant(make_policy(policy)).answer(make_question(text, **about))  # type: ignore[arg-type] # passed on as they are


def said(result: Result) -> str:
    """Return the text of the caution or of the failure."""
    told = result.caution or result.failure
    assert told
    return told.text


@pytest.mark.parametrize(
    ("visibility", "private", "public", "expected"),
    [
        (Visibility.PUBLIC, False, "tenant", Scope("T1", Visibility.PUBLIC)),
        (Visibility.PUBLIC, False, "channel", Scope("T1", Visibility.PRIVATE, "C1")),
        (Visibility.PUBLIC, True, "tenant", Scope("T1", Visibility.DIRECT, "U1")),
        (Visibility.PRIVATE, False, "tenant", Scope("T1", Visibility.PRIVATE, "C1")),
        (Visibility.PRIVATE, True, "tenant", Scope("T1", Visibility.DIRECT, "U1")),
        (Visibility.DIRECT, False, "channel", Scope("T1", Visibility.DIRECT, "U1")),
    ],
)
def test_a_scope_is_no_wider_than_where_the_question_was_asked(visibility: Visibility, private: bool, public: str, expected: Scope) -> None:  # noqa: FBT001 (a parameter of the table)
    assert scope_of(make_question(visibility=visibility, private=private), public) == expected


async def test_a_best_effort_answer_says_what_failed(backstage: Backstage) -> None:
    backstage.frontier.failure = ModelFailure(Outcome.RATE_LIMITED, "key sk-123 is over its limit")
    result = await answer(backstage, HARD)
    assert said(result) == "Frontier model frontier was busy. This is the small model's answer, so check it."
    assert result.can_escalate


async def test_a_small_answer_can_be_escalated_and_a_frontier_answer_cannot(backstage: Backstage) -> None:
    assert (await answer(backstage, EASY)).can_escalate
    assert not (await answer(backstage, HARD)).can_escalate


async def test_an_escalation_is_answered_by_the_frontier_model_alone(backstage: Backstage) -> None:
    result = await answer(backstage, EASY, kind=Kind.ESCALATE, parent="q_0")
    assert result.answer
    assert result.answer.tier is Tier.FRONTIER
    backstage.frontier.failure = ModelFailure(Outcome.UNAVAILABLE)
    failed = await answer(backstage, EASY, kind=Kind.ESCALATE, parent="q_0")
    assert failed.answer is None
    assert said(failed) == "Frontier model frontier was unavailable. Nothing was charged."


async def test_a_channel_may_have_a_tier_of_its_own(backstage: Backstage) -> None:
    result = await answer(backstage, EASY, '[channels.C1]\ntier = "frontier"\n')
    assert result.answer
    assert result.answer.tier is Tier.FRONTIER


async def test_a_channel_may_be_turned_off(backstage: Backstage) -> None:
    result = await answer(backstage, EASY, "[channels.C1]\nenabled = false\n")
    assert result.failure == Failed("I am turned off in this channel.", Cause.TURNED_OFF)
    assert backstage.small.prompts == []


async def test_a_question_over_the_limit_is_declined_before_it_costs_anything(backstage: Backstage) -> None:
    result = await answer(backstage, "x" * 8001)
    assert said(result).startswith("Your question is too long: 8,001 characters, and the limit here is 8,000.")
    assert backstage.small.prompts == backstage.frontier.prompts == []


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.TOO_LONG])
async def test_a_refused_question_says_how_to_go_on(outcome: Outcome, backstage: Backstage) -> None:
    backstage.small.failure = ModelFailure(outcome)
    result = await answer(backstage, EASY)
    assert said(result).endswith(("Ask it another way.", "Send the part that matters."))


async def spend(backstage: Backstage, text: str = HARD, user: str = "U1", channel: str = "C1") -> None:
    """Spend 60 cents on a frontier answer, or on a small one."""
    backstage.small.usd = backstage.frontier.usd = Decimal("0.60")
    await backstage.inbox.add(make_question(text, user=user, channel=channel))
    await backstage.work()


@pytest.mark.parametrize(
    ("budget", "whose"),
    [
        ("deployment_usd_per_day", "This deployment's budget for the frontier model is used up for today"),
        ("tenant_usd_per_day", "This workspace's budget for the frontier model is used up for today"),
        ("channel_usd_per_month", "This channel's budget for the frontier model is used up for this month"),
        ("user_usd_per_month", "Your budget for the frontier model is used up for this month"),
    ],
)
async def test_beyond_a_budget_the_small_model_answers_and_says_so(budget: str, whose: str, backstage: Backstage) -> None:
    await spend(backstage)
    result = await answer(backstage, HARD, f"[budgets]\n{budget} = 0.5\n")
    assert result.answer
    assert result.answer.tier is Tier.SMALL
    assert not result.answer.best_effort
    assert not result.can_escalate
    assert said(result) == f"{whose} ($0.60 of $0.50; the last $0.05 are the small model's), so the small model answered."
    assert result.caution
    resets = datetime(2026, 12, 1, tzinfo=UTC) if budget.endswith("month") else datetime(2026, 11, 24, tzinfo=UTC)
    assert (result.caution.concern, result.caution.until) == (Concern.BUDGET, resets)


async def test_what_others_spent_does_not_use_up_my_budget(backstage: Backstage) -> None:
    await spend(backstage, user="U2", channel="C2")
    assert (await answer(backstage, HARD, "[budgets]\nuser_usd_per_day = 0.5\nchannel_usd_per_day = 0.5\n")).caution is None


async def test_a_budget_starts_anew_at_midnight(backstage: Backstage) -> None:
    await spend(backstage)
    backstage.clock.advance(12 * 3600)
    assert (await answer(backstage, HARD, "[budgets]\ndeployment_usd_per_day = 0.5\n")).caution is None
    assert (await answer(backstage, HARD, "[budgets]\ndeployment_usd_per_month = 0.5\n")).caution


async def test_a_policy_may_leave_it_to_the_asker_whether_the_small_model_stands_in(backstage: Backstage) -> None:
    policy = '[budgets]\ndeployment_usd_per_day = 0.5\nover = "cache_and_small"\n'
    await spend(backstage)
    hard = await answer(backstage, HARD, policy)
    assert said(hard) == (
        "This deployment's budget for the frontier model is used up for today ($0.60 of $0.50; the last $0.05 are the small model's)."
    )
    assert hard.failure
    assert (hard.failure.cause, hard.failure.until) == (Cause.BUDGET, datetime(2026, 11, 24, tzinfo=UTC))
    assert hard.failure.offers == (Offer.ASK_SMALL,)
    easy = await answer(backstage, EASY, policy)
    assert easy.answer
    assert easy.caution is None


async def test_the_small_model_answers_when_its_asker_says_so(backstage: Backstage) -> None:
    await spend(backstage)
    backstage.policy = make_policy('[budgets]\ndeployment_usd_per_day = 0.5\nover = "cache_and_small"\n')
    hard = make_question(HARD)
    await backstage.inbox.add(hard)
    await backstage.work()
    record = await backstage.records.get(hard.id)
    assert record
    assert isinstance(record.reply, Failed)
    await backstage.desk.small(Click(hard.id, "U1", "k1"))
    await backstage.work()
    record = await backstage.records.get(hard.id)
    assert record
    assert isinstance(record.reply, Answered)
    assert record.reply.badge is Badge.SMALL


async def test_a_policy_may_refuse_beyond_a_budget(backstage: Backstage) -> None:
    await spend(backstage)
    for text in (EASY, HARD):
        result = await answer(backstage, text, '[budgets]\ndeployment_usd_per_day = 0.5\nover = "refuse"\n')
        assert said(result) == "This deployment's budget for today is used up ($0.60 of $0.50)."
        assert result.failure
        assert result.failure.offers == ()
        assert result.attempts == ()


@pytest.mark.parametrize(("alerts", "offered"), [('[alerts]\nchannel = "C_OPS"\n', (Offer.REQUEST_BUDGET,)), ("", ())])
async def test_more_budget_can_be_asked_for_where_operators_have_a_channel(
    alerts: str, offered: tuple[Offer, ...], backstage: Backstage
) -> None:
    await spend(backstage)
    result = await answer(backstage, HARD, f'[budgets]\ndeployment_usd_per_day = 0.5\nover = "refuse"\n{alerts}')
    assert result.failure
    assert (result.failure.cause, result.failure.offers) == (Cause.BUDGET, offered)


async def test_the_small_model_stops_at_the_cap_as_well(backstage: Backstage) -> None:
    await spend(backstage, EASY)
    result = await answer(backstage, HARD, "[budgets]\nuser_usd_per_day = 0.5\n")
    assert result.failure
    assert result.failure.cause is Cause.BUDGET
    assert len(backstage.small.prompts) == 1
    assert backstage.frontier.prompts == []


async def test_an_audit_may_spend_no_more_than_a_question(backstage: Backstage) -> None:
    await spend(backstage)
    audit = await answer(backstage, HARD, '[budgets]\nuser_usd_per_day = 0.5\nover = "refuse"\n', kind=Kind.AUDIT, parent="q_0")
    assert audit.attempts == ()


async def test_the_calls_of_an_audit_are_marked_as_such(backstage: Backstage) -> None:
    audit = await answer(backstage, HARD, kind=Kind.AUDIT, parent="q_0")
    assert [attempt.purpose for attempt in audit.attempts] == [Purpose.AUDIT]


async def test_while_the_frontier_model_is_paused_the_small_one_answers_and_says_so(backstage: Backstage) -> None:
    await pause(backstage.store.switches, Tier.FRONTIER, "provider incident", backstage.clock)
    result = await answer(backstage, HARD)
    assert result.answer
    assert result.answer.tier is Tier.SMALL
    assert said(result) == "An operator has paused it (provider incident), so the small model answered."
    assert result.caution
    assert result.caution.concern is Concern.PAUSED
    assert backstage.frontier.prompts == []
    escalated = await answer(backstage, HARD, kind=Kind.ESCALATE, parent="q_0")
    assert said(escalated) == "An operator has paused the frontier model (provider incident)."
    assert escalated.failure
    assert (escalated.failure.cause, escalated.failure.offers) == (Cause.PAUSED, (Offer.ASK_SMALL,))
    await resume(backstage.store.switches, Tier.FRONTIER)
    assert (await answer(backstage, HARD)).caution is None


async def test_a_follow_up_is_asked_with_what_was_said_before(backstage: Backstage) -> None:
    await backstage.inbox.add(make_question(EASY, thread="5.0", source="5.0"))
    await backstage.work()
    backstage.clock.advance(60)
    follow_up = make_question("and of ldp?", thread="5.0", source="6.0")
    await backstage.assistant(make_policy()).answer(replace(follow_up, asked_at=backstage.clock()))
    prompts = backstage.frontier.prompts + backstage.small.prompts[1:]
    assert prompts[-1].context == (Turn(EASY, assistant=False), Turn(f"small: {EASY}", assistant=True))


async def test_a_question_in_a_thread_of_others_is_asked_with_what_they_said(backstage: Backstage) -> None:
    backstage.threads.said = (Turn("cr1 dropped its session", assistant=False),)
    await answer(backstage, HARD, thread="5.0", source="6.0")
    assert backstage.frontier.prompts[-1].context == backstage.threads.said


async def test_what_others_said_in_a_thread_has_lost_its_secrets(backstage: Backstage) -> None:
    backstage.threads.said = (Turn("enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0", assistant=False),)
    await answer(backstage, HARD, thread="5.0", source="6.0")
    assert backstage.frontier.prompts[-1].context == (Turn("enable secret 5 [secret removed]", assistant=False),)


async def test_a_private_question_carries_nothing_of_the_thread(backstage: Backstage) -> None:
    backstage.threads.said = (Turn("cr1 dropped its session", assistant=False),)
    await answer(backstage, HARD, thread="5.0", source="6.0", private=True)
    assert backstage.frontier.prompts[-1].context == ()


async def test_a_judge_that_was_asked_first_is_not_named_among_the_models_that_failed(backstage: Backstage) -> None:
    policy = make_policy('[cache]\njudge = "shadow"\n')
    backstage.frontier.failure = ModelFailure(Outcome.TIMEOUT)
    models = {Tier.SMALL: backstage.small, Tier.FRONTIER: backstage.frontier}
    chains = {tier: Chain(tier, Direct([model]), backstage.clock) for tier, model in models.items()}
    assistant = Assistant(
        Router(policy, chains, GreyCache()), backstage.records, policy, {}, Budgets(backstage.store, policy, backstage.clock)
    )
    result = await assistant.answer(make_question(HARD))
    assert said(result) == "Frontier model frontier took too long. This is the small model's answer, so check it."
    assert [attempt.purpose for attempt in result.attempts] == [Purpose.JUDGE, Purpose.ANSWER, Purpose.ANSWER]
