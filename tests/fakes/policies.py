"""Policies for tests."""

from router.policy import Policy, parse_policy

SIMULATED = """
[tiers.small]
targets = [{ model = "simulated/small" }]
[tiers.frontier]
targets = [{ model = "simulated/frontier" }]
"""


def make_policy(extra: str = "") -> Policy:
    """Make a policy over simulated models; `extra` is TOML that goes before its tables."""
    return parse_policy(extra + SIMULATED, "test policy")
