"""The process that owns a Qdrant Edge folder and answers its worker, one request after another, over two pipes.

Each call of the engine holds Python's global lock until it returns (measured with 0.9.0: loading 0.5-1.7 s and flushing
20-300 ms at 100,000 points), so a thread would stop the worker's event loop; a process does not. It also keeps a crash of
the engine, such as a full disk under its memory maps, away from the worker.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from router.index import IndexFailure, Reason
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
    unpack_request,
)
from router.index_shard import Shard
from router.index_upkeep import TIDY_AFTER, Task, Upkeep

RETRY_S = 1.0
"""A folder that could not be opened is tried again this much later."""


class Host:
    """Answers requests from a shard. `clock` gives seconds that only go forward."""

    def __init__(self, shard: Shard, clock: Callable[[], float] = time.monotonic) -> None:
        self._shard = shard
        self._clock = clock
        self._upkeep = Upkeep()
        self._failure: IndexFailure | None = None
        self._retry_at = 0.0

    def answer(self, request: Request) -> Reply:
        """Do what is asked. A failure is an answer too; after one the folder is opened anew."""
        try:
            if isinstance(request, Clear):
                self._shard.clear()
            else:
                self._open()
            reply = self._done(request)
        except IndexFailure as failure:
            self._recover(failure)
            return Refused(failure.reason, failure.detail)
        self._failure = None
        return reply

    def tend(self, *, idle: bool) -> None:
        """Flush or tidy if it is due."""
        task = self._upkeep.due(self._clock(), idle=idle)
        if task is None:
            return
        self._upkeep.did(task)
        try:
            (self._shard.tidy if task is Task.TIDY else self._shard.flush)()
        except IndexFailure as failure:
            self._recover(failure)  # the next request meets the failure if it lasts

    def wait_s(self) -> float | None:
        """Return how long to wait for a request before tending, None for as long as it takes."""
        return self._upkeep.wait_s(self._clock())

    def close(self) -> None:
        """Write out and let go."""
        self._shard.close()

    def _recover(self, failure: IndexFailure) -> None:
        """Have the folder loaded anew after a failure. A full disk or a wrong vector leaves what is open as good as it was."""
        if failure.reason not in (Reason.WRONG_SIZE, Reason.FULL):
            self._shard.reset()

    def _open(self) -> None:
        if self._failure is not None and self._clock() < self._retry_at:
            raise self._failure
        try:
            if self._shard.open():
                self._upkeep = Upkeep(untidied=TIDY_AFTER)  # what the folder went through before is not known
        except IndexFailure as failure:
            self._failure = failure
            self._retry_at = self._clock() + RETRY_S
            raise

    def _done(self, request: Request) -> Reply:
        match request:
            case Search(vector, scope, entities, now, limit):
                return Found(self._shard.nearest(vector, scope, entities, now, limit))
            case Count():
                return Done(self._shard.count())
            case Open() | Clear():
                return Done()
            case _:
                return self._changed(request)

    def _changed(self, request: Put | Remove | RemoveAbout | RemoveExpired) -> Done:
        match request:
            case Put(points):
                self._shard.put(points)
                touched = len(points)
            case Remove(ids):
                self._shard.remove(ids)
                touched = len(ids)
            case RemoveAbout(keys):
                touched = self._shard.remove_about(keys)
            case RemoveExpired(now):
                touched = self._shard.remove_expired(now)
        self._upkeep.changed(touched, self._clock())
        return Done(touched)


def serve(host: Host, source: int, sink: int) -> None:
    """Answer requests from one file descriptor on another until the first ends or the second closes."""
    try:
        while True:
            ready = select.select([source], [], [], host.wait_s())[0]
            if not ready:
                host.tend(idle=True)
                continue
            body = _read(source)
            if body is None:
                break
            _write(sink, pack(host.answer(unpack_request(body))))
            host.tend(idle=False)
    except BrokenPipeError:
        pass
    finally:
        host.close()


def _read(source: int) -> bytes | None:
    """Read one message; None at the end of the stream."""
    head = _read_exactly(source, HEAD.size)
    return None if head is None else _read_exactly(source, HEAD.unpack(head)[0])


def _read_exactly(source: int, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(source, size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _write(sink: int, message: bytes) -> None:
    view = memoryview(message)
    while view:
        view = view[os.write(sink, view) :]


def main() -> None:
    """Serve `FOLDER SIZE MIN_FREE_BYTES` on standard input and output.

    It ends when its worker closes the pipe or dies, not by a signal that is meant for the worker.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    folder, size, min_free = sys.argv[1:]
    sink = os.dup(1)
    os.dup2(2, 1)  # whatever else writes to standard output must not get between the answers
    serve(Host(Shard(Path(folder), int(size), int(min_free))), 0, sink)


if __name__ == "__main__":
    main()
