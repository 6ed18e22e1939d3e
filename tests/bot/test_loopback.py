"""This machine's own names are told from all others."""

import pytest

from bot.loopback import names_loopback


@pytest.mark.parametrize("host", ["localhost", "localhost:3978", "127.0.0.1:80", "127.9.9.9", "[::1]:3978", "[::1]"])
def test_a_name_of_this_machine_is_recognised_with_and_without_a_port(host: str) -> None:
    assert names_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "localhost.evil.example", "127.0.0.1.evil.example:80", "8.8.8.8", "10.0.0.1", "[::1", "::1:x@y", "evil:1"]
)
def test_any_other_name_is_not(host: str) -> None:
    assert not names_loopback(host)
