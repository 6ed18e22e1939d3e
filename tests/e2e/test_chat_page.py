"""The chat page in Chromium: what a person does with it, from the question to the flag."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.fakes.chromium import DESK, PHONE, chromium, find_chromium, visits
from tests.fakes.web_stack import web_stack

pytestmark = pytest.mark.asyncio(loop_scope="module")

Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests here; each visit has a profile of its own."""
    async with chromium(find_chromium()) as launched:
        yield launched


@pytest_asyncio.fixture(loop_scope="module")
async def chat_page_url() -> AsyncIterator[str]:
    """The address of a running chat page that has a worker behind it, and nothing said on it yet."""
    async with web_stack() as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, chat_page_url: str) -> AsyncIterator[Visit]:
    """Open the page as somebody."""
    async with visits(browser) as opened:

        async def visited(user: str, size: tuple[int, int] = DESK) -> Page:
            page = await opened(f"{chat_page_url}/?as={user}#noc", size)
            await expect(page.get_by_role("heading", level=1)).to_have_text("# noc")
            return page

        yield visited


async def ask_example(page: Page, number: int) -> Locator:
    """Press one of the questions that an empty channel offers, the easy (0) or the hard one (1), and return the answer."""
    await page.locator(".example").nth(number).click()
    return await answer(page)


async def answer(page: Page, pane: str = "#messages") -> Locator:
    """Wait for the newest reply to be an answer, and return it."""
    newest = page.locator(f"{pane} > .message").last
    await expect(newest.locator(".pill")).to_be_visible()
    return newest


async def write(page: Page, text: str, field: str = "Message") -> None:
    box = page.get_by_role("textbox", name=field, exact=True)
    await box.fill(text)
    await box.press("Enter")


async def test_an_easy_question_is_answered_with_the_small_models_badge(visit: Visit) -> None:
    page = await visit("ana")
    found = await ask_example(page, 0)
    await expect(found.locator(".pill")).to_have_text("Small model")
    await expect(found.locator(".figures")).to_have_text(re.compile(r"^<?[\d.]+ s · ≈?\$[\d.]+$"))


async def test_a_hard_question_is_answered_with_the_frontier_models_badge(visit: Visit) -> None:
    page = await visit("ana")
    found = await ask_example(page, 1)
    await expect(found.locator(".pill")).to_have_text("Frontier model")


async def test_the_placeholder_is_there_while_the_answer_is_not(visit: Visit) -> None:
    page = await visit("ana")
    await page.locator(".example").first.click()
    await expect(page.locator("#messages").get_by_text("Working on it…")).to_be_visible()
    await answer(page)
    await expect(page.locator("#messages").get_by_text("Working on it…")).to_have_count(0)


async def test_a_question_typed_with_the_mention_offered_is_answered(visit: Visit) -> None:
    page = await visit("ana")
    box = page.get_by_label("Message", exact=True)
    await expect(box).to_have_value("@switchboard ")
    await box.press("End")
    await box.press_sequentially("what does MTU mean?")
    await box.press("Enter")
    await answer(page)
    await expect(box).to_have_value("@switchboard ")


async def test_an_answer_is_flagged_with_a_reason_and_stays_flagged(visit: Visit) -> None:
    page = await visit("ana")
    found = await ask_example(page, 0)
    await found.get_by_role("button", name="Flag").click()
    dialog = page.get_by_role("dialog", name="What is wrong with this answer?")
    await dialog.get_by_label("Outdated").check()
    await dialog.get_by_label("Anything else?").fill("the timers changed")
    await dialog.get_by_role("button", name="Flag the answer").click()
    flag = found.get_by_role("button", name="Flagged", pressed=True)
    await expect(flag).to_be_visible()
    await page.reload()
    await expect(flag).to_be_visible()
    await flag.click()
    await expect(dialog.get_by_label("Outdated")).to_be_checked()
    await dialog.get_by_role("button", name="Take the flag back").click()
    await expect(found.get_by_role("button", name="Flag", exact=True, pressed=False)).to_be_visible()


async def test_a_flag_needs_a_reason(visit: Visit) -> None:
    page = await visit("ana")
    found = await ask_example(page, 0)
    await found.get_by_role("button", name="Flag").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Flag the answer").click()
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(found.get_by_role("button", name="Flag", exact=True, pressed=False)).to_be_visible()


async def test_an_answer_is_marked_helpful(visit: Visit) -> None:
    page = await visit("ana")
    found = await ask_example(page, 0)
    await found.get_by_role("button", name="Helpful").click()
    await expect(found.get_by_role("button", name="Helpful", pressed=True)).to_be_visible()


async def test_the_frontier_model_is_asked_and_both_answers_stay(visit: Visit) -> None:
    page = await visit("ana")
    await ask_example(page, 0)
    await page.get_by_role("button", name="Ask the frontier model").click()
    badges = page.locator("#messages .pill")
    await expect(badges).to_have_text(["Small model", "Frontier model"])
    await expect(page.get_by_role("button", name="Frontier model asked")).to_be_disabled()


async def test_why_this_tier_tells_reasons_and_attempts(visit: Visit) -> None:
    page = await visit("ana")
    found = await ask_example(page, 0)
    await found.get_by_role("button", name="Why this tier?").click()
    dialog = page.get_by_role("dialog", name="Why this tier?")
    await expect(dialog.get_by_role("listitem").first).not_to_be_empty()
    await expect(dialog.get_by_role("row")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


async def test_ask_is_private(visit: Visit) -> None:
    ana, ben = await visit("ana"), await visit("ben")
    await write(ana, "/ask what does MTU mean?")
    found = await answer(ana)
    await expect(found.get_by_text("Private: only you see this")).to_be_visible()
    await write(ana, "/ask --public what does TTL mean?")
    await expect(ben.locator("#messages .text")).to_have_text(["what does TTL mean?"])
    await expect(ben.locator("#messages").get_by_text("MTU")).to_have_count(0)


async def test_direct_messages_are_for_one(visit: Visit) -> None:
    ana, ben = await visit("ana"), await visit("ben")
    for page in (ana, ben):
        await page.get_by_role("list", name="Direct messages").get_by_role("button").click()
    await write(ana, "what does MTU mean?")
    await answer(ana)
    await expect(ben.get_by_role("heading", name="Ask Switchboard directly")).to_be_visible()
    await expect(ben.locator("#messages .message")).to_have_count(0)


async def test_a_thread_is_followed_up_without_a_mention(visit: Visit) -> None:
    page = await visit("ana")
    await ask_example(page, 0)
    await page.get_by_role("button", name="Follow up in the thread").click()
    await write(page, "and what comes after it?", "Reply in the thread")
    await expect(page.locator("#thread > .message")).to_have_count(4)
    await answer(page, "#thread")
    await expect(page.get_by_role("button", name="2 more in the thread")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary", name="Thread")).to_be_hidden()


async def test_a_broken_provider_gives_a_best_effort_answer_that_says_so(visit: Visit) -> None:
    page = await visit("ana")
    switches = page.locator(".provider", has_text="frontier").get_by_role("switch")
    await expect(switches.first).to_be_visible()
    for switch in await switches.all():
        await switch.click()
        await expect(switch).to_be_checked()
    found = await ask_example(page, 1)
    await expect(found.locator(".pill")).to_have_text("Best effort")
    await expect(found.locator(".note")).not_to_be_empty()


async def test_an_edited_question_can_be_answered_again(visit: Visit) -> None:
    page = await visit("ana")
    await ask_example(page, 0)
    question = page.locator("#messages > .message").first
    await question.hover()
    await question.get_by_role("button", name="Edit").click()
    await page.get_by_label("Edit your message").fill("@switchboard what does MTU mean?")
    await page.keyboard.press("Enter")
    await expect(question.get_by_text("edited")).to_be_visible()
    await page.get_by_role("button", name="Answer again").click()
    await expect(page.locator("#messages .pill")).to_have_count(2)


async def test_a_deleted_question_takes_its_answer_with_it(visit: Visit) -> None:
    page = await visit("ana")
    await ask_example(page, 0)
    question = page.locator("#messages > .message").first
    await question.hover()
    await question.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.locator("#messages > .message")).to_have_count(0)


async def test_a_message_elsewhere_is_counted_until_it_is_read(visit: Visit) -> None:
    ana, ben = await visit("ana"), await visit("ben")
    await ben.get_by_role("button", name="change", exact=True).click()
    await write(ana, "good morning")
    unread = ben.get_by_role("button", name="noc 1 unread")
    await unread.click()
    await expect(ben.locator("#messages .text")).to_have_text(["good morning"])
    await expect(unread).to_have_count(0)


async def test_a_phone_shows_one_pane_at_a_time(visit: Visit) -> None:
    page = await visit("ana", PHONE)
    channels, messages = page.get_by_role("navigation", name="Channels"), page.get_by_role("main")
    await expect(channels).to_be_hidden()
    await page.get_by_role("button", name="Show the channels").click()
    await expect(messages).to_be_hidden()
    await page.get_by_role("button", name="netops").click()
    await expect(channels).to_be_hidden()
    await ask_example(page, 0)
    await page.get_by_role("button", name="Follow up in the thread").click()
    await expect(messages).to_be_hidden()
    await page.get_by_role("button", name="Back to the channel").click()
    await expect(messages).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
