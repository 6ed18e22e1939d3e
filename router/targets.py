"""The part of the policy that says which models are asked and how: targets, tiers, the chain's limits, the gateway."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from router.types import Tier

STATUS_CODES = (408, 429, 500, 502, 503, 504, 529)
"""HTTP statuses of a provider that is busy or broken. After others, such as a refused key, the chain goes on: it tells what it was."""

Variable = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$")]
"""The name of an environment variable."""


class Section(BaseModel):
    """A table of the policy."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(Section):
    """One model that a tier may ask, as LiteLLM names it, and how long it may take."""

    model: Annotated[str, Field(min_length=3)]
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    first_byte_s: Annotated[float, Field(gt=0, le=600)] | None = None
    """Ask for a stream, and leave the target when it is silent for so long: before its first byte, or in the middle of its answer."""
    max_output_tokens: Annotated[int, Field(ge=16, le=128_000)] = 1200
    api_base: str | None = None
    api_key_env: Variable | None = None
    """The variable of its key, where it is not the provider's own."""
    provider: str | None = None
    """Portkey's name of the provider, where it is not LiteLLM's."""
    virtual_key: str | None = None
    """The name of a key that Portkey keeps."""

    @model_validator(mode="after")
    def _silence_ends_before_the_answer(self) -> "Target":
        if self.first_byte_s is not None and self.first_byte_s > self.timeout_s:
            raise ValueError(f"`first_byte_s` is longer than `timeout_s` ({self.timeout_s:g})")
        return self

    @property
    def place(self) -> str:
        """The provider and model that a breaker guards: the same model at another address or with another key is another place."""
        return "|".join((self.model, self.api_base or "", self.api_key_env or "", self.virtual_key or ""))


class TierPolicy(Section):
    """A tier's targets, asked in order until one answers."""

    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=3)]


class Tiers(Section):
    """The two tiers that call a model."""

    small: TierPolicy
    frontier: TierPolicy

    def of(self, tier: Tier) -> TierPolicy:
        """Return the policy of `small` or `frontier`."""
        return self.small if tier is Tier.SMALL else self.frontier


class ChainPolicy(Section):
    """What a question may use before it is told that nobody answered."""

    max_calls: Annotated[int, Field(ge=1, le=6)] = 3
    """Calls over all tiers; the last one is kept for the other tier."""
    total_s: Annotated[float, Field(gt=0, le=1800)] = 90.0
    """Seconds over all tiers; a quarter of them is kept for the other tier."""
    wait_s: Annotated[float, Field(ge=0, le=30)] = 2.0
    """A tier's only target that is rate limited for no longer than this is asked again after it."""


class GatewayPolicy(Section):
    """A gateway that the models are asked through, and that falls back on its own. Its address and key come from the environment."""

    kind: Literal["portkey"] = "portkey"
    on_status_codes: Annotated[tuple[Annotated[int, Field(ge=400, le=599)], ...], Field(min_length=1)] = STATUS_CODES
    """The HTTP statuses after which the gateway asks the next target."""
    cache: Literal["off", "simple", "semantic"] = "off"
    """Portkey's own cache, kept apart for each scope. A flag on an answer does not reach it."""
    cache_max_age_s: Annotated[int, Field(ge=60)] = 3600
    logs: Literal["metrics", "full"] = "metrics"
    """Whether Portkey keeps questions and answers, too."""
    feedback: bool = True
    """Whether a thumbs-down is sent to Portkey, where PORTKEY_API_KEY is set."""
