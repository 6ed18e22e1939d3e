"""The gateway of a deployment: whether it has one, how it is reached, and what it is told."""

import json
import os
import secrets

from bot.config import Settings, SettingsError
from bot.store.switches import Switches
from router.cascade import KEPT
from router.policy import Policy
from router.portkey import HOSTED, Gateway, base_of, compiled, slots, variable_of
from router.targets import GatewayPolicy
from router.types import PolicyError, Tier

NO_ADDRESS = "the policy has [gateway]: set PORTKEY_GATEWAY_URL (a gateway of your own) or PORTKEY_API_KEY (Portkey's)"
SALT = "gateway.salt"
"""The switch that holds the secret behind the hashes of people: one for all workers, made by the first."""


def gateway_policy(settings: Settings, policy: Policy) -> GatewayPolicy | None:
    """Return what the policy says of the gateway, where there is one: an address turns it on, and so does the policy's section."""
    return policy.gateway or (GatewayPolicy() if settings.portkey_gateway_url else None)


def require_gateway(settings: Settings, policy: Policy) -> None:
    """Raise SettingsError or PolicyError with one line where the gateway that is asked for cannot be used."""
    gateway = gateway_policy(settings, policy)
    if gateway is None:
        return
    if not settings.portkey_gateway_url and settings.portkey_api_key is None:
        raise SettingsError(NO_ADDRESS)
    try:
        for tier in (Tier.SMALL, Tier.FRONTIER):
            _config(gateway, policy, tier)
    except PolicyError as error:
        raise PolicyError(f"{settings.policy}: {error}") from error


async def open_gateway(settings: Settings, policy: Policy, switches: Switches) -> Gateway | None:
    """Return how the gateway is reached, where there is one. Raises StoreUnavailable."""
    gateway = gateway_policy(settings, policy)
    if gateway is None:
        return None
    if not await switches.all(SALT):
        await switches.set(SALT, secrets.token_hex(32))
    # Read back: another worker may have made one at the same moment.
    salt = (await switches.all(SALT))[SALT]
    return Gateway(gateway, address(settings), key_of(settings), salt)


def hears_of_flags(settings: Settings, policy: Policy) -> bool:
    """Whether flags are passed on: where the policy wants it and we have a key, as a gateway of one's own takes no feedback."""
    gateway = gateway_policy(settings, policy)
    return gateway is not None and gateway.feedback and bool(key_of(settings))


def address(settings: Settings) -> str:
    """Return the base address of the gateway's API."""
    return base_of(settings.portkey_gateway_url or HOSTED)


def configs_text(settings: Settings, policy: Policy, tier: Tier | None) -> str:
    """Return the Portkey config of one tier, or of both by name, as JSON; keys are named by their variables. Raises PolicyError."""
    gateway = gateway_policy(settings, policy) or GatewayPolicy()
    if tier:
        return json.dumps(json.loads(_config(gateway, policy, tier)), indent=2)
    both = {each.value: json.loads(_config(gateway, policy, each)) for each in (Tier.SMALL, Tier.FRONTIER)}
    return json.dumps(both, indent=2)


def missing_variables(policy: Policy) -> dict[str, str]:
    """Return, for each model that a gateway is given a key for, the variable that is not set, or nothing."""
    variables = {target.model: variable_of(target) for target in policy.targets()}
    return {model: "" if os.environ.get(name) else name for model, name in variables.items() if name}


def key_of(settings: Settings) -> str:
    """Return our key for the gateway; empty without one."""
    return settings.portkey_api_key.get_secret_value() if settings.portkey_api_key else ""


def _config(gateway: GatewayPolicy, policy: Policy, tier: Tier) -> str:
    seconds = policy.chain.total_s * (1 - KEPT)
    return compiled(gateway, slots(policy.tiers.of(tier).targets, seconds), lambda name: f"${name}", "$SIMULATED_MODELS")
