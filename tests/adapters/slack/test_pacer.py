"""Posts into one channel keep to Slack's pace, and nobody sleeps for it."""

import pytest

from adapters.slack.pacer import BURST, CHANNELS, Pacer
from bot.types import DeliveryFailure


class Watch:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def refusal(pacer: Pacer, channel: str = "C1") -> float:
    with pytest.raises(DeliveryFailure) as caught:
        pacer.take(channel)
    assert caught.value.retry_after_s is not None
    assert not caught.value.in_doubt
    return caught.value.retry_after_s


def test_a_burst_is_let_through_and_then_one_a_second() -> None:
    watch = Watch()
    pacer = Pacer(1.0, watch)
    for _ in range(BURST):
        pacer.take("C1")
    assert refusal(pacer) == pytest.approx(1.0)
    watch.at += 1.0
    pacer.take("C1")
    assert refusal(pacer) == pytest.approx(1.0)


def test_channels_do_not_wait_for_each_other() -> None:
    pacer = Pacer(1.0, Watch())
    for _ in range(BURST):
        pacer.take("C1")
    pacer.take("C2")


def test_a_channel_that_slack_holds_back_is_left_alone_for_that_long() -> None:
    watch = Watch()
    pacer = Pacer(1.0, watch)
    pacer.close("C1", 30)
    assert refusal(pacer) == pytest.approx(30)
    watch.at += 31
    pacer.take("C1")


def test_pacing_can_be_turned_off_but_slacks_word_counts() -> None:
    pacer = Pacer(0, Watch())
    for _ in range(10 * BURST):
        pacer.take("C1")
    pacer.close("C1", 5)
    assert refusal(pacer) == pytest.approx(5)


def test_forgotten_channels_are_the_longest_unused() -> None:
    pacer = Pacer(1.0, Watch())
    pacer.close("old", 60)
    for number in range(CHANNELS - 1):
        pacer.take(f"C{number}")
    refusal(pacer, "old")
    pacer.take("new")
    pacer.take("newer")
    refusal(pacer, "old")
