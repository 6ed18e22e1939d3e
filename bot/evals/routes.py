"""Who would answer a question under a policy: its routing and cache decisions, without a model (pure but for what is remembered)."""

from dataclasses import dataclass
from functools import lru_cache

from router.difficulty import decide
from router.policy import Channel, Policy
from router.sameness import compare, read
from router.types import Mode, Tier

READINGS, DECISIONS = 20_000, 200_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the earlier one whose answer might be served for it; `likeness` is that of their wordings (cosine)."""

    text: str
    earlier: str = ""
    likeness: float = 0.0
    threaded: bool = False
    channel: str = ""


_read = lru_cache(READINGS)(read)
_decide = lru_cache(DECISIONS)(decide)


class Routes:
    """The decisions of one policy. `default_similarity` is the embedder's threshold, where the policy names none.

    With `by_channel` a channel's own tier and mode hold; else every question is decided as if no channel had its own.
    """

    def __init__(self, policy: Policy, default_similarity: float, *, by_channel: bool) -> None:
        self._policy = policy
        self._similarity = default_similarity if policy.cache.similarity is None else policy.cache.similarity
        self._channels = policy.channels if by_channel else {}

    def tier(self, asked: Asked) -> Tier:
        """Return who answers, where no budget or failure decides otherwise."""
        policy, channel = self._policy, self._channels.get(asked.channel, Channel())
        mode = channel.mode or policy.mode
        decision = _decide(asked.text, policy.routing, has_context=asked.threaded)
        if mode is Mode.ON and policy.cache.mode is Mode.ON and policy.ttl.of(decision.volatility) and self._is_known(asked):
            return Tier.CACHE
        if channel.tier:
            return Tier(channel.tier)
        return decision.tier if mode is Mode.ON else Tier.FRONTIER

    def _is_known(self, asked: Asked) -> bool:
        """Whether the earlier answer would be served."""
        return bool(asked.earlier) and compare(_read(asked.earlier), _read(asked.text), asked.likeness, self._similarity).same


def set_apart(policy: Policy) -> frozenset[str]:
    """Return the channels in which something else than the thresholds decides who answers."""

    def apart(channel: Channel) -> bool:
        return channel.tier is not None or not channel.enabled or (channel.mode or policy.mode) is not policy.mode

    return frozenset(name for name, channel in policy.channels.items() if apart(channel))
