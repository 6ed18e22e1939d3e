"""The process that draws a page's plots, one after another, over two pipes.

Importing the plotting library takes a second, and drawing holds Python's global lock until it is done (measured with
vl-convert 1.9: 460 ms for the first plot, 50 ms for the next), so a thread would stop the ingress's event loop.
"""

import os
import pickle
import select
import signal
import struct
import sys
from typing import BinaryIO

from bot.plots import report_panel
from bot.plots_by_day import answers_by_day, spending_by_day
from bot.plots_look import DARK, LIGHT, Chart, svg
from bot.sketches import AnswersByDay, Sketch, SpendingByDay

HEAD = struct.Struct("<I")
"""A message's length in bytes comes before it."""
IDLE_S = 600.0
"""Who draws nothing for so long ends, and lets its memory go; the next plot starts another."""


def draw(sketch: Sketch) -> str:
    """Draw a plot as SVG."""
    look = DARK if sketch.dark else LIGHT
    return svg(_chart(sketch), look)


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Draw what comes until nothing does any more."""
    while select.select([requests], [], [], IDLE_S)[0]:
        head = requests.read(HEAD.size)
        if len(head) < HEAD.size:
            return
        sketch: Sketch = pickle.loads(requests.read(HEAD.unpack(head)[0]))  # noqa: S301 (both ends are this program)
        drawn = draw(sketch).encode()
        replies.write(HEAD.pack(len(drawn)) + drawn)
        replies.flush()


def _chart(sketch: Sketch) -> Chart:
    subject, look = sketch.subject, DARK if sketch.dark else LIGHT
    if isinstance(subject, AnswersByDay):
        return answers_by_day(subject.days, look)
    if isinstance(subject, SpendingByDay):
        return spending_by_day(subject.days, look)
    return report_panel(subject.report, subject.panel, look)


def main() -> None:
    """Serve the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the ingress, whose end closes our pipe
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no reply
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
