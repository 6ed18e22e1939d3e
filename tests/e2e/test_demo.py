"""The demo as a newcomer opens it: the real processes behind the page, in Chromium."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.demo.stack import prepare, running
from tests.fakes.chromium import Visit, chromium, find_chromium, visits

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

ANSWER_MS = 90_000
"""The first answer waits for the worker to import LiteLLM."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    find_chromium()
    deployment, environment = prepare(tmp_path_factory.mktemp("demo"), 0)
    async with running(deployment, environment, asyncio.Event(), quiet=True) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def visit(demo: str) -> AsyncIterator[Visit]:
    async with chromium(find_chromium()) as browser, visits(browser) as opened:
        yield opened


async def ask(page: Page, example: int) -> None:
    await page.locator(".example").nth(example).click()
    await expect(page.locator("#messages > .message").last.locator(".pill")).to_be_visible(timeout=ANSWER_MS)


async def test_a_newcomer_asks_flags_and_escalates(visit: Visit, demo: str, tmp_path: Path) -> None:
    page = await visit(f"{demo}/?as=ada#netops")
    await ask(page, 0)
    badges = page.locator("#messages .pill")
    await expect(badges).to_have_text(["Small model"])
    await page.get_by_role("button", name="Flag").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Incomplete").check()
    await dialog.get_by_role("button", name="Flag the answer").click()
    await expect(page.get_by_role("button", name="Flagged", pressed=True)).to_be_visible()
    await page.get_by_role("button", name="Ask the frontier model").click()
    await expect(badges).to_have_text(["Small model", "Frontier model"], timeout=ANSWER_MS)
    await page.screenshot(path=tmp_path / "netops.png")


async def test_a_broken_provider_makes_the_answer_best_effort(visit: Visit, demo: str) -> None:
    page = await visit(f"{demo}/?as=bob#change")
    await page.locator(".provider", has_text="frontier").get_by_role("switch").click()
    await expect(page.locator(".provider.broken")).to_be_visible()
    await ask(page, 1)
    await expect(page.locator("#messages .pill").last).to_have_text("Best effort")
