"""What may happen later happens, within its time, and before we stop."""

import asyncio
import logging

import pytest

from adapters.later import Later


async def test_work_that_was_begun_is_finished_before_the_stop() -> None:
    later, done = Later(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    later.start(work(), "work")
    await later.drain()
    assert done.is_set()


async def test_work_that_does_not_end_is_cancelled() -> None:
    later, ended = Later(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    later.start(work(), "work")
    await later.drain(0.01)
    assert ended.is_set()


async def test_work_that_fails_is_noted_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    later = Later()

    async def work() -> None:
        raise ValueError("a secret")

    with caplog.at_level(logging.DEBUG):
        later.start(work(), "remark")
        await later.drain()
    assert "remark failed: ValueError" in caplog.text
    assert "a secret" not in caplog.text


async def test_work_has_a_deadline(caplog: pytest.LogCaptureFixture) -> None:
    later = Later()
    later.start(asyncio.Event().wait(), "wait", 0.01)  # type: ignore[arg-type]  # what it returns is of no matter
    await later.drain()
    assert "wait failed: TimeoutError" in caplog.text


async def test_nothing_to_wait_for_is_fine() -> None:
    await Later().drain()
