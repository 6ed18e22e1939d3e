"""The owner of a Qdrant Edge folder: what it answers, when it flushes and tidies, how it reads its pipe."""

import os
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.index import IndexFailure, Near, Point, Reason
from router.index_edge_host import RETRY_S, Host, serve
from router.index_pipe import (
    HEAD,
    Clear,
    Count,
    Done,
    Found,
    Open,
    Put,
    Refused,
    Remove,
    RemoveAbout,
    RemoveExpired,
    Reply,
    Request,
    Search,
    pack,
    unpack_reply,
    unpack_request,
)
from router.index_shard import Shard
from router.index_upkeep import FLUSH_AFTER, FLUSH_AFTER_S, IDLE_S, TIDY_AFTER, TIDY_FORCED, Task, Upkeep
from tests.fakes.indexes import EAST, NORTH, NOW, SIZE, point

SEARCH = Search(array("f", EAST), "t/public", "", NOW, 5)


class Diary(Shard):
    """A real shard that notes its upkeep, and fails its upkeep when told to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SIZE, 0)
        self.did: list[str] = []
        self.failure: IndexFailure | None = None

    def flush(self) -> None:
        self.did.append("flush")
        if self.failure is not None:
            raise self.failure
        super().flush()

    def tidy(self) -> None:
        self.did.append("tidy")
        super().tidy()

    def reset(self) -> None:
        self.did.append("reset")
        super().reset()


class Rig:
    """A host over a folder, with its clock in our hand."""

    def __init__(self, folder: Path) -> None:
        self.now = 1000.0
        self.shard = Diary(folder)
        self.host = Host(self.shard, lambda: self.now)

    def ask(self, *requests: Request) -> Reply:
        return [self.host.answer(request) for request in requests][-1]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "points")
    yield made
    made.host.close()


def test_each_request_has_its_answer(rig: Rig) -> None:
    assert rig.ask(Open()) == Done()
    assert rig.ask(Put((point("q_1"), point("q_2", NORTH, tags=("x",))))) == Done(2)
    assert rig.ask(SEARCH) == Found((Near("q_1", 1.0), Near("q_2", 0.0)))
    assert rig.ask(RemoveAbout(("x", "y"))) == Done(1)
    assert rig.ask(RemoveExpired(NOW)) == Done(0)
    assert rig.ask(Count()) == Done(1)
    assert rig.ask(Remove(("q_1",)), Count()) == Done(0)
    assert rig.ask(Put((point("q_1"),)), Clear(), Count()) == Done(0)


def test_a_folder_that_could_not_be_opened_is_tried_again_a_second_later(rig: Rig, tmp_path: Path) -> None:
    other = Shard(tmp_path / "points", SIZE, 0)
    other.open()
    locked = rig.ask(Open())
    assert isinstance(locked, Refused)
    assert locked.reason is Reason.LOCKED
    other.close()
    assert rig.ask(Open()) == locked
    rig.now += RETRY_S
    assert rig.ask(Open()) == Done()


def test_an_unlocked_folder_that_the_engine_finds_locked_is_locked(rig: Rig, tmp_path: Path) -> None:
    other = Shard(tmp_path / "points", SIZE, 0)
    other.open()
    (tmp_path / "points.lock").unlink()
    locked = rig.ask(Open())
    assert isinstance(locked, Refused)
    assert locked.reason is Reason.LOCKED
    other.close()


def test_a_folder_that_is_taken_away_is_made_anew_by_clearing(rig: Rig, tmp_path: Path) -> None:
    rig.ask(Put((point("q_1"),)))
    (tmp_path / "points").rename(tmp_path / "elsewhere")
    assert isinstance(rig.ask(Put(tuple(point(f"q_{number}") for number in range(2000))), Remove(("q_1",)), Clear()), Done)
    assert rig.ask(Put((point("q_2"),)), SEARCH) == Found((Near("q_2", 1.0),))


def test_a_full_disk_refuses_writing_and_goes_on_reading(tmp_path: Path) -> None:
    rig = Rig(tmp_path / "points")
    rig.ask(Put((point("q_1"),)))
    rig.shard._min_free = 2**60
    refused = rig.ask(Put((point("q_2"),)))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.FULL
    rig.host.tend(idle=True)
    assert rig.ask(SEARCH) == Found((Near("q_1", 1.0),))
    assert "reset" not in rig.shard.did
    rig.host.close()


def test_a_vector_of_another_size_does_no_harm(rig: Rig) -> None:
    rig.ask(Put((point("q_1"),)))
    refused = rig.ask(Put((Point("q_2", (1.0,), "t", ""),)))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.WRONG_SIZE
    assert rig.ask(Count()) == Done(1)
    assert "reset" not in rig.shard.did


def test_a_folder_that_was_opened_is_tidied_in_its_first_quiet_moment(rig: Rig) -> None:
    rig.ask(Open())
    rig.host.tend(idle=False)
    assert rig.shard.did == []
    assert rig.host.wait_s() == IDLE_S
    rig.host.tend(idle=True)
    assert rig.shard.did == ["tidy"]
    assert rig.host.wait_s() is None


def test_changes_are_flushed_after_half_a_minute(rig: Rig) -> None:
    rig.ask(Open())
    rig.host.tend(idle=True)
    rig.ask(Put((point("q_1"),)))
    assert rig.host.wait_s() == FLUSH_AFTER_S
    rig.host.tend(idle=True)
    rig.now += FLUSH_AFTER_S
    rig.host.tend(idle=False)
    assert rig.shard.did == ["tidy", "flush"]


def test_a_flush_that_fails_has_the_folder_opened_anew(rig: Rig) -> None:
    rig.ask(Put((point("q_1"),)))
    rig.shard.failure = IndexFailure(Reason.BROKEN)
    rig.now += FLUSH_AFTER_S
    rig.host.tend(idle=False)
    rig.shard.failure = None
    assert rig.shard.did == ["flush", "reset"]
    assert rig.ask(SEARCH) == Found((Near("q_1", 1.0),))


def test_what_is_removed_does_not_fill_the_folder(rig: Rig, tmp_path: Path) -> None:
    def used() -> int:
        return sum(file.stat().st_blocks for file in (tmp_path / "points" / "segments").rglob("*") if file.is_file())

    sizes = []
    for _ in range(4):
        rig.ask(*(Put(tuple(point(f"q_{number}") for number in range(first, first + 500))) for first in range(0, 3000, 500)))
        rig.ask(Remove(tuple(f"q_{number}" for number in range(3000))))
        rig.shard.tidy()
        sizes.append(used())
    assert sizes[-1] <= sizes[0] * 1.5


def test_nothing_is_due_without_changes() -> None:
    assert Upkeep().due(10**9, idle=True) is None
    assert Upkeep().wait_s(10**9) is None


@given(st.lists(st.integers(0, 3000), max_size=60))
def test_upkeep_is_never_put_off_for_good(changes: list[int]) -> None:
    upkeep = Upkeep()
    for now, points in enumerate(changes):
        upkeep.changed(points, now)
        task = upkeep.due(now, idle=False)
        if task is not None:
            upkeep.did(task)
        assert upkeep.unflushed < FLUSH_AFTER
        assert upkeep.untidied < TIDY_FORCED
    quiet = upkeep.due(len(changes), idle=True)
    assert (quiet is Task.TIDY) == (upkeep.untidied >= TIDY_AFTER)


@pytest.mark.parametrize("message", [SEARCH, Put((point("q_1", array("f", EAST)),)), RemoveExpired(1.5), Clear()])
def test_a_request_survives_the_pipe(message: Request) -> None:
    packed = pack(message)
    assert HEAD.unpack(packed[: HEAD.size])[0] == len(packed) - HEAD.size
    assert unpack_request(packed[HEAD.size :]) == message


def test_answers_come_in_order_whatever_the_pieces_that_requests_arrive_in(rig: Rig) -> None:
    requests, answers = os.pipe(), os.pipe()
    serving = threading.Thread(target=serve, args=(rig.host, requests[0], answers[1]))
    serving.start()
    sent = b"".join(pack(request) for request in (Put((point("q_1"),)), Count(), SEARCH, Remove(("q_1",)), Count()))
    for byte in sent:
        os.write(requests[1], bytes([byte]))
    os.close(requests[1])
    serving.join()
    os.close(answers[1])
    with open(answers[0], "rb") as stream:  # noqa: PTH123 (a file descriptor)
        received = []
        while head := stream.read(HEAD.size):
            received.append(unpack_reply(stream.read(HEAD.unpack(head)[0])))
    assert received == [Done(1), Done(1), Found((Near("q_1", 1.0),)), Done(1), Done(0)]
    os.close(requests[0])


def test_an_owner_ends_when_nobody_reads_its_answers(rig: Rig) -> None:
    requests, answers = os.pipe(), os.pipe()
    os.close(answers[0])
    os.write(requests[1], pack(Count()))
    serve(rig.host, requests[0], answers[1])
    for descriptor in (*requests, answers[1]):
        os.close(descriptor)
