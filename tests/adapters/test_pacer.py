"""Posts into one channel keep to Slack's pace: near turns are waited for, far ones are told."""

import pytest

from adapters.pacer import BURST, CHANNELS, PATIENCE_S, Pacer
from bot.types import DeliveryFailure


class Watch:
    """A monotonic clock that is set by hand; `slept` are the waits that were asked of it, which pass at once."""

    def __init__(self) -> None:
        self.at = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def paced(pace_s: float = 1.0) -> tuple[Pacer, Watch]:
    watch = Watch()
    return Pacer(pace_s, watch, watch.sleep), watch


async def refusal(pacer: Pacer, channel: str = "C1") -> float:
    with pytest.raises(DeliveryFailure) as caught:
        await pacer.take(channel)
    assert caught.value.retry_after_s is not None
    assert not caught.value.in_doubt
    return caught.value.retry_after_s


async def test_a_burst_is_let_through_at_once() -> None:
    pacer, watch = paced()
    for _ in range(BURST):
        await pacer.take("C1")
    assert watch.slept == []


async def test_after_a_burst_turns_are_given_one_a_second_in_order() -> None:
    pacer, watch = paced()
    for _ in range(BURST + 3):
        await pacer.take("C1")
    assert watch.slept == pytest.approx([1.0, 2.0, 3.0])


async def test_whose_turn_is_far_away_is_told_when_to_come_back() -> None:
    pacer, watch = paced()
    for _ in range(BURST + 3):
        await pacer.take("C1")
    assert await refusal(pacer) == pytest.approx(PATIENCE_S + 1)
    watch.at += 2
    await pacer.take("C1")
    assert watch.slept[-1] == pytest.approx(2.0)


async def test_channels_do_not_wait_for_each_other() -> None:
    pacer, watch = paced()
    for _ in range(BURST + 3):
        await pacer.take("C1")
    watch.slept.clear()
    await pacer.take("C2")
    assert watch.slept == []


async def test_a_channel_that_slack_holds_back_is_left_alone_for_that_long() -> None:
    pacer, watch = paced()
    pacer.close("C1", 30)
    assert await refusal(pacer) == pytest.approx(30)
    watch.at += 31
    await pacer.take("C1")
    assert watch.slept == []


async def test_a_short_hold_is_waited_for() -> None:
    pacer, watch = paced()
    pacer.close("C1", 2)
    await pacer.take("C1")
    assert watch.slept == pytest.approx([2.0])


async def test_pacing_can_be_turned_off_but_slacks_word_counts() -> None:
    pacer, watch = paced(0)
    for _ in range(10 * BURST):
        await pacer.take("C1")
    assert watch.slept == []
    pacer.close("C1", 5)
    assert await refusal(pacer) == pytest.approx(5)


async def test_forgotten_channels_are_the_longest_unused() -> None:
    pacer, _ = paced()
    pacer.close("old", 60)
    for number in range(CHANNELS - 1):
        await pacer.take(f"C{number}")
    await refusal(pacer, "old")
    await pacer.take("new")
    await pacer.take("newer")
    await refusal(pacer, "old")
