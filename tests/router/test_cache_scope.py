"""An answer never leaves its scope: 50,000 random operations, and proof that the same operations find a filter that is missing."""

import asyncio
import hashlib
import random
from array import array
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import scope_of
from bot.store import schema
from bot.store.database import Database
from bot.store.entries import Evicted
from bot.store.store import Store, make_store
from bot.types import Conversation, Platform, Question
from router.cache import SemanticCache, Tuning
from router.embedder import Vector
from router.types import Answer, Decision, Entry, Query, Scope, Tier, Visibility, Volatility
from tests.fakes.clock import FakeClock
from tests.fakes.memory_shelf import MemoryShelf
from tests.fakes.questions import make_question
from tests.fakes.records import keep_answer
from tests.fakes.vector_index import BucketIndex

OPERATIONS = 50_000
DAY_S = 86_400
DECISION = Decision(Tier.SMALL, Volatility.CONFIG, ())

IDS = (
    *("A", "a", "A ", " A", "B", "A|B", "A|", "|B", "A,B", "A/B", "A:B", "", "null", "*", "%", "_"),
    *('A"', '"', '", "public", "', '","', 'A", "direct", "B', "A\\", 'A\\"', "A'", "' OR 1=1 --", "A\n", "A\nB", "A\t", "A\u2028"),
    *("\u00e9", "e\u0301", "\uff21", "\u0410", "A\u200b", "\u202eA", "\U0001d400", "public", "private", "direct", "T1", "[]", "{}"),
    "A|direct|A",
)
"""Ids of tenants, users and channels that would meet where a key is glued together, folded or normalised."""

TEXTS = (
    *("bgp port?", "What is the port of BGP?", "what's the bgp port", "ospf cost", "what is the ospf cost?", "what is mtu"),
    *("which vlan is the guest network on?", "Which VLAN is guest network on", "mgmt ip of edge-1", "mgmt ip of edge-2"),
)


def audience(question: Question) -> tuple[str, str, str]:
    """Return who may see an answer to a question, by the rule itself and not by the code under test."""
    place = question.conversation
    if question.private or place.visibility is Visibility.DIRECT:
        return (place.tenant, "this person", question.user)
    if place.visibility is Visibility.PRIVATE:
        return (place.tenant, "this channel", place.channel)
    return (place.tenant, "everybody", "")


@dataclass(frozen=True)
class GluedScope(Scope):
    """How a scope's key must not be made."""

    @property
    def key(self) -> str:
        return f"{self.tenant}|{self.visibility.value}|{self.owner}"


def rightly(question: Question) -> Scope:
    return scope_of(question, "tenant")


def glued(question: Question) -> Scope:
    right = rightly(question)
    return GluedScope(right.tenant, right.visibility, right.owner)


class TinyEmbedder:
    """Eight numbers from a digest: any text is somewhere."""

    name = "tiny"
    size = 8
    threshold = -1.0

    async def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        return tuple(_unit(text) for text in texts)


def _unit(text: str) -> Vector:
    numbers = [byte / 255 for byte in hashlib.sha256(text.encode()).digest()[:8]]
    length = sum(number * number for number in numbers) ** 0.5
    return array("f", (number / length for number in numbers))


class Keeper(Protocol):
    """The writing side of a shelf."""

    async def keep(self, query: Query, entry: Entry) -> None:
        """Keep the answer to a query."""

    async def withdraw(self, question_id: str, *, block: bool) -> None:
        """Take an answer out of service."""


@dataclass
class MemoryKeeper:
    shelf: MemoryShelf

    async def keep(self, query: Query, entry: Entry) -> None:
        self.shelf.keep(entry, query, f"answer {query.id}")

    async def withdraw(self, question_id: str, *, block: bool) -> None:
        (self.shelf.block if block else self.shelf.drop)(question_id)


@dataclass
class StoreKeeper:
    store: Store

    async def keep(self, query: Query, entry: Entry) -> None:
        await keep_answer(self.store, query, Answer(f"answer {query.id}", Tier.SMALL, "m", DECISION, (), 1, entry=entry))

    async def withdraw(self, question_id: str, *, block: bool) -> None:
        await self.store.entries.evict(Evicted.FLAGGED if block else Evicted.CHANGED, question_id=question_id)


@dataclass
class Traffic:
    """Random people who ask, and what happened to their answers."""

    cache: SemanticCache
    index: BucketIndex
    keeper: Keeper
    clock: FakeClock
    seed: int = 3
    scoped: Callable[[Question], Scope] = rightly
    ids: Sequence[str] = IDS
    served: int = 0
    leaks: list[tuple[str, str]] = field(default_factory=list)
    asked: dict[str, Question] = field(default_factory=dict)
    standing: list[str] = field(default_factory=list)

    async def run(self, operations: int) -> None:
        """Do that many random things."""
        dice = random.Random(self.seed)
        for _ in range(operations):
            what = dice.random()
            if what < 0.9:
                await self.ask(self.somebody(dice))
            elif what < 0.97 and self.standing:
                await self.withdraw(dice)
            elif what < 0.995:
                self.clock.advance(dice.choice((1, 60, 3600)))
            else:
                await self.cache.tidy()

    def somebody(self, dice: random.Random) -> Question:
        """Make a question of somebody, somewhere. A few ids at a time, so that people meet."""
        tenant, user, channel = dice.choice(self.ids[::3]), dice.choice(self.ids), dice.choice(self.ids)
        return question_of(tenant, user, channel, dice.choice(list(Visibility)), dice.choice(TEXTS), private=dice.random() < 0.1)

    async def ask(self, question: Question) -> None:
        """Look up, note whose answer was served, and remember the new one otherwise."""
        self.asked[question.id] = question
        query = Query(question.text, self.scoped(question), id=question.id)
        found = await self.cache.look_up(query, DAY_S)
        if found.stored:
            self.served += 1
            source = self.asked[found.stored.question_id]
            if audience(source) != audience(question):
                self.leaks.append((source.id, question.id))
        elif found.entry:
            await self.keeper.keep(query, found.entry)
            await self.cache.remember(found.entry)
            self.standing.append(question.id)

    async def withdraw(self, dice: random.Random) -> None:
        """Flag an answer, or take it out of service, with or without the index's knowing."""
        question_id = self.standing.pop(dice.randrange(len(self.standing)))
        await self.keeper.withdraw(question_id, block=dice.random() < 0.1)
        if dice.random() < 0.5:
            await self.cache.forget([question_id])


def question_of(tenant: str, user: str, channel: str, seen: Visibility, text: str, *, private: bool = False) -> Question:
    question = make_question(text, user=user)
    place = Conversation(Platform.SLACK, tenant, channel, "", seen)
    return Question(
        question.id, question.kind, question.delivery_key, question.logical_key, place, user, text, question.asked_at, private=private
    )


def in_memory(clock: FakeClock, *, blind_index: bool = False, blind_shelf: bool = False) -> tuple[Traffic, MemoryShelf]:
    """Return traffic over a cache in memory, with a filter left out here or there."""
    shelf, index = MemoryShelf(clock, blind_shelf), BucketIndex(ignores_scope=blind_index)
    cache = SemanticCache(shelf, index, TinyEmbedder(), Tuning(-1.0, 5), clock)
    return Traffic(cache, index, MemoryKeeper(shelf), clock), shelf


async def test_no_answer_leaves_its_scope_in_fifty_thousand_operations(clock: FakeClock) -> None:
    traffic, _ = in_memory(clock)
    await traffic.run(OPERATIONS)
    assert traffic.leaks == []
    assert traffic.served > OPERATIONS // 5, "too little was served to tell"


async def test_a_filter_missing_in_the_index_alone_leaks_nothing_because_the_shelf_asks_again(clock: FakeClock) -> None:
    traffic, shelf = in_memory(clock, blind_index=True)
    await traffic.run(4_000)
    assert traffic.leaks == []
    assert shelf.refused > 1_000, "the index was to find what belongs to others"
    assert traffic.served > 100


async def test_a_filter_missing_in_the_shelf_alone_is_found_out(clock: FakeClock) -> None:
    traffic, _ = in_memory(clock, blind_shelf=True)
    await traffic.run(1_000)
    assert len(traffic.leaks) > 100


async def test_a_filter_missing_in_both_is_found_out(clock: FakeClock) -> None:
    traffic, _ = in_memory(clock, blind_index=True, blind_shelf=True)
    await traffic.run(1_000)
    assert len(traffic.leaks) > 100


async def test_a_key_that_is_glued_together_is_found_out(clock: FakeClock) -> None:
    traffic, _ = in_memory(clock)
    traffic.scoped, traffic.ids = glued, ("A", "B", "C", "A|direct|A")
    await traffic.run(1_000)
    assert traffic.leaks


@pytest.fixture
async def store(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Store]:
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}", durable=False)
    await schema.require(database)
    yield make_store(database, clock)
    await database.close()


@pytest.mark.parametrize("blind_index", [False, True])
async def test_no_answer_leaves_its_scope_in_the_real_store_whatever_the_index_finds(
    store: Store, clock: FakeClock, *, blind_index: bool
) -> None:
    index = BucketIndex(ignores_scope=blind_index)
    cache = SemanticCache(store.entries, index, TinyEmbedder(), Tuning(-1.0, 5), clock)
    traffic = Traffic(cache, index, StoreKeeper(store), clock)
    await traffic.run(500)
    assert traffic.leaks == []
    assert traffic.served > 20


anybody = st.builds(
    question_of,
    st.sampled_from(IDS) | st.text(max_size=4),
    st.sampled_from(IDS) | st.text(max_size=4),
    st.sampled_from(IDS) | st.text(max_size=4),
    st.sampled_from(Visibility),
    st.sampled_from(TEXTS[:3]),
    private=st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(anybody, min_size=2, max_size=12))
def test_no_short_conversation_leaks(questions: list[Question]) -> None:
    traffic, _ = in_memory(FakeClock(), blind_index=True)

    async def ask_all() -> None:
        for question in questions:
            await traffic.ask(question)

    asyncio.run(ask_all())
    assert traffic.leaks == []


@settings(max_examples=200, deadline=None)
@given(anybody, anybody)
def test_two_questions_share_a_scope_exactly_when_they_share_an_audience(first: Question, second: Question) -> None:
    assert (rightly(first).key == rightly(second).key) == (audience(first) == audience(second))
