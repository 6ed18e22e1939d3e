"""A cache full of answers to measure: the real shelf on SQLite and the real index on disk, and the same for its peers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.bench.peers import CosineCache, cosine_point
from bot.bench.questions import question
from bot.deployment import utc_now
from bot.store import schema
from bot.store.bulk import Remembered, write_answers
from bot.store.database import Database
from bot.store.entries import Entries
from bot.types import Conversation, Kind, Platform, Question
from router.cache import Index, SemanticCache, Tuning, entry_of, point_of
from router.embedder import WordLlamaEmbedder
from router.index_edge import EdgeIndex
from router.sameness import read
from router.types import Entry, Query, Scope, Visibility

TTL_S = 30 * 24 * 3600
BATCH = 500
NO_DEADLINE_S = 600.0
"""A slow look-up is measured, not cut off."""
PLACE = Conversation(Platform.SLACK, "T0BENCH", "C0BENCH", "1700000000.000100", Visibility.PUBLIC)
SCOPE = Scope(PLACE.tenant, PLACE.visibility)
"""All answers have one scope: the hardest case for the index, whose filter then leaves the most."""
ANSWER = "A simulated answer of about the usual length. " * 20


@dataclass(frozen=True, slots=True)
class Stock:
    """One shelf with our index of it, and the usual cache's. The embedder keeps nothing, so that each look-up embeds."""

    database: Database
    embedder: WordLlamaEmbedder
    ours: EdgeIndex
    flat: EdgeIndex

    @property
    def entries(self) -> Entries:
        """The shelf."""
        return Entries(self.database, utc_now)

    def cache(self, index: Index) -> SemanticCache:
        """Return our cache over an index."""
        return SemanticCache(self.entries, index, self.embedder, Tuning(self.embedder.threshold, NO_DEADLINE_S), utc_now)

    def cosine_cache(self) -> CosineCache:
        """Return the usual cache."""
        return CosineCache(self.entries, self.flat, self.embedder, utc_now)

    async def add(self, first: int, last: int) -> None:
        """Remember the questions from `first` up to, not including, `last`, in both."""
        until = utc_now() + timedelta(seconds=TTL_S)
        items = [_remembered(number) for number in range(first, last)]
        await write_answers(self.database, items)
        masked = await self.embedder.embed([one.entry.masked for one in items])
        plain = await self.embedder.embed([one.question.text for one in items])
        await self.ours.put([point_of(one.entry, vector, until) for one, vector in zip(items, masked, strict=True)])
        await self.flat.put([cosine_point(one.question.id, vector, until) for one, vector in zip(items, plain, strict=True)])

    async def quiet(self) -> None:
        """Wait until the indexes have done what they do between requests: they answer only then."""
        await self.ours.count()
        await self.flat.count()


@asynccontextmanager
async def stocked(folder: Path) -> AsyncIterator[Stock]:
    """Yield an empty stock in a folder."""
    embedder = WordLlamaEmbedder(cached=0)
    async with AsyncExitStack() as stack:
        database = Database(f"sqlite:///{folder / 'bench.sqlite3'}", durable=False)
        stack.push_async_callback(database.close)
        await schema.require(database)
        ours, flat = (EdgeIndex(folder / name, embedder.name, embedder.size) for name in ("ours", "flat"))
        stack.push_async_callback(ours.close)
        stack.push_async_callback(flat.close)
        yield Stock(database, embedder, ours, flat)


def entry_for(text: str, question_id: str) -> Entry:
    """Return the entry of a question as the router would make it."""
    return entry_of(read(text), Query(text, SCOPE, id=question_id), TTL_S)


def _remembered(number: int) -> Remembered:
    text, key = question(number).first, f"q_{number:09}"
    asked = Question(key, Kind.ASK, key, key, PLACE, user=f"U{number % 100}", text=text, asked_at=utc_now())
    return Remembered(asked, ANSWER, entry_for(text, key))
