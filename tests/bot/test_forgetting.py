"""`reindex` and `forget` change the store at once, and reach the index wherever its owner is."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import forgetting, upkeep
from bot.cli import main
from bot.config import Settings, SettingsError
from bot.deployment import Deployment, open_store
from bot.forgetting import CACHE_OFF, NO_OWNER, Forgetting, run_forget, run_reindex
from bot.memory import FOLDER, make_cache
from bot.store.store import Store
from bot.store.switches import INDEX_REMOVE
from bot.upkeep import REBUILD, Upkeep
from router.cache import SemanticCache
from router.index import IndexFailure
from router.types import Scope, Visibility
from tests.fakes.clock import FakeClock
from tests.fakes.policies import make_policy
from tests.fakes.remembered import remembered

PUBLIC = Scope("T1", Visibility.PUBLIC).key
EDGE = "what is the management IP of edge-{}?"


@dataclass
class Site:
    """A deployment in a folder, with its store open beside the command's own."""

    deployment: Deployment
    store: Store
    clock: FakeClock

    async def forget(self, **what: str | bool) -> str:
        return await run_forget(self.deployment, Forgetting(**what))  # type: ignore[arg-type]  # the test's own keywords

    async def served(self, *ids: str) -> list[str]:
        return [stored.question_id for stored in await self.store.entries.fetch(PUBLIC, ids)]

    def cache(self) -> SemanticCache:
        return make_cache(self.deployment.settings, self.deployment.policy, self.store.entries, self.clock)

    @asynccontextmanager
    async def index(self) -> AsyncIterator[SemanticCache]:
        """Own the index meanwhile."""
        cache = self.cache()
        try:
            yield cache
        finally:
            await cache.close()

    async def size(self) -> int:
        async with self.index() as cache:
            return await cache.size()


@pytest.fixture
async def site(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Site]:
    settings = Settings.model_validate({"SWITCHBOARD_DATA": str(tmp_path)})
    async with open_store(settings, clock) as store:
        clock.now = clock.now.replace(year=2100)  # what is remembered now has not expired by the command's own clock
        yield Site(Deployment(settings, make_policy()), store, clock)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the switches a hundred times as often, and give up soon."""
    monkeypatch.setattr(upkeep, "POLL_S", 0.02)
    monkeypatch.setattr(forgetting, "POLL_S", 0.005)
    monkeypatch.setattr(forgetting, "PATIENCE_S", 1.5)


@asynccontextmanager
async def worker(site: Site) -> AsyncIterator[SemanticCache]:
    """Own the index and keep it, as a worker does."""
    async with site.index() as cache:
        await cache.size()
        task = asyncio.create_task(Upkeep(cache, site.store.entries, site.store.switches).run())
        try:
            yield cache
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def reaches(cache: SemanticCache, size: int) -> None:
    async with asyncio.timeout(10):
        while await cache.size() != size:  # noqa: ASYNC110 (another task changes it)
            await asyncio.sleep(0.02)


async def several(site: Site, count: int = 3) -> None:
    for number in range(count):
        await remembered(site.store, EDGE.format(number), f"q_{number}")


async def test_reindex_builds_the_index_here_when_nobody_owns_it(site: Site) -> None:
    await several(site)
    told: list[int] = []
    assert await run_reindex(site.deployment, told.append) == 3
    assert told == [0, 3]
    assert await site.size() == 3


async def test_reindex_mends_an_index_that_is_broken(site: Site) -> None:
    await several(site)
    await run_reindex(site.deployment, lambda _: None)
    for path in (site.deployment.settings.data / FOLDER).rglob("*.json"):
        path.write_bytes(b"{ broken")
    assert await run_reindex(site.deployment, lambda _: None) == 3
    assert await site.size() == 3


async def test_reindex_asks_the_owner_of_the_index(site: Site, often: None) -> None:
    async with worker(site) as cache:
        await several(site)
        assert await run_reindex(site.deployment, lambda _: None) == 3
        assert await cache.size() == 3
        assert not await site.store.switches.all(REBUILD)


async def test_reindex_of_nothing_through_the_owner_ends(site: Site, often: None) -> None:
    async with worker(site):
        assert await run_reindex(site.deployment, lambda _: None) == 0


async def test_reindex_gives_up_on_an_owner_that_does_not_rebuild(site: Site, often: None) -> None:
    async with site.index() as cache:
        await cache.size()
        with pytest.raises(SettingsError, match=NO_OWNER.partition(":")[0]):
            await run_reindex(site.deployment, lambda _: None)
    assert not await site.store.switches.all(REBUILD), "nobody is to rebuild later what nobody waits for"


async def test_reindex_without_a_cache_says_so(site: Site) -> None:
    off = Deployment(site.deployment.settings, make_policy('[cache]\nmode = "off"\n'))
    with pytest.raises(SettingsError) as refused:
        await run_reindex(off, lambda _: None)
    assert str(refused.value) == CACHE_OFF


async def test_forgetting_a_person_reaches_the_index_here(site: Site) -> None:
    await several(site)
    await run_reindex(site.deployment, lambda _: None)
    assert await site.forget(user="U1") == "Deleted 3 questions with their answers, and 0 flags, of U1."
    assert await site.size() == 0
    assert not await site.store.switches.all(INDEX_REMOVE)


async def test_forgetting_a_person_reaches_the_index_through_its_owner(site: Site, often: None) -> None:
    await several(site)
    async with worker(site) as cache:
        await reaches(cache, 3)
        await site.forget(user="U1")
        assert await site.served("q_0", "q_1", "q_2") == [], "the store lets go at once"
        await reaches(cache, 0)
    assert not await site.store.switches.all(INDEX_REMOVE)


async def test_what_was_forgotten_while_the_cache_was_off_leaves_the_index_when_it_is_on_again(site: Site, often: None) -> None:
    await several(site)
    await run_reindex(site.deployment, lambda _: None)
    off = Deployment(site.deployment.settings, make_policy('[cache]\nmode = "off"\n'))
    await run_forget(off, Forgetting(user="U1"))
    async with worker(site) as cache:
        await reaches(cache, 0)


async def test_one_answer_is_forgotten_by_its_id(site: Site) -> None:
    await several(site)
    assert await site.forget(answer="q_1") == "1 answer is not served again."
    assert await site.served("q_0", "q_1", "q_2") == ["q_0", "q_2"]
    assert await site.forget(answer="q_1") == "0 answers are not served again."
    assert await site.forget(answer="q_unknown") == "0 answers are not served again."


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("what is the description of Gi0/1 on core-1?", "GigabitEthernet0/1"),
        ("what is the description of GigabitEthernet0/1 on core-1?", "gi0/1"),
        ("what is the management IP of edge-1?", "EDGE-1"),
        ("which VLAN uses 10.1.2.0 255.255.255.0?", "10.1.2.0/24"),
        ("which device has 2001:db8::1?", "2001:DB8:0:0:0:0:0:1"),
    ],
)
async def test_what_is_about_a_thing_is_forgotten_by_another_spelling_of_it(site: Site, asked: str, named: str) -> None:
    await remembered(site.store, asked, "q_about")
    await remembered(site.store, "what is the management IP of rtr-77?", "q_other")
    assert await site.forget(entity=named) == "1 answer is not served again."
    assert await site.served("q_about", "q_other") == ["q_other"]


async def test_a_thing_that_nobody_asked_about_forgets_nothing(site: Site) -> None:
    await several(site)
    for named in ("edge-99", "edge", "%", "1", "xyzzy plugh"):
        assert await site.forget(entity=named) == "0 answers are not served again.", named
    assert len(await site.served("q_0", "q_1", "q_2")) == 3


async def test_everything_is_forgotten(site: Site) -> None:
    await several(site)
    await run_reindex(site.deployment, lambda _: None)
    assert await site.forget(everything=True) == "3 answers are not served again."
    assert await site.served("q_0", "q_1", "q_2") == []
    assert await site.size() == 0


async def test_nothing_named_forgets_nothing(site: Site) -> None:
    await several(site)
    with pytest.raises(ValueError, match="nothing"):
        await site.forget()
    assert len(await site.served("q_0", "q_1", "q_2")) == 3


async def test_a_broken_index_does_not_keep_the_store_from_forgetting(site: Site) -> None:
    await several(site)
    folder = site.deployment.settings.data / FOLDER
    folder.write_text("a file where the folder should be")
    with pytest.raises(IndexFailure):
        await site.size()
    assert await site.forget(entity="edge-1") == "1 answer is not served again."
    assert await site.served("q_0", "q_1", "q_2") == ["q_0", "q_2"]
    assert len(await site.store.switches.all(INDEX_REMOVE)) == 1


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = dict(os.environ)
    policy = tmp_path / "policy.toml"
    policy.write_text(
        '[tiers.small]\ntargets = [{ model = "simulated/small" }]\n[tiers.frontier]\ntargets = [{ model = "simulated/frontier" }]\n'
    )
    monkeypatch.setenv("SWITCHBOARD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SWITCHBOARD_POLICY", str(policy))
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--user", "U1", "--everything"],
        ["--answer", "q_1", "--entity", "edge-1"],
        ["--user", ""],
        ["--answer", ""],
        ["--entity", ""],
        ["--user", "", "--everything"],
        ["--entity", " "],
        ["--user", " "],
        ["--everything", "now"],
    ],
    ids=" ".join,
)
def test_forget_wants_one_thing_named(
    options: list[str], environ: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["switchboard", "forget", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1
    assert not (tmp_path / "data").exists(), "nothing was opened"
