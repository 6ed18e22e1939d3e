"""The embedded vector index: Qdrant Edge on a folder of this machine, in a process of its own."""

import asyncio
import logging
import signal
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from router.index import IndexFailure, Near, Point, Reason, Vector, collection_name, single
from router.index_attempt import Attempt
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
)

MIN_FREE_BYTES = 128 * 2**20
"""Disk space below which nothing is written. The engine writes through memory maps: a full disk would kill its process, not fail a call."""

BATCH = 64
"""Points in one request: about 2 ms for the process that owns the folder, so that a search need not wait long."""

MAX_WAITING = 256
"""Requests that may wait for the owner of the folder; more would only grow old."""

PATIENCE_S = 30.0
"""How long anything but a search may take; a search's deadline is its caller's."""

RESTART_S = 1.0
CLOSE_S = 10.0

_log = logging.getLogger(__name__)


class EdgeIndex:
    """A VectorIndex and IndexUpkeep on the folder of one collection under `folder`, opened at the first call.

    One process owns a folder; in any other every call fails with `locked`, and works once the owner has closed.
    `name` is the embedder's name and `size` its vectors' size; each pair has a folder of its own. `close_s` is how long
    the owner may take to write out at the end.
    """

    def __init__(self, folder: Path, name: str, size: int, *, min_free_bytes: int = MIN_FREE_BYTES, close_s: float = CLOSE_S) -> None:
        self._folder = folder / collection_name(name, size)
        self._size = size
        self._min_free = min_free_bytes
        self._close_s = close_s
        self._line = Attempt(self._start)
        self._ended: IndexFailure | None = None
        self._not_before = 0.0
        self._closed = False

    async def open(self) -> None:
        """Open the folder now, so that the first search need not wait for it."""
        await self._bounded(Open())

    async def nearest(self, vector: Vector, scope: str, entities: str, *, now: float, limit: int) -> tuple[Near, ...]:
        """See `VectorIndex.nearest`."""
        reply = await self._ask(Search(single(vector, self._size), scope, entities, now, limit))
        return reply.near if isinstance(reply, Found) else ()

    async def put(self, points: Sequence[Point]) -> None:
        """See `VectorIndex.put`; it goes in batches and stops at the first that fails."""
        for first in range(0, len(points), BATCH):
            batch = points[first : first + BATCH]
            await self._bounded(Put(tuple(replace(point, vector=single(point.vector, self._size)) for point in batch)))

    async def remove(self, ids: Sequence[str]) -> None:
        """See `VectorIndex.remove`."""
        if ids:
            await self._bounded(Remove(tuple(ids)))

    async def remove_about(self, keys: Sequence[str]) -> None:
        """See `IndexUpkeep.remove_about`."""
        if keys:
            await self._bounded(RemoveAbout(tuple(keys)))

    async def remove_expired(self, now: float) -> None:
        """See `IndexUpkeep.remove_expired`."""
        await self._bounded(RemoveExpired(now))

    async def count(self) -> int:
        """See `VectorIndex.count`."""
        reply = await self._bounded(Count())
        return reply.count if isinstance(reply, Done) else 0

    async def clear(self) -> None:
        """See `VectorIndex.clear`."""
        await asyncio.sleep(max(0.0, self._not_before - asyncio.get_running_loop().time()))
        await self._bounded(Clear())

    async def close(self) -> None:
        """See `VectorIndex.close`; waits until the owner of the folder has written it out and is gone."""
        self._closed = True
        line = await self._line.end()
        if line is not None:
            await line.close(self._close_s)

    async def _bounded(self, request: Request) -> Done | Found:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._ask(request)
        except TimeoutError as error:
            raise IndexFailure(Reason.SLOW, f"no answer in {PATIENCE_S:.0f} s") from error

    async def _ask(self, request: Request) -> Done | Found:
        if self._closed:
            raise IndexFailure(Reason.DOWN, "the index is closed")
        line = await self._line.get()
        if line.ended is not None:
            self._line.drop()
            line = await self._line.get()
        reply = await line.ask(request)
        if isinstance(reply, Refused):
            raise IndexFailure(reply.reason, reply.detail)
        return reply

    async def _start(self) -> "_Line":
        """Start the owner of the folder, unless one has only just ended: a crash must not become a storm of processes."""
        now = asyncio.get_running_loop().time()
        if self._ended is not None and now < self._not_before:
            raise IndexFailure(self._ended.reason, self._ended.detail)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "router.index_edge_host",
                str(self._folder),
                str(self._size),
                str(self._min_free),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # the engine prints whole stacks there; what it says comes as an answer, too
            )
        except OSError as error:
            raise IndexFailure(Reason.DOWN, f"cannot start the index process: {error.strerror}") from error
        return _Line(process, self._lost)

    def _lost(self, failure: IndexFailure) -> None:
        """Note that the owner of the folder ended by itself."""
        if not self._closed:
            _log.warning("%s; it is started again when it is next needed", failure)
        self._ended = failure
        self._not_before = asyncio.get_running_loop().time() + RESTART_S


class _Line:
    """The two pipes to one process. Its answers come in the order of the requests; one that nobody waits for is dropped."""

    def __init__(self, process: asyncio.subprocess.Process, lost: Callable[[IndexFailure], None]) -> None:
        self._process = process
        self._lost = lost
        self._waiting: deque[asyncio.Future[Reply]] = deque()
        self._reader = asyncio.create_task(self._read())
        self.ended: IndexFailure | None = None

    async def ask(self, request: Request) -> Reply:
        """Send a request and wait for its answer; Refused when the process ends before it answers."""
        if self.ended is not None:
            return Refused(self.ended.reason, self.ended.detail)
        if len(self._waiting) >= MAX_WAITING or self._process.stdin is None:
            return Refused(Reason.SLOW, f"{len(self._waiting)} requests are waiting")
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self._process.stdin.write(pack(request))
        return await answer

    async def close(self, patience_s: float) -> None:
        """End the process by closing its pipe, and by force when that takes longer."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        done, _ = await asyncio.wait({self._reader}, timeout=patience_s)
        if not done:
            self._process.kill()
            await asyncio.wait({self._reader})

    async def _read(self) -> None:
        """Hand every answer to who asked, until the process ends."""
        answers = self._process.stdout
        while answers is not None:
            try:
                size = HEAD.unpack(await answers.readexactly(HEAD.size))[0]
                reply = unpack_reply(await answers.readexactly(size))
            except (asyncio.IncompleteReadError, OSError):
                break
            self._answer(reply)
        self.ended = _failure_of(await self._process.wait())
        self._lost(self.ended)
        while self._waiting:
            self._answer(Refused(self.ended.reason, self.ended.detail))

    def _answer(self, reply: Reply) -> None:
        waiting = self._waiting.popleft()
        if not waiting.done():
            waiting.set_result(reply)


def _failure_of(status: int) -> IndexFailure:
    """Explain how a process ended. SIGBUS is how a memory map tells that the disk has no room for its page."""
    if status == -signal.SIGBUS:
        return IndexFailure(Reason.FULL, "the disk could not take a page of the index")
    how = f"by signal {-status}" if status < 0 else f"with status {status}"
    return IndexFailure(Reason.BROKEN, f"the index process ended {how}")
