"""A cached answer on the chat page in Chromium: what it says of itself, asked again live, called another question's."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.fakes.chromium import DESK, PHONE, chromium, find_chromium, visits
from tests.fakes.web_stack import web_stack

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = "@switchboard which port does syslog use on GigabitEthernet0/1 with TLS?"
MATCHED = "Matched: “which port does syslog over TLS use on Gi0/1?”"

Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(find_chromium()) as launched:
        yield launched


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """Open a page on which nothing was said yet, as somebody; all who visit in one test are on the same page."""
    async with web_stack() as address, visits(browser) as opened:

        async def visited(user: str, size: tuple[int, int] = DESK) -> Page:
            return await opened(f"{address}/?as={user}#noc", size)

        yield visited


async def cached(page: Page) -> Locator:
    """Ask what was asked before in other words, and return the answer."""
    box = page.get_by_role("textbox", name="Message", exact=True)
    await box.fill(ASKED)
    await box.press("Enter")
    found = page.locator("#messages > .message", has=page.get_by_text("Cache", exact=True))
    await expect(found).to_be_visible()
    return found


def badges(page: Page) -> Locator:
    return page.locator("#messages .pill")


async def test_it_tells_its_age_its_match_and_its_question(visit: Visit) -> None:
    found = await cached(await visit("ana"))
    await expect(found.locator(".source")).to_have_text("Cacheanswered 2 h agomatch 0.96 · $0")
    await expect(found.get_by_text(MATCHED)).to_be_visible()
    await expect(found.get_by_role("button", name="Ask the frontier model")).to_have_count(0)


async def test_its_age_grows_while_the_page_is_open(visit: Visit) -> None:
    page = await visit("ana")
    await page.clock.install()
    await page.reload()
    found = await cached(page)
    await expect(found.get_by_text("answered 2 h ago")).to_be_visible()
    await page.clock.fast_forward("01:00:00")
    await expect(found.get_by_text("answered 3 h ago")).to_be_visible()


async def test_it_is_asked_again_live_and_both_answers_stay(visit: Visit) -> None:
    page = await visit("ana")
    found = await cached(page)
    await found.get_by_role("button", name="Ask again live").click()
    asked = found.get_by_role("button", name="Asked again")
    await expect(asked).to_be_disabled()
    await expect(badges(page)).to_have_text(["Cache", "Small model"])
    await expect(page.get_by_text(re.compile("^A second answer to “which port"))).to_be_visible()
    await page.reload()
    await expect(asked).to_be_disabled()
    await expect(found.get_by_role("button", name="Not the same question", exact=True)).to_be_enabled()


async def test_it_is_called_another_questions_and_a_model_answers(visit: Visit) -> None:
    page = await visit("ana")
    found = await cached(page)
    await found.get_by_role("button", name="Not the same question").click()
    noted = found.get_by_role("button", name="Noted: not the same question")
    await expect(noted).to_be_disabled()
    await expect(page.get_by_role("status")).to_have_text(re.compile("^Thanks, noted.*A model is asked now.$"))
    await expect(badges(page)).to_have_text(["Cache", "Small model"])
    await page.reload()
    await expect(noted).to_be_disabled()
    await expect(found.get_by_role("button", name="Asked again")).to_be_disabled()


async def test_the_live_answer_may_show_that_it_was_another_question(visit: Visit) -> None:
    page = await visit("ana")
    found = await cached(page)
    await found.get_by_role("button", name="Ask again live").click()
    await expect(badges(page)).to_have_count(2)
    await found.get_by_role("button", name="Not the same question").click()
    await expect(page.get_by_text(re.compile("A model was asked already.$"))).to_be_visible()
    await expect(badges(page)).to_have_count(2)


async def test_what_one_person_pressed_is_pressed_for_all(visit: Visit) -> None:
    ana, ben = await visit("ana"), await visit("ben")
    found = await cached(ana)
    await found.get_by_role("button", name="Ask again live").click()
    await expect(ben.get_by_role("button", name="Asked again")).to_be_disabled()


async def test_why_this_tier_tells_the_match_and_its_reason(visit: Visit) -> None:
    page = await visit("ana")
    found = await cached(page)
    await found.get_by_role("button", name="Why this tier?").click()
    dialog = page.get_by_role("dialog", name="Why this tier?")
    for said in (MATCHED, "match 0.96: the same entities, action and scope", "answered 2 h ago"):
        await expect(dialog.get_by_text(said)).to_be_visible()


async def test_a_phone_shows_it_without_scrolling_sideways(visit: Visit) -> None:
    page = await visit("ana", PHONE)
    found = await cached(page)
    await expect(found.get_by_role("button", name="Not the same question")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
