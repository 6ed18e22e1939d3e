"""A command's error is one line: what a person can mend with 2, our own mistakes with 1 and without their text."""

import pytest

from bot.config import SettingsError
from bot.errors import NO_DATABASE, one_line
from bot.lines import LineError
from bot.store.errors import LeaseLost, SchemaOutdated, StoreUnavailable
from router.types import PolicyError

HERE = OSError(20, "Not a directory", "file/data")
NOWHERE = ConnectionRefusedError(111, "secret of a peer")


@pytest.mark.parametrize("kind", [SettingsError, PolicyError, SchemaOutdated, LineError])
def test_what_a_person_can_mend_is_said_in_one_line(kind: type[Exception]) -> None:
    assert one_line(kind("first\n  second")) == ("first second", 2)


def test_a_lost_database_is_said_without_the_driver_s_words() -> None:
    assert one_line(StoreUnavailable("OperationalError: secret")) == (NO_DATABASE, 2)


def test_a_file_that_cannot_be_used_is_named() -> None:
    assert one_line(HERE) == ("file/data: Not a directory", 2)


@pytest.mark.parametrize("error", [RuntimeError("secret"), ValueError("secret"), LeaseLost("secret"), TimeoutError(), NOWHERE])
def test_a_mistake_of_ours_is_owned_without_its_text(error: Exception) -> None:
    said, status = one_line(error)
    assert status == 1
    assert f"({type(error).__name__})" in said
    assert "secret" not in said
