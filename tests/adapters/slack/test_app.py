"""The ingress starts only with what it needs, and stops cleanly."""

import itertools
import subprocess
import sys

import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.slack.app import SlackIngress
from adapters.slack.options import PATH, SlackConfigError, SlackOptions
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeDesk
from tests.fakes.slack_payloads import options


def ingress(given: SlackOptions) -> SlackIngress:
    numbers = itertools.count(1)
    return SlackIngress(given, FakeDesk(), clock=FakeClock(), new_id=lambda: f"q_{next(numbers)}")


def addresses(given: SlackOptions) -> list[str]:
    app = web.Application()
    ingress(given).routes(app)
    return [resource.canonical for resource in app.router.resources()]


def test_http_mode_has_one_address() -> None:
    assert addresses(options()) == [PATH]


def test_socket_mode_without_a_signing_secret_has_no_address() -> None:
    assert addresses(options(app_token=SecretStr("xapp-1"), signing_secret=SecretStr(""))) == []


def test_socket_mode_with_a_signing_secret_keeps_the_address() -> None:
    assert addresses(options(app_token=SecretStr("xapp-1"))) == [PATH]


@pytest.mark.parametrize(
    ("given", "name"),
    [(options(signing_secret=SecretStr("")), "SLACK_SIGNING_SECRET"), (options(bot_token=SecretStr("")), "SLACK_BOT_TOKEN")],
)
def test_a_missing_secret_is_refused_in_one_clear_line(given: SlackOptions, name: str) -> None:
    with pytest.raises(SlackConfigError, match=rf"^the Slack [^\n]* is empty: set {name} [^\n]*$"):
        ingress(given)


async def test_it_can_be_stopped_before_it_was_started() -> None:
    await ingress(options(api_url="http://127.0.0.1:9/api/")).stop()


async def test_it_starts_while_slack_is_down() -> None:
    started = ingress(options(api_url="http://127.0.0.1:9/api/"))
    await started.start()
    await started.stop()


def test_secrets_do_not_stand_in_the_options_text() -> None:
    assert "xoxb-1" not in repr(options())


def test_the_courier_does_not_load_bolt() -> None:
    code = "import sys, adapters.slack.courier; print('slack_bolt' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
