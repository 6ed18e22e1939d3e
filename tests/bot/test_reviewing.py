"""Reviewers whom the policy names get answers and give verdicts; nobody else does, and every look is on the trail."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.evals.types import Fault, Review, Verdict
from bot.reviewing import PAGE, Graded, Reviewing
from bot.store import schema
from bot.store.database import Database
from bot.store.store import Store, make_store
from router.evals_policy import EvalsPolicy
from router.types import Visibility
from tests.fakes.archive import Archive
from tests.fakes.clock import FakeClock
from tests.fakes.questions import make_question
from tests.fakes.samples import sample

EVE, MAL, TRUDY = "UEVE", "UMAL", "UTRUDY"


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
    await schema.migrate(database)
    yield make_store(database, clock)
    await database.close()


@pytest.fixture
def archive(store: Store, clock: FakeClock) -> Archive:
    return Archive(store.inbox, store.records, clock)


@pytest.fixture
def reviewing(store: Store, clock: FakeClock) -> Reviewing:
    return Reviewing(store, EvalsPolicy(reviewers=(EVE, MAL)), clock)


def verdict(question_id: str, clock: FakeClock, user: str = EVE) -> Review:
    return Review(question_id, user, Verdict.NOT_ACCEPTABLE, clock(), Fault.WRONG, correction="Port 180.")


async def test_what_is_handed_out_is_on_the_trail_once(reviewing: Reviewing, store: Store, archive: Archive, clock: FakeClock) -> None:
    question_id = await archive.keep()
    await sample(store, clock, question_id)
    for _ in range(2):
        shown = await reviewing.reveal_next(EVE)
        assert shown is not None
        assert shown.question.id == question_id
    assert [(one.name, one.question_id, one.page) for one in await store.reveals.latest(9)] == [(EVE, question_id, PAGE)]


async def test_nobody_else_sees_or_grades_anything(reviewing: Reviewing, store: Store, archive: Archive, clock: FakeClock) -> None:
    question_id = await archive.keep()
    await sample(store, clock, question_id)
    assert (await reviewing.queue(TRUDY), await reviewing.reveal_next(TRUDY)) == (None, None)
    assert await reviewing.grade(verdict(question_id, clock, TRUDY)) is Graded.NOT_ALLOWED
    assert (await store.reviews.of(question_id), await store.reveals.latest(9)) == ((), ())


async def test_without_reviewers_in_the_policy_nobody_reviews(store: Store, clock: FakeClock) -> None:
    assert await Reviewing(store, EvalsPolicy(), clock).queue(EVE) is None


async def test_a_verdict_moves_the_queue_on(reviewing: Reviewing, store: Store, archive: Archive, clock: FakeClock) -> None:
    first, second = await archive.keep("one?"), await archive.keep("two?")
    await sample(store, clock, first, second)
    await reviewing.reveal_next(EVE)
    assert await reviewing.grade(verdict(first, clock)) is Graded.FIRST
    (kept,) = await store.reviews.of(first)
    assert (kept.reviewer, kept.fault, kept.correction) == (EVE, Fault.WRONG, "Port 180.")
    queue, shown = await reviewing.queue(EVE), await reviewing.reveal_next(EVE)
    assert queue is not None
    assert queue.progress is not None
    assert (queue.progress.graded, queue.mine, queue.left) == (1, 1, True)
    assert shown is not None
    assert shown.question.id == second


async def test_an_answer_that_was_not_shown_to_its_reviewer_is_not_graded(
    reviewing: Reviewing, store: Store, archive: Archive, clock: FakeClock
) -> None:
    question_id = await archive.keep()
    await sample(store, clock, question_id)
    await reviewing.reveal_next(MAL)
    assert await reviewing.grade(verdict(question_id, clock)) is Graded.HIDDEN
    assert await store.reviews.of(question_id) == ()


async def test_a_second_verdict_of_one_reviewer_replaces_the_first(
    reviewing: Reviewing, store: Store, archive: Archive, clock: FakeClock
) -> None:
    question_id = await archive.keep()
    await sample(store, clock, question_id)
    await reviewing.reveal_next(EVE)
    told = [await reviewing.grade(verdict(question_id, clock)) for _ in range(2)]
    assert (told, len(await store.reviews.of(question_id))) == ([Graded.FIRST, Graded.REPLACED], 1)


async def test_what_somebody_else_graded_in_the_meantime_gets_a_second_opinion(
    reviewing: Reviewing, store: Store, archive: Archive, clock: FakeClock
) -> None:
    question_id = await archive.keep()
    await sample(store, clock, question_id)
    await reviewing.reveal_next(EVE)
    await reviewing.reveal_next(MAL)
    told = [await reviewing.grade(verdict(question_id, clock, user)) for user in (EVE, MAL)]
    assert told == [Graded.FIRST, Graded.SECOND]


async def test_an_answer_that_is_gone_takes_no_verdict(reviewing: Reviewing, clock: FakeClock) -> None:
    assert await reviewing.grade(verdict("q_gone", clock)) is Graded.GONE


async def test_what_only_its_asker_saw_is_passed_over(reviewing: Reviewing, store: Store, archive: Archive, clock: FakeClock) -> None:
    secret = await archive.keep(question=make_question("my secret", visibility=Visibility.DIRECT))
    await sample(store, clock, secret, channel="direct")
    queue = await reviewing.queue(EVE)
    assert queue is not None
    assert (queue.left, await reviewing.reveal_next(EVE)) == (False, None)


async def test_direct_messages_are_shown_without_their_asker_where_the_policy_allows(
    store: Store, archive: Archive, clock: FakeClock
) -> None:
    open_policy = EvalsPolicy(reviewers=(EVE,), direct_messages=True)
    secret = await archive.keep(question=make_question("my secret", visibility=Visibility.DIRECT))
    await sample(store, clock, secret, channel="direct")
    shown = await Reviewing(store, open_policy, clock).reveal_next(EVE)
    assert shown is not None
    assert (shown.question.text, shown.question.user, shown.question.conversation.channel) == ("my secret", "", "direct")
    closed = Reviewing(store, EvalsPolicy(reviewers=(EVE,)), clock)
    assert await closed.grade(verdict(secret, clock)) is Graded.HIDDEN


@pytest.mark.parametrize("name", ["eve", "@eve", "", "C012345"])
def test_a_reviewer_is_named_by_user_id(name: str) -> None:
    with pytest.raises(ValidationError, match="reviewers"):
        EvalsPolicy(reviewers=(name,))
