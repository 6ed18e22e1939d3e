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


async def press_switch(page: Page, provider: str) -> None:
    """Break or mend a provider, and wait until the panel says so."""
    switch = page.get_by_role("switch", name=f"Break provider {provider}")
    wanted = "false" if await switch.get_attribute("aria-checked") == "true" else "true"
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", wanted)


async def test_one_broken_provider_shows_behind_the_answer_and_two_make_it_best_effort(visit: Visit, demo: str, tmp_path: Path) -> None:
    page = await visit(f"{demo}/?as=bob#change")
    pill = page.locator("#messages .pill").last
    await press_switch(page, "A")
    await ask(page, 1)
    await expect(pill).to_have_text("Frontier model")
    await expect(page.locator(".note")).to_have_count(0)
    await page.get_by_role("button", name="Why this tier?").click()
    rows = page.get_by_role("dialog").locator("tbody tr")
    await expect(rows).to_contain_text(["was unavailable", "answered"])
    await page.screenshot(path=tmp_path / "why.png")
    await page.get_by_role("dialog").get_by_role("button", name="Close").click()
    await press_switch(page, "B")
    await page.locator("#composer-text").fill(
        "@switchboard why would a BGP session to an upstream flap every few hours? Find the root cause."
    )
    await page.keyboard.press("Enter")
    await expect(pill).to_have_text("Best effort", timeout=ANSWER_MS)
    await expect(page.locator(".note").last).to_contain_text("Best effort. ")
    await expect(page.get_by_role("button", name="Try frontier again")).to_be_visible()
    await page.screenshot(path=tmp_path / "best-effort.png")
    for provider in "AB":
        await press_switch(page, provider)


async def test_a_question_that_nobody_can_answer_is_kept_and_its_message_becomes_the_answer(
    visit: Visit, demo: str, tmp_path: Path
) -> None:
    page = await visit(f"{demo}/?as=cleo#netops")
    for provider in "ABC":
        await press_switch(page, provider)
    await page.locator("#composer-text").fill("@switchboard which port does BGP use?")
    await page.keyboard.press("Enter")
    failed = page.locator(".message.is-failed")
    await expect(failed).to_contain_text("I could not answer this.", timeout=ANSWER_MS)
    await expect(failed.locator(".until time")).to_be_visible()
    await failed.get_by_role("button", name="Tell me when it is back").click()
    await expect(failed.get_by_role("button", name="You will be told")).to_be_disabled()
    await page.screenshot(path=tmp_path / "kept.png")
    for provider in "ABC":
        await press_switch(page, provider)
    await failed.get_by_role("button", name="Try again").click()
    await expect(page.locator("#messages .pill").last).to_have_text("Small model", timeout=ANSWER_MS)
    await expect(page.locator(".message.is-failed")).to_have_count(0)
    await expect(page.locator(".message.is-notice")).to_contain_text("your question has its answer", timeout=ANSWER_MS)
