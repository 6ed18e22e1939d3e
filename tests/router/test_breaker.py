"""A breaker leaves a failing model alone for a while, and lets one call try it then."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.breaker import JITTER, LONGEST_PAUSE_S, PAUSE_S, Breaker, Breakers


class Ticking:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def breaker(ticking: Ticking) -> Breaker:
    return Breaker(now=ticking, chance=lambda: 0.0)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.admits()
        breaker.failed()


def test_three_failures_one_after_another_open_it(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()
    assert breaker.wait_s == PAUSE_S


def test_a_success_in_between_starts_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.admits()


def test_half_of_the_last_ten_calls_open_it(breaker: Breaker) -> None:
    for _ in range(4):
        breaker.succeeded()
        breaker.failed()
    breaker.succeeded()
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()


def test_old_failures_are_forgotten(breaker: Breaker) -> None:
    for _ in range(4):
        breaker.failed()
        breaker.succeeded()
    for _ in range(10):
        breaker.succeeded()
    fail(breaker, 2)
    assert breaker.admits()


def test_one_call_at_a_time_tries_it_after_the_pause(breaker: Breaker, ticking: Ticking) -> None:
    fail(breaker, 3)
    ticking.now += PAUSE_S
    assert breaker.admits()
    assert not breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


def test_each_trial_that_fails_doubles_the_pause_up_to_the_longest(breaker: Breaker, ticking: Ticking) -> None:
    fail(breaker, 3)
    pauses = []
    for _ in range(4):
        pauses.append(breaker.wait_s)
        ticking.now += breaker.wait_s
        fail(breaker, 1)
    assert pauses == [PAUSE_S, 2 * PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_a_pause_is_short_again_once_a_trial_succeeded(breaker: Breaker, ticking: Ticking) -> None:
    fail(breaker, 3)
    ticking.now += PAUSE_S
    fail(breaker, 1)
    ticking.now += 2 * PAUSE_S
    breaker.admits()
    breaker.succeeded()
    fail(breaker, 3)
    assert breaker.wait_s == PAUSE_S


def test_a_trial_that_was_given_up_leaves_room_for_another(breaker: Breaker, ticking: Ticking) -> None:
    fail(breaker, 3)
    ticking.now += PAUSE_S
    assert breaker.admits()
    breaker.left()
    assert breaker.admits()


def test_a_provider_that_names_a_time_is_left_alone_so_long_after_one_failure(breaker: Breaker, ticking: Ticking) -> None:
    breaker.failed(retry_after_s=4)
    assert not breaker.admits()
    ticking.now += 4
    assert breaker.admits()


def test_a_named_time_does_not_shorten_a_pause(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.failed(retry_after_s=1)
    assert breaker.wait_s == PAUSE_S


def test_pauses_are_longer_by_chance_so_that_workers_do_not_come_back_together(ticking: Ticking) -> None:
    breaker = Breaker(now=ticking, chance=lambda: 1.0)
    fail(breaker, 3)
    assert breaker.wait_s == pytest.approx(PAUSE_S * (1 + JITTER))


def test_one_model_has_one_breaker() -> None:
    breakers = Breakers()
    assert breakers.of("openai/gpt-5.1") is breakers.of("openai/gpt-5.1")
    assert breakers.of("openai/gpt-5.1") is not breakers.of("azure/gpt-5.1")


@given(st.lists(st.one_of(st.sampled_from(["fine", "bad", "left"]), st.floats(0, 100)), max_size=200))
def test_a_model_that_works_again_is_always_asked_again(events: list[str | float]) -> None:
    ticking = Ticking()
    breaker = Breaker(now=ticking, chance=lambda: 0.5)
    ends: dict[str, Callable[[], None]] = {"fine": breaker.succeeded, "bad": breaker.failed, "left": breaker.left}
    for event in events:
        if isinstance(event, float):
            ticking.now += event
        elif breaker.admits():
            ends[event]()
    ticking.now += LONGEST_PAUSE_S * (1 + JITTER)
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.wait_s == 0
