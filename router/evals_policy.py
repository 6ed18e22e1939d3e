"""The policy's section on evals: how much is reviewed, and what a change may cost in quality."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class EvalsPolicy(BaseModel):
    """How many answers are reviewed, by how many, and when a change of this policy is too much or known too little of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sample_per_week: Annotated[int, Field(ge=1, le=10_000)] = 100
    twice_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    """The share of the sample that a second reviewer grades, too."""
    direct_messages: bool = False
    """Whether what only its asker saw may be reviewed, without the asker's name."""
    tolerance: Annotated[float, Field(gt=0, le=0.5)] = 0.02
    """By how much the acceptable rate may drop."""
    min_reviews: Annotated[int, Field(ge=1, le=10_000)] = 30
    """Reviewed answers of each kind that a change would treat otherwise, before it is judged."""
    reviewer_misses: Annotated[float, Field(ge=0, lt=0.5)] = 0.0
    """The share of answers that are not acceptable which a reviewer passes, where it is known."""
    reviewer_alarms: Annotated[float, Field(ge=0, lt=0.5)] = 0.0
    """The share of acceptable answers which a reviewer refuses, where it is known."""
    reviewers: tuple[Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{1,30}$")], ...] = ()
    """Who reviews in Slack's App Home, by Slack's user ids."""
    digest_channel: str = ""
    """Where the weekly digest is posted, by the platform's channel id; nowhere when empty. The week's sample is drawn with it."""
    digest_platform: Literal["slack", "teams", "web"] = "slack"
