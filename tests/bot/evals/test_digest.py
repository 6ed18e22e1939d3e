"""The digest is posted once a week, with the week's sample drawn for the next one."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.evals.digest import Weekly, weekly
from bot.evals.types import Review, Verdict
from bot.store.database import Database
from bot.store.store import Store, make_store
from bot.types import DeliveryFailure, Platform
from router.evals_policy import EvalsPolicy
from tests.fakes.answered import AT, keep_answered
from tests.fakes.clock import FakeClock
from tests.fakes.courier import FakeCourier

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
POLICY = EvalsPolicy(digest_channel="C_OPS")


@pytest.fixture
async def store(database: Database, clock: FakeClock) -> Store:
    """A store in which last week's one answer is reviewed already."""
    clock.now = MONDAY
    made = make_store(database, clock)
    question_id = await keep_answered(database)
    await made.reviews.put(Review(question_id, "ann", Verdict.ACCEPTABLE, AT))
    return made


async def test_on_monday_the_sample_is_drawn_and_the_digest_posted_once(store: Store, clock: FakeClock) -> None:
    courier = FakeCourier()
    for _ in range(2):
        await Weekly(store, POLICY, courier, clock).look()
    ((channel, said),) = courier.announced
    assert channel == "C_OPS"
    assert said.text.splitlines()[0] == "2026-W47: 100% (21% to 100%) of the answers are acceptable (1 reviewed)."
    assert len(said.text.splitlines()) == 3
    assert said.picture
    assert said.picture.png.startswith(b"\x89PNG")
    assert said.picture.alt == said.text.replace("\n", " ")
    assert (await store.samples.weeks())[0].drawn == 1
    clock.advance(7 * 86400)
    await Weekly(store, POLICY, courier, clock).look()
    assert len(courier.announced) == 2


async def test_two_workers_post_one_digest(store: Store, clock: FakeClock) -> None:
    couriers = FakeCourier(), FakeCourier()
    for courier in couriers:
        await Weekly(store, POLICY, courier, clock).look()
    assert [len(courier.announced) for courier in couriers] == [1, 0]


async def test_a_digest_that_was_not_taken_is_tried_again_and_one_in_doubt_is_not(store: Store, clock: FakeClock) -> None:
    failing = DeliveryFailure("rate_limited", retry_after_s=5)
    doubtful = DeliveryFailure("timeout", retry_after_s=5, in_doubt=True)
    courier = FakeCourier(failing=[failing, doubtful])
    for _ in range(3):
        await Weekly(store, POLICY, courier, clock).look()
    assert len(courier.announced) == 1


async def test_before_monday_has_begun_nothing_is_posted(store: Store, clock: FakeClock) -> None:
    clock.now = MONDAY - timedelta(hours=3)
    courier = FakeCourier()
    await Weekly(store, POLICY, courier, clock).look()
    assert courier.announced == []


async def test_where_nothing_is_reviewed_there_is_a_sample_and_no_digest(database: Database, clock: FakeClock) -> None:
    clock.now = MONDAY
    store, courier = make_store(database, clock), FakeCourier()
    await keep_answered(database)
    await Weekly(store, POLICY, courier, clock).look()
    assert courier.announced == []
    assert (await store.samples.weeks())[0].drawn == 1


@pytest.mark.parametrize("policy", [EvalsPolicy(), EvalsPolicy(digest_channel="C1", digest_platform="teams")])
async def test_without_a_channel_on_a_platform_that_is_on_nothing_is_posted(store: Store, clock: FakeClock, policy: EvalsPolicy) -> None:
    courier = FakeCourier()
    async with weekly(store, policy, {Platform.SLACK: courier}, clock):
        pass
    assert courier.announced == []
    assert await store.samples.weeks() == ()
