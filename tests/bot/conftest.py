"""A whole back office over fakes: real store, real router, models and a platform in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.budgets import Budgets
from bot.courier import Courier
from bot.desk import Desk
from bot.doorman import Doorman
from bot.office import Office
from bot.remembering import Audit, Remembering
from bot.store import schema
from bot.store.database import Database
from bot.store.entries import Entries
from bot.store.flags import Flags
from bot.store.inbox import Inbox
from bot.store.pace import Pace
from bot.store.records import Records
from bot.store.retries import Retries
from bot.store.store import make_store
from bot.types import Platform, Question
from bot.wiping import Wiping
from bot.worker import Worker
from router.cache import SemanticCache, Tuning
from router.cascade import Router
from router.chain import Chain
from router.embedder import Embedder, WordLlamaEmbedder
from router.line import Direct
from router.policy import Policy
from router.types import Tier, Turn
from tests.fakes.clock import FakeClock
from tests.fakes.courier import FakeCourier
from tests.fakes.model import FakeModel
from tests.fakes.policies import make_policy
from tests.fakes.vector_index import FakeIndex


@dataclass
class FakeThreads:
    """What a platform tells of a thread."""

    said: tuple[Turn, ...] = ()

    async def turns(self, question: Question, limit: int) -> tuple[Turn, ...]:
        return self.said[-limit:]


@dataclass
class Backstage:
    """Everything behind the inbox."""

    database: Database
    clock: FakeClock
    courier: FakeCourier = field(default_factory=FakeCourier)
    couriers: dict[Platform, Courier] = field(default_factory=dict)
    small: FakeModel = field(default_factory=lambda: FakeModel("small"))
    frontier: FakeModel = field(default_factory=lambda: FakeModel("frontier"))
    threads: FakeThreads = field(default_factory=FakeThreads)
    index: FakeIndex = field(default_factory=FakeIndex)
    policy: Policy = field(default_factory=make_policy)
    audited: float = 1.0
    """What is drawn for each hit: below the policy's share it is audited."""
    cache: SemanticCache | None = None

    def __post_init__(self) -> None:
        self.inbox = Inbox(self.database, self.clock)
        self.records = Records(self.database)
        self.retries = Retries(self.database, self.clock)
        self.flags = Flags(self.database)
        self.entries = Entries(self.database, self.clock)
        self.store = make_store(self.database, self.clock)
        self.desk = Desk(self.store, self.clock)

    def remember(self, policy: str = "", *, embedder: Embedder | None = None) -> None:
        """Work with a cache from now on, and with a policy."""
        embedder = embedder or WordLlamaEmbedder()
        self.policy = make_policy(policy)
        self.cache = SemanticCache(self.entries, self.index, embedder, Tuning(embedder.threshold, 5), self.clock)

    def aftermath(self) -> Remembering | None:
        if self.cache is None:
            return None
        audit = Audit(self.policy.cache.audit_share, lambda: self.audited)
        return Remembering(self.cache, self.entries, self.inbox, self.clock, audit)

    def assistant(self, policy: Policy) -> Assistant:
        chains = {
            Tier.SMALL: Chain(Tier.SMALL, Direct([self.small]), self.clock),
            Tier.FRONTIER: Chain(Tier.FRONTIER, Direct([self.frontier]), self.clock),
        }
        budgets = Budgets(self.store, policy, self.clock)
        return Assistant(Router(policy, chains, self.cache), self.records, policy, {Platform.SLACK: self.threads}, budgets)

    def worker(self, policy: Policy | None = None) -> Worker:
        policy = policy or self.policy
        couriers = {Platform.SLACK: self.courier} | self.couriers
        assistant = self.assistant(policy)
        doorman = Doorman(Pace(self.database), policy.limits, self.clock)
        office = Office(
            self.inbox,
            self.records,
            assistant,
            couriers,
            self.clock,
            policy.ttl,
            self.retries,
            policy.retry,
            self.aftermath(),
            doorman,
            wiping=Wiping(self.store),
        )
        return Worker(office)

    async def work(self) -> None:
        """Claim what is due and work on it until nothing is due."""
        worker = self.worker()
        while claims := await self.inbox.claim(8):
            for claim in claims:
                await worker._handle(claim)


@pytest.fixture
async def backstage(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Backstage]:
    database = Database(f"sqlite:///{tmp_path / 'switchboard.sqlite3'}")
    await schema.migrate(database)
    yield Backstage(database, clock)
    await database.close()
