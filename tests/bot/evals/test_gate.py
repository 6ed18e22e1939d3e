"""The gate lets a policy pass that is as good, and refuses what is worse or not known."""

from dataclasses import replace

import pytest

from bot.evals.exchange import as_lines, read_exported
from bot.evals.gate import Decision, Gate, judge_policy
from bot.evals.labelled import Evidence, Labelled, label
from bot.evals.render_gate import gate_json, render_gate, render_tuning, tuning_json
from bot.evals.tune import tune
from bot.evals.types import Golden, Grade
from bot.store.grades import Consumption, Escalated
from router.embedder import WORDLLAMA_THRESHOLD, WordLlamaEmbedder
from router.policy import parse_policy
from router.types import Tier
from tests.fakes.grades import make_grade
from tests.fakes.policies import SIMULATED, make_policy

STATUS, FAULT = "is cr{}.fra1 up?", "why does bgp between edge{} and the upstream flap every night?"
CONSUMPTION = (Consumption(Tier.SMALL, 50, 1500, 400), Consumption(Tier.FRONTIER, 50, 1500, 400))
SMALL_FOR_ALL = '[channels.C1]\ntier = "small"\n'


def answers(text: str, tier: Tier, said: str, kind: str = "status") -> list[Grade]:
    return [make_grade(one, tier=tier, kind=kind, text=text.format(number)) for number, one in enumerate(said)]


GRADES = [*answers(STATUS, Tier.SMALL, "a" * 55 + "n" * 5), *answers(FAULT, Tier.FRONTIER, "a" * 38 + "n" * 2, "fault")]


async def labelled(grades: list[Grade], golden: tuple[Golden, ...] = (), escalated: tuple[Escalated, ...] = ()) -> Labelled:
    return await label(Evidence(tuple(grades), escalated, CONSUMPTION), make_policy(), golden, WordLlamaEmbedder())


async def gate(grades: list[Grade], extra: str, golden: tuple[Golden, ...] = (), escalated: tuple[Escalated, ...] = ()) -> Gate:
    return judge_policy(
        await labelled(grades, golden, escalated), make_policy(), parse_policy(SIMULATED + extra, "proposed"), WORDLLAMA_THRESHOLD
    )


async def test_the_policy_in_force_passes() -> None:
    found = await gate(GRADES, "")
    assert (found.decision, found.problems, found.effect.moves) == (Decision.PASS, (), ())
    assert found.mix_before == {Tier.CACHE: 0.0, Tier.SMALL: pytest.approx(0.6), Tier.FRONTIER: pytest.approx(0.4)}


async def test_the_small_model_for_everything_is_refused_while_nobody_saw_it_answer_such_questions() -> None:
    found = await gate(GRADES, SMALL_FOR_ALL)
    assert found.decision is Decision.THIN
    assert "30 more of fault" in found.problems[0]
    assert found.usd_before is not None
    assert found.usd_after is not None
    assert found.usd_after < found.usd_before


async def test_it_fails_where_the_small_model_was_seen_to_fail() -> None:
    seen = [make_grade("n", kind="fault", decided=Tier.FRONTIER, text=FAULT.format(f"1{number}")) for number in range(40)]
    found = await gate([*GRADES, *seen], SMALL_FOR_ALL)
    assert found.decision is Decision.FAIL
    assert "beyond the tolerance of 2.0%" in found.problems[0]


async def test_it_passes_where_the_small_model_was_seen_to_do_as_well() -> None:
    seen = [make_grade("a", kind="fault", decided=Tier.FRONTIER, text=FAULT.format(f"1{number}")) for number in range(400)]
    found = await gate([*GRADES, *seen, *answers(FAULT, Tier.FRONTIER, "a" * 400, "fault")], SMALL_FOR_ALL)
    assert found.decision is Decision.PASS


async def test_the_frontier_model_for_everything_passes_and_costs_more() -> None:
    found = await gate(GRADES, '[channels.C1]\ntier = "frontier"\n')
    assert found.decision is Decision.PASS
    assert found.effect.moves[0].up
    assert found.usd_before is not None
    assert found.usd_after is not None
    assert found.usd_after > found.usd_before


async def test_a_golden_question_that_gets_worse_fails() -> None:
    golden = (Golden("g1", "the auditors were here and mentioned things", "frontier"),)
    assert (await gate(GRADES, "", golden)).decision is Decision.PASS
    found = await gate(GRADES, '[routing]\nsmall_phrases = ["auditors"]\n', golden)
    assert (found.decision, found.effect.worse) == (Decision.FAIL, ("golden g1",))
    assert found.problems[0] == "1 golden question would be answered wrong that is answered right now"


async def test_a_golden_pair_that_the_cache_would_mistake_is_checked_by_its_wording() -> None:
    golden = (Golden("p1", "what is the management ip of cr1", earlier="what is the management ip of cr2", same=False),)
    found = await gate(GRADES, "[cache]\nsimilarity = 0.0\n", golden)
    assert found.decision is Decision.PASS, "another device is another question at any similarity"


async def test_few_reviews_are_too_few() -> None:
    found = await gate(GRADES[:10], "")
    assert found.decision is Decision.THIN
    assert found.problems == ("10 answers are graded, and 30 are the least to judge by: 20 more",)


async def test_another_model_is_not_known() -> None:
    small_everywhere = SIMULATED.replace("simulated/frontier", "simulated/small")
    proposed = parse_policy(small_everywhere, "proposed")
    found = judge_policy(await labelled(GRADES), make_policy(), proposed, WORDLLAMA_THRESHOLD)
    assert found.decision is Decision.THIN
    assert "another model (simulated/small instead of simulated/frontier)" in found.problems[0]


async def test_reviews_of_a_model_that_is_gone_do_not_count() -> None:
    gone = [make_grade("a", text=STATUS.format(number), target="simulated/gone") for number in range(60)]
    kept = [make_grade("a", text=STATUS.format(number), target="simulated/small") for number in range(60)]
    assert (await labelled(gone)).graded == 0
    assert (await labelled(kept)).graded == 60
    assert (await gate(gone, "")).mix_before[Tier.SMALL] == 1.0, "the questions still tell what is asked"


async def test_escalated_questions_are_counted_by_where_they_would_go() -> None:
    escalated = (Escalated("q1", STATUS.format(1), None), Escalated("q2", FAULT.format(1), 1.0))
    found = await gate(GRADES, "[routing]\nfrontier_phrases = ['fra1']\n", escalated=escalated)
    assert (found.escalated_before.count, found.escalated_after.count, found.escalated_after.of) == (1, 2, 2)


async def test_an_export_judges_like_the_store_does() -> None:
    kept = await gate(GRADES, SMALL_FOR_ALL)
    exported = list(read_exported(as_lines(GRADES)))
    again = await gate(exported, SMALL_FOR_ALL)
    assert replace(again, effect=kept.effect) == kept
    assert again.effect.moves == kept.effect.moves


async def test_the_verdict_reads_as_text_and_json() -> None:
    found = await gate(GRADES, SMALL_FOR_ALL)
    text = render_gate(found)
    assert text.startswith("NOT ENOUGH EVIDENCE")
    assert "Frontier model → Small model (40 fault)" in text
    assert "why does bgp between edge0 and the upstream flap every night?" in text
    assert "and 30 more: --json names all" in text
    assert '"decision": "thin"' in gate_json(found)


async def test_tuning_proposes_a_diff_where_reviews_support_it() -> None:
    """Short answers of the small model fail, longer ones do not: `margin` sends the weakly marked ones to the frontier model."""
    weak = [make_grade("n", text=f"flood guard zebra{number}", kind="look-up", weight=3.0) for number in range(120)]
    found = tune(await labelled([*GRADES, *weak]), SIMULATED, "policy.toml", WORDLLAMA_THRESHOLD)
    if found.proposed is None:
        pytest.fail(render_tuning(found))
    assert found.diff.startswith("--- policy.toml\n+++ policy.toml (proposed)\n")
    assert found.proposed.candidate.key in render_tuning(found)
    assert '"proposed": {' in tuning_json(found)


async def test_tuning_proposes_nothing_on_little_evidence_and_says_what_is_missing() -> None:
    weak = [make_grade(said, text=f"flood guard zebra{number}", kind="look-up") for number, said in enumerate("aan" * 4)]
    found = tune(await labelled([*GRADES, *weak]), SIMULATED, "policy.toml", WORDLLAMA_THRESHOLD)
    assert (found.proposed, found.diff) == (None, "")
    assert "not enough evidence: " in render_tuning(found)
    assert "more reviews of look-up" in render_tuning(found)
