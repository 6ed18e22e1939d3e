"""What a command says of an error: one line, and the exit status."""

from bot.config import SettingsError
from bot.evals.weeks import NotAWeek
from bot.lines import LineError
from bot.store.errors import SchemaOutdated, StoreUnavailable
from bot.store.tags import UnknownTag
from router.types import RouterError

MISUSED = 2
BROKEN = 1
NO_DATABASE = "the database does not answer: `switchboard check` says what to fix"
OURS = "something went wrong inside Switchboard ({kind}). Run it again with SWITCHBOARD_DEBUG=1 to see where, and report it."


def one_line(error: Exception) -> tuple[str, int]:
    """Return what to tell a person, and the exit status: 2 for what they can mend, 1 for a mistake of ours."""
    if isinstance(error, StoreUnavailable):
        return NO_DATABASE, MISUSED
    if isinstance(error, SettingsError | SchemaOutdated | RouterError | LineError | UnknownTag | NotAWeek):
        return " ".join(str(error).split()), MISUSED
    if isinstance(error, OSError) and error.filename:
        # A folder or file that was named to us and that cannot be used, such as SWITCHBOARD_DATA.
        return f"{error.filename}: {error.strerror}", MISUSED
    return OURS.format(kind=type(error).__name__), BROKEN
