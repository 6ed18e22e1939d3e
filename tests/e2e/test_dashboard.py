"""The dashboard of the demo in Chromium: a newcomer flags, reviews ten answers, sees the report change, and the gate refuses."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.dashboard.keys import admin_token
from bot.demo.page import Page as Person
from bot.demo.stack import KEPT, prepare, running
from bot.setup import ENV_FILE, POLICY_FILE
from tests.fakes.chromium import PHONE, Visit, chromium, find_chromium, visits

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

QUESTIONS = (
    "what is the default administrative distance of OSPF on Cisco IOS?",
    "which port does BGP use?",
    "how do i show the mac address table on a Cisco switch?",
    "what does the acronym VRRP stand for?",
    "convert 10.0.0.0/20 to a netmask",
    "why can an OSPF adjacency flap after a link-state database overflow, and how do we find the root cause?",
    "compare route reflectors with a BGP confederation for a 60-router backbone: which trade-offs matter?",
    "which port does NTP use?",
    "what is the default hello interval of OSPF on broadcast networks?",
    "how do i display the BGP summary on Junos?",
)
PLACES = ("", "/flags", "/review", "/report", "/costs", "/policy", "/delivery", "/reveals")


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, its folder, and what opens its dashboard."""

    address: str
    folder: Path
    token: str
    asked: tuple[str, ...]
    """The questions' ids."""

    async def flag(self, question: str, comment: str) -> None:
        """Flag an answer on the chat page, as ada."""
        async with aiohttp.ClientSession() as client:
            await Person(client, self.address, "ada").flag(question, "wrong", comment)

    async def sign_in(self, page: Page) -> None:
        """Sign in as eve, by the link that the demo prints."""
        await page.goto(f"{self.address}/admin/login#token={self.token}")
        await expect(page.get_by_label("Admin token")).to_have_value(self.token)
        assert self.token not in page.url, "it is not kept in the address"
        await page.get_by_label("Your name").fill("eve")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """The demo's own processes, with ten questions asked."""
    find_chromium()
    folder = tmp_path_factory.mktemp("demo")
    deployment, environment = prepare(folder, 0)
    async with running(deployment, environment, asyncio.Event(), quiet=True) as address:
        async with aiohttp.ClientSession() as client:
            ada = Person(client, address, "ada")
            shown = [await ada.ask("noc", f"@switchboard {text}", timeout_s=90) for text in QUESTIONS]
        token = admin_token(deployment.settings)
        assert token
        yield Demo(address, folder, token, tuple(one.question for one in shown))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(find_chromium()) as launched:
        yield launched


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    async with visits(browser) as opened:
        yield opened


async def test_a_newcomer_reviews_ten_answers_with_the_keyboard_and_sees_the_report_change(
    visit: Visit, demo: Demo, tmp_path: Path
) -> None:
    page = await visit(f"{demo.address}/admin")
    await demo.sign_in(page)
    await page.get_by_role("link", name="Report").click()
    await expect(page.get_by_text("Nothing is reviewed yet.")).to_be_visible()

    await page.get_by_role("link", name="Review", exact=True).click()
    await page.get_by_role("button", name="Draw a sample").click()
    await expect(page.get_by_text("0 of 10 sampled answers are graded")).to_be_visible()
    await expect(page.locator(".answer")).to_have_count(0)
    await page.keyboard.press("r")
    await expect(page.locator(".answer")).to_be_visible()
    await page.screenshot(path=tmp_path / "review.png")
    await page.keyboard.press("i")
    await expect(page.get_by_label("Incomplete")).to_be_checked()
    await page.get_by_label("A better answer").fill("Ask again (n, r and a here press no button).")
    await page.get_by_label("Incomplete").focus()
    await page.keyboard.press("n")
    for graded in range(1, 10):
        await expect(page.get_by_text(f"{graded} of 10 sampled answers are graded")).to_be_visible()
        await expect(page.locator(".answer")).to_be_visible()
        await page.keyboard.press("a")
    await expect(page.get_by_text("10 of 10 sampled answers are graded")).to_be_visible()

    await page.get_by_role("link", name="Report").click()
    await expect(page.locator(".tile", has_text="Acceptable").locator(".value")).to_have_text("90%")
    await expect_plots(page)
    await page.get_by_role("link", name="Reveals").click()
    await expect(page.locator("tbody tr")).to_have_count(10)


async def test_a_flag_is_looked_at_and_closed(visit: Visit, demo: Demo) -> None:
    await demo.flag(demo.asked[0], "It is not 110.")
    page = await visit(f"{demo.address}/admin", PHONE)
    await demo.sign_in(page)
    await page.locator(".tile", has_text="Open flags").get_by_role("link").click()
    await expect(page.locator(".flagged")).to_have_count(1)
    await expect(page.get_by_text("It is not 110.")).to_have_count(0)
    await page.get_by_role("link", name="Look at it").click()
    await page.get_by_role("button", name="Reveal").click()
    await expect(page.get_by_text("It is not 110.")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    await page.get_by_label("Nothing").check()  # of the ten answers before, this may be the one that was refused
    await page.get_by_role("button", name="Acceptable", exact=False).first.click()
    await expect(page.get_by_text("No flag is open.")).to_be_visible()


async def test_the_gate_refuses_a_policy_that_sends_everything_to_the_small_model(demo: Demo) -> None:
    worse = demo.folder / "worse.toml"
    policy = (demo.folder / POLICY_FILE).read_text(encoding="utf-8")
    everything = 'small_phrases = ["why", "compare"]'
    worse.write_text(re.sub(r"(?m)^small_phrases = .*$", everything, policy), encoding="utf-8")
    assert everything in worse.read_text(encoding="utf-8")
    gate = (sys.executable, "-m", "bot.cli", "eval", "gate", "--env-file", str(demo.folder / ENV_FILE), "--policy", str(worse))
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    done = await asyncio.to_thread(subprocess.run, gate, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout


@pytest.mark.parametrize("size", [(1180, 760), PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_its_window_and_has_one_heading_and_landmarks(
    visit: Visit, demo: Demo, size: tuple[int, int], scheme: str, tmp_path: Path
) -> None:
    page = await visit(f"{demo.address}/admin", size)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await demo.sign_in(page)
    for place in PLACES:
        await page.goto(f"{demo.address}/admin{place}", wait_until="networkidle")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0], place
        for landmark in ("main", "banner"):
            await expect(page.get_by_role(landmark)).to_have_count(1)
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
        assert await unlabelled(page) == [], place
        await expect_plots(page)
        await page.screenshot(path=tmp_path / f"{place.strip('/') or 'overview'}.png", full_page=True)


async def test_the_first_stop_of_the_keyboard_skips_to_the_page(visit: Visit, demo: Demo) -> None:
    page = await visit(f"{demo.address}/admin")
    await demo.sign_in(page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_signing_out_leads_to_the_sign_in_and_nothing_is_left_to_see(visit: Visit, demo: Demo) -> None:
    page = await visit(f"{demo.address}/admin")
    await demo.sign_in(page)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/admin/login$"))
    await page.goto(f"{demo.address}/admin/flags")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the dashboard")


async def expect_plots(page: Page) -> None:
    """Scroll to each plot and wait until it is drawn."""
    for plot in await page.locator("img.plot").all():
        await plot.scroll_into_view_if_needed()
        await expect(plot).to_have_js_property("complete", value=True)
        assert await plot.evaluate("image => image.naturalWidth") > 0
        assert await plot.get_attribute("alt")


async def unlabelled(page: Page) -> list[str]:
    """Return the controls and tables of a page that a screen reader has no name for."""
    controls: list[str] = await page.evaluate(
        """() => [
            ...[...document.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((one) => !one.labels.length),
            ...[...document.querySelectorAll("button, a")].filter((one) => !one.textContent.trim()),
            ...[...document.querySelectorAll("table")].filter((one) => !one.caption),
            ...[...document.querySelectorAll("img")].filter((one) => !one.hasAttribute("alt")),
        ].map((one) => one.outerHTML)"""
    )
    return controls
