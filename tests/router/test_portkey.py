"""The policy's targets become a Portkey config, people become hashes, and the response headers tell who answered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.policy import SHIPPED, load_policy
from router.portkey import Slot, base_of, compiled, from_cache, hashed, metadata_of, place_in, slots, variable_of
from router.targets import GatewayPolicy, Target
from router.types import Origin, PolicyError, Tier

ORIGIN = Origin("q_1", "T1", "U0123", '["T1", "public", ""]', fresh=False)


def reference(variable: str) -> str:
    return f"${variable}"


def config_of(*targets: Target, **policy: object) -> dict[str, object]:
    asked = [Slot(target, target.timeout_s) for target in targets]
    parsed: dict[str, object] = json.loads(compiled(GatewayPolicy.model_validate(policy), asked, reference, "http://127.0.0.1:1/v1"))
    return parsed


def target_in(config: dict[str, object]) -> dict[str, object]:
    targets = config["targets"]
    assert isinstance(targets, list)
    assert len(targets) == 1
    entry: dict[str, object] = targets[0]
    return entry


def test_targets_keep_their_order_their_time_and_their_model() -> None:
    config = config_of(Target(model="openai/gpt-5.1", timeout_s=2.5, max_output_tokens=900), Target(model="anthropic/claude-opus-4-5"))
    assert config["strategy"] == {"mode": "fallback", "on_status_codes": [408, 429, 500, 502, 503, 504, 529]}
    assert config["targets"] == [
        {
            "provider": "openai",
            "api_key": "$OPENAI_API_KEY",
            "request_timeout": 2500,
            "override_params": {"model": "gpt-5.1", "max_completion_tokens": 900},
        },
        {
            "provider": "anthropic",
            "api_key": "$ANTHROPIC_API_KEY",
            "request_timeout": 30000,
            "override_params": {"model": "claude-opus-4-5", "max_completion_tokens": 1200},
        },
    ]


def test_a_key_that_portkey_keeps_is_named_and_no_variable_is_needed() -> None:
    target = Target(model="azure/gpt-5", virtual_key="azure-ops")
    entry = target_in(config_of(target))
    assert entry["virtual_key"] == "azure-ops"
    assert "api_key" not in entry
    assert variable_of(target) == ""


def test_a_target_names_its_own_variable_provider_and_address() -> None:
    target = Target(model="acme/tiny", provider="openai", api_key_env="ACME_KEY", api_base="https://llm.acme.test/v1")
    entry = target_in(config_of(target))
    assert (entry["provider"], entry["api_key"], entry["custom_host"]) == ("openai", "$ACME_KEY", "https://llm.acme.test/v1")


def test_simulated_models_are_reached_at_their_address_without_a_key() -> None:
    entry = target_in(config_of(Target(model="simulated/small-b")))
    assert (entry["provider"], entry["custom_host"]) == ("openai", "http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    ("model", "needs"), [("bedrock/claude", "it needs virtual_key"), ("acme/tiny", "it needs virtual_key, or provider and api_key_env")]
)
def test_a_target_that_portkey_cannot_be_told_about_is_refused_with_what_it_needs(model: str, needs: str) -> None:
    with pytest.raises(PolicyError, match=f"^{model}: .*{needs}$"):
        config_of(Target(model=model))


def test_the_shipped_policy_can_go_through_a_gateway() -> None:
    policy = load_policy(SHIPPED)
    for tier in (Tier.SMALL, Tier.FRONTIER):
        assert target_in(config_of(*policy.tiers.of(tier).targets))["api_key"] == "$OPENAI_API_KEY"


def test_portkeys_cache_is_off_until_the_policy_turns_it_on() -> None:
    target = Target(model="openai/gpt-5.1")
    assert "cache" not in config_of(target)
    assert config_of(target, cache="semantic", cache_max_age_s=60)["cache"] == {"mode": "semantic", "max_age": 60}


def test_targets_share_the_seconds_in_their_order() -> None:
    targets = [Target(model=f"openai/{name}", timeout_s=4) for name in "abc"]
    assert [(slot.target.model, slot.seconds) for slot in slots(targets, 6)] == [("openai/a", 4), ("openai/b", 2)]
    assert len(slots(targets, 60)) == 3


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_person_is_told_apart_without_being_told(tenant: str, user: str, other: str) -> None:
    metadata = metadata_of(Origin("q", tenant, user, "", fresh=False), "small", "salt")
    again = metadata_of(Origin("q", tenant, other, "", fresh=False), "small", "salt")
    assert (metadata["_user"] == again["_user"]) == (user == other)
    assert all(len(value) <= 128 for value in metadata.values() if value != tenant)


def test_metadata_name_tenant_and_tier_and_never_the_person() -> None:
    metadata = metadata_of(ORIGIN, "frontier", "salt")
    assert metadata == {"tier": "frontier", "tenant": "T1", "_user": hashed("salt", "T1", "U0123")}
    assert "U0123" not in json.dumps(metadata)
    assert metadata["_user"] != metadata_of(ORIGIN, "frontier", "pepper")["_user"]


@pytest.mark.parametrize(
    ("said", "place"), [("config.targets[0]", 0), ("config.targets[12]", 12), ("config", None), ("", None), ("config.targets[-1]", None)]
)
def test_the_headers_tell_which_target_answered(said: str, place: int | None) -> None:
    assert place_in({"x-portkey-last-used-option-index": said}) == place


def test_the_headers_tell_whether_anybody_is_paid() -> None:
    assert from_cache({"x-portkey-cache-status": "HIT"})
    assert not from_cache({"x-portkey-cache-status": "DISABLED"})
    assert not from_cache({})


@pytest.mark.parametrize("url", ["http://gateway:8787", "http://gateway:8787/", "http://gateway:8787/v1", "http://gateway:8787/v1/"])
def test_a_gateways_address_may_end_in_its_version(url: str) -> None:
    assert base_of(url) == "http://gateway:8787/v1"
