"""Has plots drawn by a process of its own, and keeps the last ones."""

import asyncio
import contextlib
import logging
import pickle
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict

from bot.sketches import Sketch

HEAD = struct.Struct("<I")
KEPT = 64
"""Plots that are kept."""
TIMEOUT_S = 30.0
"""For a plot of a process that has yet to import the plotting library, on a busy machine."""
HOST = "bot.plots_host"

_log = logging.getLogger(__name__)


class CannotDraw(Exception):  # noqa: N818 (says what happened)
    """The plot was not drawn: the process ended, or took too long."""


class Easel:
    """Draws one plot at a time; the process starts with the first."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S, host: str = HOST) -> None:
        self._timeout_s = timeout_s
        self._host = host
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._drawn: OrderedDict[Sketch, bytes] = OrderedDict()

    async def draw(self, sketch: Sketch) -> bytes:
        """Return a plot as SVG. Raises CannotDraw."""
        async with self._turn:
            if sketch not in self._drawn:
                self._drawn[sketch] = await self._draw(sketch)
            self._drawn.move_to_end(sketch)
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
            return self._drawn[sketch]

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _draw(self, sketch: Sketch) -> bytes:
        fresh = self._process is None
        try:
            return await self._ask(sketch)
        except CannotDraw:
            # A process that was there may just have ended for want of work.
            if fresh:
                raise
        return await self._ask(sketch)

    async def _ask(self, sketch: Sketch) -> bytes:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await _exchange(await self._started(), sketch)
        except BaseException as error:
            await self.close()  # half an answer may be left in its pipe
            if isinstance(error, OSError | TimeoutError | asyncio.IncompleteReadError):
                _log.warning("a plot was not drawn: %s", type(error).__name__)
                raise CannotDraw from error
            raise

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(sys.executable, "-m", self._host, stdin=PIPE, stdout=PIPE)
        return self._process


async def _exchange(process: Process, sketch: Sketch) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    body = pickle.dumps(sketch)
    process.stdin.write(HEAD.pack(len(body)) + body)
    await process.stdin.drain()
    size = HEAD.unpack(await process.stdout.readexactly(HEAD.size))[0]
    return await process.stdout.readexactly(size)
