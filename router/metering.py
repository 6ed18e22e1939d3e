"""Collects what is spent beside the models' answers: whoever pays opens a meter, and whoever calls notes the call."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from router.types import Attempt

_open: ContextVar[list[Attempt] | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[list[Attempt]]:
    """Yield the list into which the calls are noted that are made meanwhile, here and in tasks that start here."""
    made: list[Attempt] = []
    before = _open.set(made)
    try:
        yield made
    finally:
        _open.reset(before)


def note(attempt: Attempt) -> None:
    """Note a call with whoever opened the nearest meter; without one nobody keeps a ledger."""
    made = _open.get()
    if made is not None:
        made.append(attempt)
