"""A reviewer works through the queue in the Home tab of the fake Slack, over a real store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.slack.review_form import CONTRADICTION, NOTHING_LEFT
from adapters.slack.review_presses import NOT_OPENED, NOT_REVIEWER, SAID
from bot.evals.types import Fault, Review, Verdict
from bot.reviewing import Graded, Reviewing
from bot.store import schema
from bot.store.database import Database
from bot.store.store import Store, make_store
from router.evals_policy import EvalsPolicy
from tests.fakes.archive import Archive
from tests.fakes.clock import FakeClock
from tests.fakes.samples import sample
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.records import View
from tests.fakes.slack.workspace import ADA, BOB
from tests.fakes.slack_rig import Rig, rigged

BUTTON = "review_next"


@dataclass
class Bureau:
    """The rig, with a store that has two answers to review, and Ada as its reviewer."""

    rig: Rig
    store: Store
    clock: FakeClock
    first: str
    second: str

    async def home(self, user: str = ADA) -> View:
        await self.rig.slack.user(user).open_home()
        return await self.rig.slack.wait_for(lambda now: now.homes.get(user))

    async def press(self, home: View, user: str = ADA) -> Delivery:
        return await self.rig.slack.user(user).press_in_view(home, BUTTON)

    async def dialog(self) -> View:
        await self.press(await self.home())
        return await self.rig.slack.wait_for(lambda now: next((one for one in now.views.values() if one.is_open), None))

    def now(self, view: View) -> str:
        return str(self.rig.slack.workspace.views[view.id].body)


@pytest.fixture
async def bureau(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Bureau]:
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
    await schema.migrate(database)
    store = make_store(database, clock)
    archive = Archive(store.inbox, store.records, clock)
    first, second = await archive.keep("is cr1 up?"), await archive.keep("is cr2 up?")
    await sample(store, clock, first, second)
    reviewing = Reviewing(store, EvalsPolicy(reviewers=(ADA,)), clock)
    async with FakeSlack() as slack, rigged(slack, reviewing=reviewing) as rig:
        yield Bureau(rig, store, clock, first, second)
    await database.close()


async def test_a_reviewer_grades_one_answer_after_the_other_until_none_is_left(bureau: Bureau) -> None:
    view = await bureau.dialog()
    assert ("is cr1 up?" in bureau.now(view), "is cr2 up?" in bureau.now(view)) == (True, False)
    answers = {"verdict": "not_acceptable", "fault": "outdated", "correction": "Port 180."}
    await bureau.rig.slack.user(ADA).submit(view, answers)
    (said,) = await bureau.store.reviews.of(bureau.first)
    assert (said.reviewer, said.fault, said.correction) == (ADA, Fault.OUTDATED, "Port 180.")
    assert "is cr2 up?" in bureau.now(view)
    await bureau.rig.slack.user(ADA).submit(view, {"verdict": "acceptable"})
    assert NOTHING_LEFT in bureau.now(view)
    assert (await bureau.store.reviews.of(bureau.second))[0].verdict is Verdict.ACCEPTABLE


async def test_every_answer_that_was_shown_is_on_the_trail(bureau: Bureau) -> None:
    view = await bureau.dialog()
    assert [one.question_id for one in await bureau.store.reveals.latest(9)] == [bureau.first]
    await bureau.rig.slack.user(ADA).submit(view, {"verdict": "cannot_tell"})
    assert [(one.name, one.question_id) for one in await bureau.store.reveals.latest(9)] == [(ADA, bureau.second), (ADA, bureau.first)]


async def test_the_home_tab_follows_the_progress(bureau: Bureau) -> None:
    view = await bureau.dialog()
    await bureau.rig.slack.user(ADA).submit(view, {"verdict": "acceptable"})
    await bureau.rig.slack.wait_for(lambda now: "1 of 2 sampled answers are graded, 1 by you" in str(now.homes[ADA].body) or None)


async def test_a_contradiction_keeps_the_form(bureau: Bureau) -> None:
    view = await bureau.dialog()
    submitted = await bureau.rig.slack.user(ADA).submit(view, {"verdict": "acceptable", "fault": "wrong"})
    assert list(submitted.errors.values()) == [CONTRADICTION]
    assert await bureau.store.reviews.of(bureau.first) == ()


async def test_nobody_else_is_offered_the_review(bureau: Bureau) -> None:
    home = await bureau.home(BOB)
    with pytest.raises(LookupError, match=BUTTON):
        await bureau.press(home, BOB)


async def test_a_press_of_somebody_else_shows_and_keeps_nothing(bureau: Bureau) -> None:
    home = await bureau.home(ADA)
    await bureau.press(home, BOB)
    view = await bureau.rig.slack.wait_for(lambda now: next((one for one in now.views.values() if one.is_open), None))
    assert (view.user, NOT_REVIEWER in bureau.now(view), "is cr1 up?" in bureau.now(view)) == (BOB, True, False)
    assert await bureau.store.reveals.latest(9) == ()


async def test_a_form_of_somebody_who_is_no_reviewer_any_more_is_not_kept(bureau: Bureau) -> None:
    view = await bureau.dialog()
    async with rigged(bureau.rig.slack, reviewing=Reviewing(bureau.store, EvalsPolicy(), bureau.clock)):
        await bureau.rig.slack.user(ADA).submit(view, {"verdict": "acceptable"})
    assert NOT_REVIEWER in bureau.now(view)
    assert await bureau.store.reviews.of(bureau.first) == ()


async def test_an_answer_that_was_graded_elsewhere_in_the_meantime_says_so(bureau: Bureau) -> None:
    view = await bureau.dialog()
    await bureau.store.reviews.put(Review(bureau.first, "eve", Verdict.ACCEPTABLE, bureau.clock()))
    await bureau.rig.slack.user(ADA).submit(view, {"verdict": "acceptable"})
    assert SAID[Graded.SECOND] in bureau.now(view)


async def test_a_dialog_that_comes_too_late_is_told_in_the_home_tab(bureau: Bureau) -> None:
    delivery = await bureau.press(await bureau.home())
    await bureau.rig.slack.wait_for(lambda now: next((one for one in now.views.values() if one.is_open), None))
    await bureau.rig.slack.postman.redeliver(delivery)
    await bureau.rig.slack.wait_for(lambda now: NOT_OPENED in str(now.homes[ADA].body) or None)


async def test_without_the_store_the_form_stays_and_nothing_is_said_to_be_saved(bureau: Bureau) -> None:
    view = await bureau.dialog()
    await bureau.store.database.close()
    submitted = await bureau.rig.slack.user(ADA).submit(view, {"verdict": "acceptable"})
    assert submitted.delivery.last.status == 503
