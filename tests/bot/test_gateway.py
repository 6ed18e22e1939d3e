"""A gateway is used where it is configured, tried by `check`, and shown its config without a key."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.check import check_all
from bot.config import SettingsError, load_settings
from bot.deployment import read_deployment
from bot.gateway import NO_ADDRESS, SALT, configs_text, gateway_policy, open_gateway
from bot.store.database import Database
from bot.store.store import make_store
from router.policy import SHIPPED, load_policy
from router.types import PolicyError, Tier
from tests.fakes.clock import FakeClock
from tests.fakes.policies import SIMULATED, make_policy
from tests.fakes.portkey_api import FakePortkey
from tests.fakes.portkey_gateway import running_gateway

GATEWAY = '[gateway]\nkind = "portkey"\n'


@pytest.fixture
async def portkey() -> AsyncIterator[FakePortkey]:
    fake = FakePortkey(key="pk-right")
    await fake.start()
    yield fake
    await fake.stop()


def environ(folder: Path, policy: str = SIMULATED, **more: str) -> dict[str, str]:
    """The environment of a deployment with the chat page, in a folder of its own."""
    path = folder / "policy.toml"
    path.write_text(policy + "[web]\nenabled = true\n", encoding="utf-8")
    return {"SWITCHBOARD_POLICY": str(path), "SWITCHBOARD_DATA": str(folder / "data")} | more


async def gateway_finding(environment: dict[str, str]) -> tuple[bool, str, str]:
    (found,) = [finding for finding in (await check_all(environment)).findings if finding.name == "gateway"]
    return found.fine, found.detail, found.fix


# ---- is there one


def test_an_address_or_the_policys_section_turns_the_gateway_on() -> None:
    nothing, addressed = load_settings({}), load_settings({"PORTKEY_GATEWAY_URL": "http://127.0.0.1:8787"})
    assert gateway_policy(nothing, make_policy()) is None
    assert gateway_policy(addressed, make_policy()) is not None
    assert gateway_policy(nothing, make_policy(GATEWAY)) is not None
    assert gateway_policy(load_settings({"PORTKEY_API_KEY": "pk"}), make_policy()) is None, "a key alone may be for something else"


def test_a_section_without_an_address_or_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read_deployment(environ(tmp_path, GATEWAY + SIMULATED))
    assert str(refused.value) == NO_ADDRESS


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^PORTKEY_GATEWAY_URL must start with http"):
        load_settings({"PORTKEY_GATEWAY_URL": "127.0.0.1:8787"})


def test_a_model_that_the_gateway_cannot_be_told_about_is_refused_at_the_start(tmp_path: Path) -> None:
    policy = SIMULATED.replace("simulated/small", "azure/gpt-5-mini")
    with pytest.raises(PolicyError, match=r"azure/gpt-5-mini: to be asked through Portkey it needs virtual_key$"):
        read_deployment(environ(tmp_path, policy, PORTKEY_GATEWAY_URL="http://127.0.0.1:8787"))


async def test_all_workers_hash_people_with_one_secret(database: Database) -> None:
    store = make_store(database, FakeClock())
    settings = load_settings({"PORTKEY_API_KEY": "pk-right"})
    first = await open_gateway(settings, make_policy(GATEWAY), store.switches)
    second = await open_gateway(settings, make_policy(GATEWAY), store.switches)
    assert first
    assert second
    assert first.salt == second.salt == (await store.switches.all(SALT))[SALT]
    assert len(first.salt) == 64
    assert (first.base, first.api_key) == ("https://api.portkey.ai/v1", "pk-right")


# ---- check


async def test_check_finds_the_real_gateway(tmp_path: Path) -> None:
    async with running_gateway() as url:
        fine, detail, fix = await gateway_finding(environ(tmp_path, PORTKEY_GATEWAY_URL=url))
    assert (fine, detail, fix) == (True, f"{url}: it answers", "")


async def test_check_says_that_a_gateway_is_down(tmp_path: Path) -> None:
    fine, detail, fix = await gateway_finding(environ(tmp_path, PORTKEY_GATEWAY_URL="http://127.0.0.1:9"))
    assert (fine, detail) == (False, "http://127.0.0.1:9/v1: it does not answer")
    assert "PORTKEY_GATEWAY_URL" in fix


@pytest.mark.parametrize(("key", "fine"), [("pk-right", True), ("pk-wrong", False)])
async def test_check_says_whether_our_key_is_accepted(tmp_path: Path, portkey: FakePortkey, key: str, fine: bool) -> None:  # noqa: FBT001
    found = await gateway_finding(environ(tmp_path, PORTKEY_GATEWAY_URL=portkey.base, PORTKEY_API_KEY=key))
    assert found[0] is fine
    assert ("PORTKEY_API_KEY" in found[2]) is not fine
    assert key not in " ".join(found[1:])


async def test_check_does_not_take_another_server_for_a_gateway(tmp_path: Path, portkey: FakePortkey) -> None:
    portkey.key, portkey.status = "", 404
    fine, detail, _ = await gateway_finding(environ(tmp_path, PORTKEY_GATEWAY_URL=portkey.base))
    assert (fine, detail.endswith("with HTTP 404, but no Portkey gateway")) == (False, True)


async def test_check_names_the_keys_that_the_gateway_is_not_given(
    tmp_path: Path, portkey: FakePortkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    policy = SIMULATED.replace("simulated/small", "openai/gpt-5-mini").replace(
        '"simulated/frontier"', '"openai/gpt-5.1", virtual_key = "openai-ops"'
    )
    report = await check_all(environ(tmp_path, policy, PORTKEY_GATEWAY_URL=portkey.base, PORTKEY_API_KEY="pk-right"))
    named = {finding.name: finding.fix for finding in report.findings if finding.name.startswith("model ")}
    assert named == {"model openai/gpt-5-mini": "set OPENAI_API_KEY"}


# ---- the compiled config


def test_the_config_names_keys_and_never_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    text = configs_text(load_settings({}), load_policy(SHIPPED), None)
    assert "sk-very-secret" not in text
    assert {tier: config["targets"][0]["api_key"] for tier, config in json.loads(text).items()} == {
        "small": "$OPENAI_API_KEY",
        "frontier": "$OPENAI_API_KEY",
    }


def test_one_tiers_config_is_the_whole_document() -> None:
    config = json.loads(configs_text(load_settings({}), load_policy(SHIPPED), Tier.SMALL))
    assert config["targets"][0]["override_params"]["model"] == "gpt-5-mini"
