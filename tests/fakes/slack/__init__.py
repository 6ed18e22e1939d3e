"""A stateful fake of Slack for tests: `async with FakeSlack() as slack:`, then let people talk and look at what the app did."""

from tests.fakes.slack.audit import assert_no_unfurls, live_mentions, shown_text
from tests.fakes.slack.delivery import FORGED, FUTURE, GOOD, OLD, UNSIGNED, Delivery, Retry, Signature, Signing, Try
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.faults import (
    EVERY,
    FOREVER,
    Fault,
    FaultKind,
    accepted_then_reset,
    hang,
    rate_limited,
    refuse,
    reset_before,
    server_error,
    slow,
)
from tests.fakes.slack.people import Person, Said, Submitted
from tests.fakes.slack.records import ApiCall, Channel, ChannelKind, Message, Reaction, User, View
from tests.fakes.slack.workspace import Workspace

__all__ = [
    "EVERY",
    "FOREVER",
    "FORGED",
    "FUTURE",
    "GOOD",
    "OLD",
    "UNSIGNED",
    "ApiCall",
    "Channel",
    "ChannelKind",
    "Delivery",
    "FakeSlack",
    "Fault",
    "FaultKind",
    "Message",
    "Person",
    "Reaction",
    "Retry",
    "Said",
    "Signature",
    "Signing",
    "Submitted",
    "Try",
    "User",
    "View",
    "Workspace",
    "accepted_then_reset",
    "assert_no_unfurls",
    "hang",
    "live_mentions",
    "rate_limited",
    "refuse",
    "reset_before",
    "server_error",
    "shown_text",
    "slow",
]
