"""Reads the commands of Teams's menus out of what was said (pure)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from adapters.teams.inbound import Said
from bot.types import Kind


class Command(StrEnum):
    """What the menus offer."""

    ASK = "ask"
    HELP = "help"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants; for ASK the question stands in `said`, without the command's own word."""

    command: Command
    said: Said


def command(said: Said) -> Asked:
    """Tell a command from a question: its word alone, or `ask` before a question. Nothing at all asks for help."""
    if said.kind is not Kind.ASK:
        return Asked(Command.ASK, said)
    word, _, rest = said.text.partition(" ")
    name = word.removeprefix("/").casefold()
    if name == Command.ASK and rest.strip():
        return Asked(Command.ASK, replace(said, text=rest.strip()))
    alone = said.text.removeprefix("/").casefold()
    if alone in ("", Command.ASK, Command.HELP):
        return Asked(Command.HELP, said)
    return Asked(Command.STATUS if alone == Command.STATUS else Command.ASK, said)
