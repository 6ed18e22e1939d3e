"""Only Slack's own reply addresses are used."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.options import SLACK_API
from adapters.slack.reply_url import Manner, accepted, manner_of

URL = "https://hooks.slack.com/commands/T1/2/x"


def test_slacks_own_address_is_accepted() -> None:
    assert accepted(URL, SLACK_API) == URL


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.evil.example/1",
        "https://evil.example/hooks.slack.com",
        "https://user@hooks.slack.com/1",
        "https://hooks.slack.com@evil.example/1",
        "https://hooks.slack.com:8443/1",
        "https://169.254.169.254/latest/meta-data",
        "https://hооks.slack.com/1",  # noqa: RUF001 (Cyrillic letters that look like Latin ones)
        "https://hooks.slack.com\\@evil.example/1",
        "https://evil.example\n@hooks.slack.com/",
        "//hooks.slack.com/1",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_every_other_address_is_refused(url: str) -> None:
    assert accepted(url, SLACK_API) == ""


def test_the_host_of_a_configured_api_is_accepted_with_its_port_and_scheme() -> None:
    api = "http://127.0.0.1:4000/api/"
    assert accepted("http://127.0.0.1:4000/hooks/1", api) == "http://127.0.0.1:4000/hooks/1"
    assert accepted("http://127.0.0.1:4001/hooks/1", api) == ""
    assert accepted("https://127.0.0.1:4000/hooks/1", api) == ""


@pytest.mark.parametrize("manner", list(Manner))
def test_the_manner_travels_with_the_address(manner: Manner) -> None:
    assert manner_of(accepted(URL, SLACK_API, manner)) is manner


def test_a_payload_cannot_choose_the_manner() -> None:
    assert manner_of(accepted(f"{URL}#replace", SLACK_API)) is Manner.COMMAND


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_without_failing(url: str) -> None:
    assert accepted(url, SLACK_API) in ("", url.split("#", maxsplit=1)[0])
