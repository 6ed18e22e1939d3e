"""A thumbs-down on an answer of ours is a flag, and no other reaction is."""

import pytest

from adapters.fields import Fields
from adapters.slack.inbound import is_flag, reaction
from bot.types import MessageRef, Platform
from tests.fakes.slack_payloads import ME, OPTIONS, event, options, payload


@pytest.mark.parametrize("name", ["reaction_added", "reaction_added_skin_tone", "reaction_added_alias"])
def test_a_thumbs_down_in_any_skin_tone_is_a_flag(name: str) -> None:
    seen = reaction(event(name), ME, OPTIONS)
    assert seen is not None
    assert (seen.added, seen.user) == (True, "U0ADA0001")
    assert seen.at == MessageRef(Platform.SLACK, "T0NETOPS1", "C0OPS0001", "1795435210.000500")


def test_a_reaction_that_is_taken_off_is_told_apart() -> None:
    seen = reaction(event("reaction_removed_skin_tone"), ME, OPTIONS)
    assert seen is not None
    assert not seen.added


@pytest.mark.parametrize("tone", range(2, 7))
def test_each_skin_tone_counts(tone: int) -> None:
    assert is_flag(f"-1::skin-tone-{tone}", ("-1", "thumbsdown"))


@pytest.mark.parametrize("name", ["+1", "-1::skin-tone-7", "-11", "x-1", "-1::skin-tone-2::skin-tone-3", ""])
def test_no_other_reaction_is_a_flag(name: str) -> None:
    assert not is_flag(name, ("-1", "thumbsdown"))


def test_a_workspace_may_choose_its_flag_reactions() -> None:
    assert reaction(event("reaction_added", reaction="wrong"), ME, options(flag_reactions=("wrong",))) is not None
    assert reaction(event("reaction_added"), ME, options(flag_reactions=("wrong",))) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"item_user": "U0BOB0001"},
        {"item": {"type": "file", "file": "F1"}},
        {"item": {"type": "message", "channel": "C1"}},
        {"user": "U0SWITCH1"},
        {"user": None},
    ],
)
def test_a_reaction_on_something_else_is_no_flag(changes: dict[str, object]) -> None:
    assert reaction(event("reaction_added", **changes), ME, OPTIONS) is None


def test_a_reaction_without_its_messages_author_may_be_on_ours() -> None:
    assert reaction(event("reaction_added", item_user=None), ME, OPTIONS) is not None


def test_a_reaction_in_a_shared_channel_is_no_flag() -> None:
    body = payload("reaction_added") | {"is_ext_shared_channel": True}
    assert reaction(Fields(body), ME, OPTIONS) is None
