"""A flag on an answer that came through a gateway reaches it once, however often it has to be tried, and never holds anything up."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.config import load_settings
from bot.desk import Desk, Taken
from bot.feedback import FIRST_WAIT_S, LONGEST_WAIT_S, Telling
from bot.gateway import hears_of_flags
from bot.store.database import Database
from bot.store.inbox import State
from bot.store.store import Store, make_store
from bot.types import Flag, FlagReason, FlagSource, Kind
from router.feedback import FeedbackFailure, Verdict
from router.types import Answer, Attempt, Cost, CostSource, Decision, Entry, Match, Outcome, Query, Scope, Tier, Visibility, Volatility
from tests.fakes.clock import FakeClock
from tests.fakes.policies import make_policy
from tests.fakes.records import keep_answer

DOWN = FeedbackFailure("InternalServerError 500", lasting=False)
SCOPE = Scope("T1", Visibility.PUBLIC)


@dataclass
class FakeFeedback:
    """Takes verdicts, or fails."""

    failure: FeedbackFailure | None = None
    taken: list[Verdict] = field(default_factory=list)

    async def send(self, verdict: Verdict) -> None:
        if self.failure:
            raise self.failure
        self.taken.append(verdict)


@dataclass
class Rig:
    """A desk that passes flags on, and what the worker does with them."""

    store: Store
    clock: FakeClock
    feedback: FakeFeedback

    @property
    def desk(self) -> Desk:
        return Desk(self.store, self.clock, feedback=True)

    async def answered(self, question_id: str, *, trace: str = "", match: Match | None = None) -> None:
        """Keep an answer, of a model behind a gateway where there is a trace, or of the cache."""
        cost = Cost(None, CostSource.UNKNOWN)
        made = () if match else (Attempt(Tier.SMALL, "m", Outcome.ANSWERED, 5, self.clock(), cost=cost, trace_id=trace),)
        tier = Tier.CACHE if match else Tier.SMALL
        entry = None if match else Entry(question_id, SCOPE.key, question_id, (), (), "is cr1 up?", 3600)
        answer = Answer("Up.", tier, "m", Decision(Tier.SMALL, Volatility.STABLE, ()), made, 5, match=match, entry=entry)
        await keep_answer(self.store, Query("is cr1 up?", SCOPE, id=question_id), answer)
        for claim in await self.store.inbox.claim(10):
            await self.store.inbox.finish(claim)

    async def flag(self, question_id: str, user: str = "U9") -> Taken:
        return await self.desk.flag(Flag(question_id, user, FlagSource.FORM, FlagReason.WRONG, "", self.clock()))

    async def work(self) -> int:
        """Work on the feedback that is due; return how many items that were."""
        claims = [claim for claim in await self.store.inbox.claim(10) if claim.question.kind is Kind.FEEDBACK]
        for claim in claims:
            await Telling(self.store.inbox, self.store.flags, self.feedback).tell(claim)
        return len(claims)


@pytest.fixture
async def rig(database: Database, clock: FakeClock) -> Rig:
    return Rig(make_store(database, clock), clock, FakeFeedback())


async def test_a_flag_is_sent_with_the_trace_of_its_answer(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    assert await rig.flag("q_1") is Taken.NEW
    await rig.work()
    assert rig.feedback.taken == [Verdict("q_1", "T1", "U9", "small", "wrong")]
    assert await rig.work() == 0


async def test_a_persons_second_flag_on_an_answer_is_not_sent_again(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    for user in ("U9", "U9", "U8"):
        await rig.flag("q_1", user)
    await rig.work()
    assert [verdict.user for verdict in rig.feedback.taken] == ["U9", "U8"]


async def test_a_flag_on_a_cached_answer_is_about_the_call_that_it_came_from(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    await rig.answered("q_2", match=Match("q_1", "is cr1 up?", rig.clock(), 1.0, "the same question"))
    await rig.flag("q_2")
    await rig.work()
    assert [verdict.trace_id for verdict in rig.feedback.taken] == ["q_1"]


async def test_nothing_is_sent_of_an_answer_that_no_gateway_gave(rig: Rig) -> None:
    await rig.answered("q_1")
    await rig.flag("q_1")
    assert await rig.work() == 1
    assert rig.feedback.taken == []


async def test_a_flag_that_was_taken_back_in_time_is_not_sent(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    await rig.flag("q_1")
    await rig.desk.retract("q_1", "U9")
    await rig.work()
    assert rig.feedback.taken == []


async def test_a_gateway_that_is_down_is_tried_again_after_longer_and_longer_waits(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    await rig.flag("q_1")
    rig.feedback.failure = DOWN
    for wait_s in (0, FIRST_WAIT_S, FIRST_WAIT_S * 2):
        rig.clock.now += timedelta(seconds=wait_s - 1 if wait_s else 0)
        assert await rig.work() == (0 if wait_s else 1)
        rig.clock.now += timedelta(seconds=1 if wait_s else 0)
        assert await rig.work() == (1 if wait_s else 0)
    rig.feedback.failure = None
    rig.clock.now += timedelta(seconds=LONGEST_WAIT_S)
    await rig.work()
    assert len(rig.feedback.taken) == 1


async def test_what_the_gateway_will_never_take_is_not_tried_again(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    await rig.flag("q_1")
    rig.feedback.failure = FeedbackFailure("BadRequestError 400", lasting=True)
    await rig.work()
    assert (await rig.store.inbox.counts()).get(State.DEAD) == 1


async def test_without_a_gateway_a_flag_queues_nothing(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    await Desk(rig.store, rig.clock).flag(Flag("q_1", "U9", FlagSource.REACTION, None, "", rig.clock()))
    assert await rig.work() == 0


async def test_a_flag_makes_nobody_an_asker_of_a_thread(rig: Rig) -> None:
    await rig.answered("q_1", trace="q_1")
    await rig.flag("q_1")
    (claim,) = await rig.store.inbox.claim(10)
    assert (claim.question.conversation.thread, claim.question.text) == ("", "")


@pytest.mark.parametrize(
    ("environ", "policy", "hears"),
    [
        ({"PORTKEY_API_KEY": "pk"}, "[gateway]\n", True),
        ({"PORTKEY_API_KEY": "pk"}, "[gateway]\nfeedback = false\n", False),
        ({"PORTKEY_GATEWAY_URL": "http://127.0.0.1:8787"}, "[gateway]\n", False),
        ({"PORTKEY_API_KEY": "pk"}, "", False),
    ],
)
def test_a_gateway_hears_of_flags_where_we_have_a_key_and_the_policy_wants_it(environ: dict[str, str], policy: str, hears: bool) -> None:  # noqa: FBT001
    assert hears_of_flags(load_settings(environ), make_policy(policy)) is hears
