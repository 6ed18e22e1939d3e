"""Qdrant Edge keeps its points, has one owner, and never harms its worker: not by being busy, locked, full, broken or killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from qdrant_edge import Distance, EdgeConfig, EdgeShard, EdgeVectorParams

from router.index import IndexFailure, Reason, collection_name
from router.index_edge import MAX_WAITING, RESTART_S, EdgeIndex
from tests.fakes.indexes import EAST, NORTH, SIZE, ids, point

NAME = collection_name("embedder", SIZE)
SOON = 0.05
HOLD = """
import asyncio, sys
from pathlib import Path
from router.index_edge import EdgeIndex
async def hold():
    await EdgeIndex(Path(sys.argv[1]), "embedder", 4).open()
    print("open", flush=True)
    await asyncio.sleep(60)
asyncio.run(hold())
"""


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[EdgeIndex]:
    made = EdgeIndex(tmp_path, "embedder", SIZE)
    yield made
    await made.close()


def owner(folder: Path) -> int:
    """The id of the process that has the collection's folder in `folder` as an argument."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if str(folder / NAME).encode() in arguments:
                return int(entry.name)
    raise LookupError(folder)


async def failing(index: EdgeIndex) -> IndexFailure:
    with pytest.raises(IndexFailure) as caught:
        await ids(index)
    return caught.value


async def test_points_outlive_the_process(tmp_path: Path) -> None:
    for number in range(3):
        index = EdgeIndex(tmp_path, "embedder", SIZE)
        await index.put([point(f"q_{number}")])
        assert await index.count() == number + 1
        await index.close()


async def test_points_that_were_put_outlive_a_killed_owner(tmp_path: Path, index: EdgeIndex) -> None:
    await index.put([point("q_1")])
    os.kill(owner(tmp_path), signal.SIGKILL)
    assert (await failing(index)).reason is Reason.BROKEN
    await asyncio.sleep(RESTART_S)
    assert await ids(index) == ["q_1"]


async def test_an_owner_that_is_killed_over_and_over_is_not_started_more_than_once_a_second(tmp_path: Path, index: EdgeIndex) -> None:
    await index.open()
    os.kill(owner(tmp_path), signal.SIGKILL)
    for _ in range(20):
        await failing(index)
    with pytest.raises(LookupError):
        owner(tmp_path)


async def test_waiting_callers_hear_of_the_end_of_the_owner(tmp_path: Path, index: EdgeIndex) -> None:
    await index.open()
    pid = owner(tmp_path)
    os.kill(pid, signal.SIGSTOP)
    callers = [asyncio.create_task(failing(index)) for _ in range(5)]
    await asyncio.sleep(SOON)
    os.kill(pid, signal.SIGKILL)
    assert {failure.reason for failure in await asyncio.gather(*callers)} == {Reason.BROKEN}


async def test_a_folder_has_one_owner_and_says_so(tmp_path: Path, index: EdgeIndex) -> None:
    await index.put([point("q_1")])
    second = EdgeIndex(tmp_path, "embedder", SIZE)
    failure = await failing(second)
    assert failure.reason is Reason.LOCKED
    assert "another process has it open" in str(failure)
    with pytest.raises(IndexFailure, match="locked"):
        await second.clear()
    assert await ids(index) == ["q_1"]
    await second.close()


async def test_a_folder_that_was_locked_can_be_used_once_its_owner_has_closed(tmp_path: Path, index: EdgeIndex) -> None:
    await index.put([point("q_1")])
    second = EdgeIndex(tmp_path, "embedder", SIZE)
    await failing(second)
    await index.close()
    await asyncio.sleep(RESTART_S)
    assert await ids(second) == ["q_1"]
    await second.close()


async def test_a_worker_that_is_killed_leaves_no_lock_behind(tmp_path: Path, index: EdgeIndex) -> None:
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, str(tmp_path), stdout=asyncio.subprocess.PIPE)
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"open\n"
    assert (await failing(index)).reason is Reason.LOCKED
    worker.kill()
    await worker.communicate()
    async with asyncio.timeout(10):
        while True:
            await asyncio.sleep(RESTART_S / 4)
            try:
                assert await ids(index) == []
            except IndexFailure:
                continue
            break


async def test_another_embedder_or_size_has_a_folder_of_its_own(tmp_path: Path, index: EdgeIndex) -> None:
    await index.put([point("q_1")])
    for name, size in (("another", SIZE), ("embedder", SIZE + 1)):
        other = EdgeIndex(tmp_path, name, size)
        assert await other.count() == 0
        await other.close()


async def test_a_folder_of_another_size_is_refused_until_it_is_cleared(tmp_path: Path, index: EdgeIndex) -> None:
    (tmp_path / NAME).mkdir()
    EdgeShard.create(str(tmp_path / NAME), EdgeConfig(vectors=EdgeVectorParams(size=SIZE + 1, distance=Distance.Cosine))).close()
    assert (await failing(index)).reason is Reason.WRONG_SIZE
    await index.clear()
    assert await ids(index) == []


@pytest.mark.parametrize("victim", ["segment.json", "edge_config.json", "tracker.dat", "first-index"])
async def test_a_corrupt_folder_is_broken_until_it_is_cleared(tmp_path: Path, index: EdgeIndex, victim: str) -> None:
    await index.put([point(f"q_{number}") for number in range(50)])
    await index.close()
    for file in (tmp_path / NAME).rglob(victim):
        file.write_bytes(b"\xff" * max(1, file.stat().st_size))
    again = EdgeIndex(tmp_path, "embedder", SIZE)
    assert [(await failing(again)).reason for _ in range(2)] == [Reason.BROKEN] * 2
    await again.clear()
    await again.put([point("q_1")])
    assert await ids(again) == ["q_1"]
    await again.close()


async def test_a_folder_that_cannot_be_made_is_broken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    index = EdgeIndex(tmp_path / "file", "embedder", SIZE)
    assert (await failing(index)).reason is Reason.BROKEN
    await index.close()


async def test_too_little_space_is_full(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, "embedder", SIZE, min_free_bytes=2**60)
    with pytest.raises(IndexFailure) as caught:
        await index.put([point("q_1")])
    assert caught.value.reason is Reason.FULL
    await index.close()


async def test_an_owner_that_stands_still_holds_up_neither_the_loop_nor_later_answers(tmp_path: Path, index: EdgeIndex) -> None:
    await index.put([point("q_e", EAST), point("q_n", NORTH, entities="n")])
    pid = owner(tmp_path)
    os.kill(pid, signal.SIGSTOP)
    for _ in range(20):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await ids(index)
    os.kill(pid, signal.SIGCONT)
    assert await ids(index, NORTH, entities="n") == ["q_n"]
    assert await ids(index) == ["q_e"]


async def test_more_than_so_many_waiting_requests_are_refused_at_once(tmp_path: Path, index: EdgeIndex) -> None:
    await index.put([point("q_1")])
    pid = owner(tmp_path)
    os.kill(pid, signal.SIGSTOP)
    waiting = [asyncio.create_task(ids(index)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(SOON)
    assert (await failing(index)).reason is Reason.SLOW
    os.kill(pid, signal.SIGCONT)
    assert await asyncio.gather(*waiting) == [["q_1"]] * MAX_WAITING
    assert await ids(index) == ["q_1"]


async def test_a_caller_that_gives_up_does_not_stop_the_folder_from_being_opened(index: EdgeIndex) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await ids(index)
    assert await ids(index) == []


async def test_an_interrupt_from_the_terminal_does_not_end_the_owner(tmp_path: Path, index: EdgeIndex) -> None:
    await index.put([point("q_1")])
    os.kill(owner(tmp_path), signal.SIGINT)
    os.kill(owner(tmp_path), signal.SIGTERM)
    assert await ids(index) == ["q_1"]


async def test_an_owner_that_does_not_end_is_ended(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, "embedder", SIZE, close_s=SOON)
    await index.open()
    os.kill(owner(tmp_path), signal.SIGSTOP)
    started = time.monotonic()
    await index.close()
    assert time.monotonic() - started < 5
    with pytest.raises(LookupError):
        owner(tmp_path)


def test_the_worker_itself_loads_no_engine() -> None:
    code = "import sys, router.index_edge; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {name for name in loaded if name.startswith(("qdrant", "numpy"))} == set()
