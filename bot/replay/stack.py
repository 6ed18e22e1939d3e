"""What a replay runs on: everything between inbox and models as in production, in a temporary folder, by the rows' clock."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.assistant import Assistant
from bot.budgets import Budgets
from bot.config import Settings
from bot.deployment import open_store
from bot.memory import FOLDER
from bot.remembering import Audit, Remembering
from bot.replay.stand_ins import StandIn
from bot.store.store import Store
from router.cache import SemanticCache, Tuning
from router.cascade import Router
from router.chain import Chain
from router.embedder import WordLlamaEmbedder
from router.index_edge import EdgeIndex
from router.line import Direct
from router.policy import WORDLLAMA, Policy
from router.prices import Prices
from router.simulated.knowledge import load_knowledge
from router.types import Mode, Tier

OWNER = "replay"
DEADLINE_S = 30.0
"""For a vector search. The policy's deadline is not kept here: a busy machine must not change what is measured."""
WARM_UP = "warm up"


class RowClock:
    """The time of the row that is replayed, and the seconds that its models would have taken."""

    def __init__(self) -> None:
        self.now = datetime(1970, 1, 1, tzinfo=UTC)
        self.waited_s = 0.0

    def __call__(self) -> datetime:
        """Return the row's time."""
        return self.now

    def begin(self, at: datetime) -> None:
        """Go on to a row."""
        self.now, self.waited_s = at, 0.0

    def wait(self, seconds: float) -> None:
        """Note that a model would have taken so long."""
        self.waited_s += seconds


@dataclass(frozen=True, slots=True)
class Stack:
    """The parts that a replay uses. `frontier` is the first model of the frontier tier; `remembering` is None without a cache."""

    clock: RowClock
    store: Store
    assistant: Assistant
    remembering: Remembering | None
    frontier: StandIn


def replayable(policy: Policy) -> Policy:
    """Return the policy without what would call a model of its own: another embedder, and the judge, which none can simulate."""
    own = {} if policy.cache.embedder == WORDLLAMA else {"embedder": WORDLLAMA, "embedder_size": None, "similarity": None}
    return policy.model_copy(update={"cache": policy.cache.model_copy(update={**own, "judge": "off"})})


@asynccontextmanager
async def open_stack(policy: Policy) -> AsyncIterator[Stack]:
    """Open a store and an index that live as long as the replay. Raises StoreUnavailable, IndexFailure."""
    clock, prices, knowledge = RowClock(), Prices(policy.prices), load_knowledge()
    models = {
        tier: [StandIn(tier, target, prices, knowledge, clock.wait) for target in policy.tiers.of(tier).targets]
        for tier in (Tier.SMALL, Tier.FRONTIER)
    }
    chains = {tier: Chain(tier, Direct(asked), clock) for tier, asked in models.items()}
    with tempfile.TemporaryDirectory(prefix="switchboard-replay-", ignore_cleanup_errors=True) as folder:
        settings = Settings.model_validate({"SWITCHBOARD_DATA": folder})
        async with open_store(settings, clock, owner=OWNER) as store, _open_cache(policy, Path(folder), store, clock) as cache:
            assistant = Assistant(Router(policy, chains, cache), store.records, policy, {}, Budgets(store, policy, clock))
            remembering = Remembering(cache, store.entries, store.inbox, clock, Audit(0.0, lambda: 1.0)) if cache else None
            yield Stack(clock, store, assistant, remembering, models[Tier.FRONTIER][0])


@asynccontextmanager
async def _open_cache(policy: Policy, folder: Path, store: Store, clock: RowClock) -> AsyncIterator[SemanticCache | None]:
    """Yield the cache where the policy turns it on, with model and index loaded, so that the first row is one like any other."""
    if policy.cache.mode is Mode.OFF:
        yield None
        return
    embedder = WordLlamaEmbedder()
    index = EdgeIndex(folder / FOLDER, embedder.name, embedder.size)
    threshold = embedder.threshold if policy.cache.similarity is None else policy.cache.similarity
    cache = SemanticCache(store.entries, index, embedder, Tuning(threshold, DEADLINE_S), clock)
    try:
        await index.open()
        await embedder.embed([WARM_UP])
        yield cache
    finally:
        await cache.close()
