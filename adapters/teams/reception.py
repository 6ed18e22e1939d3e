"""What every handler works with."""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.teams.known import Known
from adapters.teams.options import TeamsOptions
from adapters.teams.speaker import Speaker
from bot.desk import Desk
from router.types import Clock


@dataclass(frozen=True, slots=True)
class Reception:
    """The bot's desk, and what an adapter adds to it."""

    options: TeamsOptions
    desk: Desk
    clock: Clock
    new_id: Callable[[], str]
    speaker: Speaker
    known: Known
