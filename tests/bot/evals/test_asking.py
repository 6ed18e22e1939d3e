"""What nobody graded can be asked: the proposed models answer, and the frontier model in force compares."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from bot.evals.asking import Models, Plan, try_out
from bot.evals.gate import Decision, changed_tiers, judge_policy
from bot.evals.labelled import Evidence, Labelled, label
from router.cascade import Router
from router.chain import Chain
from router.embedder import WORDLLAMA_THRESHOLD, WordLlamaEmbedder
from router.line import Direct
from router.policy import parse_policy
from router.types import Attempt, Purpose, Tier
from tests.bot.evals.test_gate import FAULT, GRADES, SMALL_FOR_ALL
from tests.fakes.clock import FakeClock
from tests.fakes.grades import make_grade
from tests.fakes.model import FakeModel
from tests.fakes.policies import SIMULATED, make_policy

OTHER_MODEL = SIMULATED.replace("simulated/frontier", "simulated/small")


@dataclass
class FakeAnswers:
    """Answers that are as good as `good` says, one after the other."""

    good: list[bool | None]
    asked: list[tuple[Tier, str]] = field(default_factory=list)
    usd: Decimal = Decimal(0)

    async def as_good(self, tier: Tier, question: str, accepted: str) -> bool | None:
        self.asked.append((tier, question))
        self.usd += Decimal("0.01")
        return self.good[(len(self.asked) - 1) % len(self.good)]


async def labelled() -> Labelled:
    return await label(Evidence(tuple(GRADES)), make_policy(), (), WordLlamaEmbedder())


async def judged(proposed: str, answers: FakeAnswers, limit: int = 50) -> tuple[Decision, tuple[str, ...]]:
    found, current, new = await labelled(), make_policy(), parse_policy(proposed, "proposed")
    before, after = (found.tiers(policy, WORDLLAMA_THRESHOLD, by_channel=True) for policy in (current, new))
    plan = Plan(before, after, changed_tiers(current, new), limit)
    tried, trials = await try_out(found, plan, answers, lambda done: None)
    verdict = judge_policy(tried, current, new, WORDLLAMA_THRESHOLD, trials)
    return verdict.decision, verdict.problems


async def test_the_questions_that_move_are_asked_and_their_answers_count() -> None:
    answers = FakeAnswers([False])
    decision, problems = await judged(SIMULATED + SMALL_FOR_ALL, answers)
    assert {tier for tier, _ in answers.asked} == {Tier.SMALL}
    assert len(answers.asked) == 38, "each that moves and has an accepted answer"
    assert decision is Decision.FAIL
    assert "acceptable rate is expected to change" in problems[0]


async def test_no_more_than_the_limit_is_asked() -> None:
    answers = FakeAnswers([True])
    decision, problems = await judged(SIMULATED + SMALL_FOR_ALL, answers, limit=10)
    assert len(answers.asked) == 10
    assert decision is Decision.THIN
    assert "graded 10 times: 20 more of fault" in problems[0]


async def test_a_new_model_is_tried_on_what_it_would_answer() -> None:
    good = FakeAnswers([True])
    decision, problems = await judged(OTHER_MODEL, good)
    assert {tier for tier, _ in good.asked} == {Tier.FRONTIER}
    assert decision is Decision.THIN, "38 good answers do not show that at most 2% are lost"
    assert "38 of 38 tries" in problems[0]
    bad, said = await judged(OTHER_MODEL, FakeAnswers([False]))
    assert bad is Decision.FAIL
    assert "0 of 38 tries" in said[0]


async def test_where_no_verdict_comes_nothing_is_known() -> None:
    decision, problems = await judged(OTHER_MODEL, FakeAnswers([None]))
    assert decision is Decision.THIN
    assert "another model" in problems[0]


async def test_nothing_is_asked_where_nothing_changes() -> None:
    answers = FakeAnswers([True])
    assert await judged(SIMULATED, answers) == (Decision.PASS, ())
    assert answers.asked == []


@pytest.mark.parametrize("said", ["Yes.", "no, it is wrong", "perhaps"])
async def test_the_judge_sees_question_and_both_answers_and_every_call_is_noted(clock: FakeClock, said: str) -> None:
    noted: list[Attempt] = []

    async def note(made: Sequence[Attempt]) -> None:
        noted.extend(made)

    judge = FakeModel("judge", says=said)

    def router(frontier: FakeModel) -> Router:
        small = Chain(Tier.SMALL, Direct([FakeModel("small")]), clock)
        return Router(make_policy(), {Tier.SMALL: small, Tier.FRONTIER: Chain(Tier.FRONTIER, Direct([frontier]), clock)})

    models = Models(router(FakeModel("frontier")), router(judge), note)
    assert await models.as_good(Tier.SMALL, "is cr1 up?", "Up.") is {"Yes.": True, "perhaps": None}.get(said, False)
    (seen,) = judge.prompts
    assert "Question:\nis cr1 up?\n\nFirst answer:\nUp.\n\nSecond answer:\nsmall: is cr1 up?" in seen.text
    assert [(one.tier, one.purpose) for one in noted] == [(Tier.SMALL, Purpose.EVAL), (Tier.FRONTIER, Purpose.EVAL)]
    assert models.usd == sum(one.cost.usd or Decimal(0) for one in noted)


def test_a_question_without_an_accepted_answer_has_nothing_to_be_compared_with() -> None:
    assert make_grade("n", text=FAULT).accepted == ""
    assert make_grade("an").accepted == ""
    assert make_grade("a").accepted == "Up."
