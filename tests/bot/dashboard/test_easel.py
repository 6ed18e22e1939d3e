"""Plots are drawn by a process of their own, which ends when it is let go of and is replaced when it dies."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.dashboard.easel import CannotDraw, Easel
from bot.sketches import AnswersByDay, Sketch
from bot.types import Badge
from tests.fakes.admin_site import AdminSite

PLOT = Sketch(AnswersByDay(((date(2026, 11, 23), Badge.SMALL, 3),)), dark=False)
DARK = Sketch(PLOT.subject, dark=True)


@pytest.fixture
async def easel() -> AsyncIterator[Easel]:
    made = Easel()
    yield made
    await made.close()


async def test_a_plot_is_svg_with_the_badges_words_for_a_light_and_for_a_dark_page(easel: Easel) -> None:
    light, dark = await easel.draw(PLOT), await easel.draw(DARK)
    assert light.startswith(b"<svg")
    assert b"Small model" in light
    assert light != dark


async def test_a_plot_that_was_drawn_is_not_drawn_again(easel: Easel) -> None:
    drawn = await easel.draw(PLOT)
    await easel.close()
    assert await easel.draw(PLOT) is drawn
    assert easel._process is None


async def test_a_process_that_ended_is_replaced(easel: Easel) -> None:
    await easel.draw(PLOT)
    assert easel._process
    os.kill(easel._process.pid, signal.SIGKILL)
    await easel._process.wait()
    assert (await easel.draw(DARK)).startswith(b"<svg")


async def test_a_process_that_dies_at_work_is_replaced(easel: Easel) -> None:
    await easel.draw(PLOT)
    assert easel._process
    os.kill(easel._process.pid, signal.SIGKILL)  # not waited for: it looks alive
    assert (await easel.draw(DARK)).startswith(b"<svg")


async def test_a_process_that_does_not_answer_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    easel = Easel(timeout_s=1.0, host="asyncio.__main__")
    with pytest.raises(CannotDraw):
        await easel.draw(PLOT)
    assert easel._process is None
    assert "a plot was not drawn" in caplog.text


async def test_letting_go_leaves_no_process_behind(easel: Easel) -> None:
    await easel.draw(PLOT)
    process = easel._process
    assert process
    await easel.close()
    assert process.returncode is not None


async def test_plots_are_drawn_one_after_the_other(easel: Easel) -> None:
    plots = [Sketch(AnswersByDay(((date(2026, 11, day), Badge.CACHE, day),)), dark=False) for day in (1, 2, 3)]
    drawn = await asyncio.gather(*(easel.draw(plot) for plot in plots))
    assert len(set(drawn)) == 3


async def test_the_pages_plots_are_pictures_for_those_who_are_signed_in(admin: AdminSite) -> None:
    await admin.archive.keep()
    for name in ("answers", "report-tiers", "report-kinds", "report-weeks"):
        for theme in ("light", "dark"):
            response = await admin.client.get(f"/admin/plots/{name}.svg?theme={theme}")
            assert response.status == 200, name
            assert response.content_type == "image/svg+xml"
            assert (await response.read()).startswith(b"<svg")


async def test_a_plot_that_there_is_not_is_said_not_to_be(admin: AdminSite) -> None:
    assert (await admin.client.get("/admin/plots/nothing.svg")).status == 404
