"""A tier's targets as a Portkey config, and what Portkey's response headers say of who answered. Pure: no SDK, no network.

Portkey's config: portkey.ai/docs/api-reference/inference-api/config-object. Its headers: @portkey-ai/gateway 1.15.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from router.simulated.models import PROVIDER as SIMULATED
from router.targets import GatewayPolicy, Target
from router.types import Origin, PolicyError

HOSTED = "https://api.portkey.ai/v1"

INDEX = "x-portkey-last-used-option-index"
PROVIDER = "x-portkey-provider"
CACHE = "x-portkey-cache-status"

HITS = frozenset({"HIT", "SEMANTIC HIT"})
"""What the cache header says when no provider was called."""

DIGITS = 32

_PLACE = re.compile(r"config\.targets\[(\d+)\]")
_NO_HOST = frozenset({"azure", "azure_ai", "bedrock", "sagemaker", "vertex_ai"})
"""Providers of LiteLLM that need more than one key, which Portkey keeps as a virtual key."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway: what the policy says of it, its API's base address, our key for it, and the secret behind our hashes of people."""

    policy: GatewayPolicy
    base: str
    api_key: str
    salt: str


@dataclass(frozen=True, slots=True)
class Known:
    """A provider: Portkey's name for it, and the variable that its key is in."""

    name: str
    variable: str


KNOWN: Mapping[str, Known] = {
    "openai": Known("openai", "OPENAI_API_KEY"),
    "anthropic": Known("anthropic", "ANTHROPIC_API_KEY"),
    "gemini": Known("google", "GEMINI_API_KEY"),
    "mistral": Known("mistral-ai", "MISTRAL_API_KEY"),
    "cohere": Known("cohere", "COHERE_API_KEY"),
    "groq": Known("groq", "GROQ_API_KEY"),
    "deepseek": Known("deepseek", "DEEPSEEK_API_KEY"),
    "xai": Known("x-ai", "XAI_API_KEY"),
    "openrouter": Known("openrouter", "OPENROUTER_API_KEY"),
    "together_ai": Known("together-ai", "TOGETHERAI_API_KEY"),
    "fireworks_ai": Known("fireworks-ai", "FIREWORKS_AI_API_KEY"),
    "perplexity": Known("perplexity-ai", "PERPLEXITYAI_API_KEY"),
}
"""LiteLLM's prefixes of the providers that both know and that need one key."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A target and the seconds that it gets."""

    target: Target
    seconds: float


def slots(targets: Sequence[Target], seconds: float) -> tuple[Slot, ...]:
    """Share seconds out: each target gets its `timeout_s` while they last. The first one always gets some."""
    shared: list[Slot] = []
    for target in targets:
        left = seconds - sum(slot.seconds for slot in shared)
        if shared and left <= 0:
            break
        shared.append(Slot(target, min(target.timeout_s, left)))
    return tuple(shared)


def compiled(policy: GatewayPolicy, asked: Sequence[Slot], key: Callable[[str], str], simulated: str = "") -> str:
    """Return the Portkey config, as JSON, of targets that are asked in order.

    `key` gives what stands for the key in a variable: the key itself, or a reference. `simulated` is the address of the simulated
    models. Raises PolicyError for a target that Portkey cannot be told about.
    """
    config: dict[str, object] = {
        "strategy": {"mode": "fallback", "on_status_codes": list(policy.on_status_codes)},
        "targets": [_target(slot, key, simulated) for slot in asked],
    }
    if policy.cache != "off":
        config["cache"] = {"mode": policy.cache, "max_age": policy.cache_max_age_s}
    return json.dumps(config)


def variable_of(target: Target) -> str:
    """Return the variable that a target's key is in; empty when Portkey keeps the key or none is needed. Raises PolicyError."""
    if target.virtual_key or target.model.startswith(SIMULATED):
        return ""
    return target.api_key_env or _known(target).variable


def bare(model: str) -> str:
    """Return a model's name without its provider."""
    return model.partition("/")[2] or model


def hashed(salt: str, *parts: str) -> str:
    """Return a keyed hash by which Portkey can tell people or scopes apart, and nobody can tell who they are."""
    return hmac.new(salt.encode(), json.dumps(parts).encode(), hashlib.sha256).hexdigest()[:DIGITS]


def metadata_of(origin: Origin | None, tier: str, salt: str) -> dict[str, str]:
    """Return what Portkey is told about a question, for its reports."""
    if origin is None:
        return {"tier": tier}
    return {"tier": tier, "tenant": origin.tenant, "_user": hashed(salt, origin.tenant, origin.user)}


def place_in(headers: Mapping[str, str]) -> int | None:
    """Return which of the config's targets a response comes from; None when it is the gateway's own."""
    found = _PLACE.fullmatch(headers.get(INDEX, ""))
    return int(found[1]) if found else None


def from_cache(headers: Mapping[str, str]) -> bool:
    """Whether Portkey answered from its cache, so that nobody is paid."""
    return headers.get(CACHE, "") in HITS


def base_of(url: str) -> str:
    """Return the base of the API at a gateway's address, with or without its `/v1`."""
    return url.rstrip("/").removesuffix("/v1") + "/v1"


def _target(slot: Slot, key: Callable[[str], str], simulated: str) -> dict[str, object]:
    target = slot.target
    entry: dict[str, object] = {
        "request_timeout": round(slot.seconds * 1000),
        "override_params": {"model": bare(target.model), "max_completion_tokens": target.max_output_tokens},
    }
    if target.model.startswith(SIMULATED):
        return {"provider": "openai", "api_key": "simulated", "custom_host": simulated} | entry
    if target.api_base:
        entry["custom_host"] = target.api_base
    if target.virtual_key:
        return {"virtual_key": target.virtual_key} | entry
    return {"provider": target.provider or _known(target).name, "api_key": key(variable_of(target))} | entry


def _known(target: Target) -> Known:
    """Return a target's provider. Raises PolicyError when the policy has to say more."""
    prefix = target.model.partition("/")[0] if "/" in target.model else "openai"
    known = KNOWN.get(prefix)
    if known:
        return known
    needs = "virtual_key" if prefix in _NO_HOST else "virtual_key, or provider and api_key_env"
    raise PolicyError(f"{target.model}: to be asked through Portkey it needs {needs}")
