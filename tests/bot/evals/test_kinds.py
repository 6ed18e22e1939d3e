"""Every question falls under one of a few kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evals import kinds
from bot.evals.kinds import KINDS, kind_of
from router.difficulty import decide
from router.frontier_signals import FAULT_BESIDE_THE_QUESTION, FRONTIER_SIGNALS
from router.policy import Routing


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("is cr9.fra1 up?", "status"),
        ("which vlan is the guest wifi at site bonn-2 in", "look-up"),
        ("what is the default administrative distance of ospf?", "knowledge"),
        ("why does bgp between edge7 and the upstream flap every night?", "fault"),
        ("design a migration from rstp to evpn for our two data centres", "design"),
        ("the auditors were here and mentioned things", "other"),
    ],
)
def test_a_question_has_its_kind(text: str, kind: str) -> None:
    decision = decide(text, Routing())
    assert kind_of(decision.tier, decision.volatility, decision.reasons) == kind


@given(st.text(max_size=200))
def test_any_question_has_one_of_the_kinds(text: str) -> None:
    decision = decide(text, Routing())
    assert kind_of(decision.tier, decision.volatility, decision.reasons) in KINDS


def test_an_answer_without_a_decision_is_of_no_particular_kind() -> None:
    assert kind_of(None, None, ()) == "other"


def test_every_sign_of_a_kind_is_a_reason_that_the_rules_give() -> None:
    reasons = {signal.reason for signal in FRONTIER_SIGNALS} | {FAULT_BESIDE_THE_QUESTION.reason}
    assert [sign for sign in (*kinds._FAULTS, *kinds._DESIGNS) if not any(reason.startswith(sign) for reason in reasons)] == []
