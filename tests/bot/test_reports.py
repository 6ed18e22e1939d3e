"""`ask` and `flags` print what was recorded, for people and as JSON."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.deployment import Deployment, open_store
from bot.replies import Cause, Caution, Concern, Failed
from bot.reports import NO_FLAGS, read_flags, render_answer
from bot.store.result import Record
from bot.types import Answered, AttemptLine, Badge, Flag, FlagReason, FlagSource
from router.types import CostSource, Outcome, Source, Tier
from tests.bot.store.test_records import AT, RESULT
from tests.fakes.policies import make_policy
from tests.fakes.questions import make_question

ANSWER = Answered(
    text="Port 179, über TCP.",
    badge=Badge.SMALL,
    model="y-2026",
    seconds=1.25,
    usd=Decimal("0.000000123000"),
    cost_source=CostSource.REPORTED,
    reasons=("asks for one fact", "is short"),
    attempts=(AttemptLine(Tier.SMALL, "x/y", Outcome.ANSWERED, 1200),),
)


def shown(reply: Answered | Failed | None) -> str:
    return render_answer(Record(make_question(), reply), as_json=False).text


def as_json(reply: Answered | Failed | None) -> dict[str, object]:
    fields: dict[str, object] = json.loads(render_answer(Record(make_question(), reply), as_json=True).text)
    return fields


def test_an_answer_is_printed_with_badge_model_seconds_cost_and_reasons() -> None:
    assert shown(ANSWER).splitlines() == [
        "Port 179, über TCP.",
        "",
        "[Small model] y-2026 · 1.2 s · $0.000000123 (reported)",
        "  - asks for one fact",
        "  - is short",
    ]


def test_sources_are_printed_with_their_whole_addresses_and_are_in_the_json() -> None:
    cited = replace(ANSWER, sources=(Source("RFC 4271", "https://rfc.example/4271"),))
    assert shown(cited).splitlines()[2:5] == ["Sources:", "  [1] RFC 4271 https://rfc.example/4271", ""]
    assert as_json(cited)["sources"] == [{"title": "RFC 4271", "url": "https://rfc.example/4271"}]


@pytest.mark.parametrize(("usd", "cost"), [(None, "cost unknown"), (Decimal(0), "$0 ("), (Decimal(20), "$20 ("), (Decimal("1E-9"), "$0.0")])
def test_a_cost_is_printed_in_full_or_said_to_be_unknown(usd: Decimal | None, cost: str) -> None:
    assert cost in shown(replace(ANSWER, usd=usd))


def test_a_note_stands_above_the_answer() -> None:
    assert shown(replace(ANSWER, caution=Caution(Concern.BEST_EFFORT, "Check it."))).startswith("! Best effort. Check it.\n\nPort 179")


def test_the_json_of_an_answer_has_the_money_exact() -> None:
    fields = as_json(ANSWER)
    assert (fields["badge"], fields["cost_usd"], fields["cost_source"]) == ("Small model", "0.000000123", "reported")
    assert (fields["text"], fields["reasons"]) == ("Port 179, über TCP.", ["asks for one fact", "is short"])
    assert fields["attempts"] == [{"tier": "small", "target": "x/y", "outcome": "answered", "latency_ms": 1200}]


def test_the_json_of_an_unknown_cost_is_null() -> None:
    assert as_json(replace(ANSWER, usd=None, cost_source=CostSource.UNKNOWN))["cost_usd"] is None


@pytest.mark.parametrize("json_wanted", [True, False])
def test_a_failure_is_no_answer_but_is_printed(json_wanted: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    rendered = render_answer(Record(make_question(), Failed("Nothing was charged.", Cause.ALL_DOWN)), as_json=json_wanted)
    assert not rendered.answered
    assert "Nothing was charged." in rendered.text


def test_the_json_of_a_failure_has_the_question_s_id() -> None:
    assert as_json(Failed("Nothing.", Cause.ALL_DOWN))["failure"] == "Nothing."
    assert str(as_json(Failed("Nothing.", Cause.ALL_DOWN))["id"]).startswith("q_")


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return Deployment(load_settings({"SWITCHBOARD_DATA": str(tmp_path)}), make_policy())


async def flag(deployment: Deployment, *, user: str = "U1", reason: FlagReason | None = None, minutes: int = 0) -> str:
    """Flag an answered question and return its id."""
    question = make_question("is cr1 up?")
    async with open_store(deployment.settings) as store:
        await store.inbox.add(question)
        (claim,) = await store.inbox.claim(1)
        await store.records.keep(claim, RESULT, at=AT, expires_at=AT)
        comment = "it is\n179" if reason else ""
        await store.flags.put(Flag(question.id, user, FlagSource.FORM, reason, comment, AT + timedelta(minutes=minutes)))
    return question.id


async def test_with_no_flag_that_is_said(deployment: Deployment) -> None:
    assert await read_flags(deployment, 50, as_json=False) == NO_FLAGS
    assert json.loads(await read_flags(deployment, 50, as_json=True)) == []


async def test_a_flag_is_listed_with_what_it_is_about(deployment: Deployment) -> None:
    question = await flag(deployment, reason=FlagReason.WRONG)
    head, asked, answer = (await read_flags(deployment, 50, as_json=False)).splitlines()
    assert head == f"2026-11-23 12:00 UTC  {question}  flagged by U1 (form): wrong · it is 179"
    assert (asked, answer) == ("  question: is cr1 up?", "  answer:   [small, y-2026] Port 179.")


async def test_a_flag_without_a_reason_says_so(deployment: Deployment) -> None:
    await flag(deployment)
    assert "no reason given" in await read_flags(deployment, 50, as_json=False)


async def test_the_newest_flags_come_first_up_to_the_limit(deployment: Deployment) -> None:
    made = [await flag(deployment, minutes=minutes) for minutes in range(3)]
    listed = json.loads(await read_flags(deployment, 2, as_json=True))
    assert [one["question_id"] for one in listed] == [made[2], made[1]]


async def test_the_json_of_a_flag_has_question_decision_and_answer(deployment: Deployment) -> None:
    await flag(deployment, reason=FlagReason.WRONG)
    (one,) = json.loads(await read_flags(deployment, 50, as_json=True))
    assert (one["reason"], one["comment"], one["source"], one["at"]) == ("wrong", "it is\n179", "form", "2026-11-23T12:00:00+00:00")
    assert (one["tier"], one["model"], one["question"], one["answer"]) == ("small", "y-2026", "is cr1 up?", "Port 179.")
    assert one["reasons"] == ["asks for one fact"]


async def test_what_people_wrote_cannot_drive_the_terminal(deployment: Deployment) -> None:
    question = make_question("is\x1b[2J cr1\nup?")
    async with open_store(deployment.settings) as store:
        await store.inbox.add(question)
        (claim,) = await store.inbox.claim(1)
        await store.records.keep(claim, RESULT, at=AT, expires_at=AT)
        await store.flags.put(Flag(question.id, "U1", FlagSource.FORM, FlagReason.OTHER, "\x1b]0;owned\x07", AT))
    text = await read_flags(deployment, 50, as_json=False)
    assert len(text.splitlines()) == 3
    assert all(character.isprintable() or character == "\n" for character in text)
