"""Teams end to end: the real processes against Microsoft's own Agents Playground."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.demo.stack import demo_environment, free_port
from bot.setup import write_files
from bot.store.inbox import State
from bot.types import Badge
from tests.e2e.deployment import Served, eventually, served
from tests.fakes.chromium import PATIENCE_MS, chromium, find_chromium
from tests.fakes.slack.json_values import object_at, text_at
from tests.fakes.teams.activities import feedback
from tests.fakes.teams.playground import Playground, playground
from tests.fakes.teams.records import Posted

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

EASY = "what is the default administrative distance of OSPF on Cisco IOS?"
HARD = "why can an OSPF adjacency flap after a link-state database overflow, and how do we find the root cause?"


@dataclass
class Running:
    """A deployment, and the Playground that talks to it."""

    served: Served
    playground: Playground

    async def ask(self, place: str, text: str) -> Posted:
        """Ask something, and return the answer when it is final."""
        there = {one.id for one in self.playground.shown.values()}
        conversation = await self.playground.ask(place, text)
        return await self.answer(conversation, there)

    async def answer(self, conversation: str, before: set[str]) -> Posted:
        """Return the answer in a conversation that was not there before."""

        def final(seen: Playground) -> Posted | None:
            return next((one for one in seen.messages(conversation) if one.id not in before and is_answer(one)), None)

        return await self.playground.wait_for(final)

    async def buttons(self, answer: Posted) -> Posted:
        """Return the message with the buttons of an answer: the next with any in its conversation."""

        def below(seen: Playground) -> Posted | None:
            return next((one for one in seen.messages(answer.conversation) if one.id > answer.id and one.actions), None)

        return await self.playground.wait_for(below)

    async def flagged(self, text: str, *comments: str) -> None:
        """Wait until the flags on the answer to a question are these, by what people wrote. Raises TimeoutError."""

        async def standing() -> tuple[str, ...]:
            return tuple(each.flag.comment for each in await self.served.store.flags.standing(100) if each.question == text)

        await eventually(standing, lambda found: found == comments)

    async def asked(self) -> list[str]:
        """Return the questions that were answered, newest first."""
        return [record.question.text for record in await self.served.store.records.latest(100)]

    async def changed(self, answer: Posted, kind: str, event: str, text: str) -> None:
        """Let the asker change or delete the question of the newest answer."""
        (latest,) = await self.served.store.records.latest(1)
        assert latest.question.source
        data = {"eventType": event, "tenant": {"id": self.playground.cast.tenant}}
        await self.playground.inject(kind, answer.conversation, id=latest.question.source.message, text=text, channelData=data)


def is_answer(posted: Posted) -> bool:
    return any(badge in posted.text for badge in Badge)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("teams")
    environment = unsigned(folder)
    bot = f"http://127.0.0.1:{environment['SWITCHBOARD_PORT']}/api/messages"
    home = tmp_path_factory.mktemp("playground")
    async with served(environment) as started, playground(bot, home) as shown:
        yield Running(started, shown)


def unsigned(folder: Path) -> dict[str, str]:
    """Return the environment of a deployment that takes activities of this machine without a token."""
    policy, _ = write_files(folder, simulated=True, force=True)
    signed = policy.read_text(encoding="utf-8")
    assert 'auth = "required"' in signed
    policy.write_text(signed.replace('auth = "required"', 'auth = "disabled"'), encoding="utf-8")
    return demo_environment(folder, free_port())


@pytest.mark.parametrize("place", ["chat", "group", "channel"])
async def test_a_question_is_answered_with_badge_and_label(running: Running, place: str) -> None:
    answer = await running.ask(getattr(running.playground.cast, place), f"{EASY} ({place})")
    assert Badge.SMALL in answer.text
    assert "110" in answer.text
    assert object_at(answer.activity, "aiEntity")["additionalType"] == ["AIGeneratedContent"]


async def test_with_others_the_placeholder_becomes_the_answer(running: Running) -> None:
    answer = await running.ask(running.playground.cast.group, "which port does syslog over tls use?")
    first, *_, last = running.playground.history[answer.id]
    assert "Working on it" in first
    assert last == answer.text
    assert answer.conversation in running.playground.typed


async def test_alone_with_the_bot_the_answer_is_a_message_that_was_being_written(running: Running) -> None:
    answer = await running.ask(running.playground.cast.chat, "which port does ntp use?")
    assert text_at(object_at(answer.activity, "streamEntity"), "streamType") == "final"
    assert answer.activity["feedbackLoopEnabled"] is True
    assert len(running.playground.history[answer.id]) > 1


async def test_a_follow_up_in_a_channels_thread_is_answered_there(running: Running) -> None:
    first = await running.ask(running.playground.cast.channel, "what does BGP state Idle mean?")
    second = await running.ask(first.conversation, "and why would it stay there for hours although the peer is reachable?")
    assert second.conversation == first.conversation
    assert second.id != first.id


async def test_the_same_question_again_comes_from_the_cache(running: Running) -> None:
    text = "what is the default hsrp priority?"
    await running.ask(running.playground.cast.group, text)
    answer = await running.ask(running.playground.cast.group, text)
    assert Badge.CACHE in answer.text


async def test_the_card_says_why_this_tier_in_place(running: Running) -> None:
    answer = await running.ask(running.playground.cast.group, "what is the default eigrp hello interval?")
    card = await running.playground.press(await running.buttons(answer), "Why this tier?")
    assert text_at(card, "type") == "application/vnd.microsoft.card.adaptive"
    assert "simulated/small" in str(card["value"])


@pytest.mark.parametrize("how", ["execute", "submit"])
async def test_the_frontier_model_is_asked_from_the_card(running: Running, how: str) -> None:
    answer = await running.ask(running.playground.cast.group, f"what is the default {'stp' if how == 'execute' else 'rip'} hello time?")
    card = await running.buttons(answer)
    if how == "execute":
        refreshed = await running.playground.press(card, "Ask the frontier model")
        assert "its answer follows here" in str(refreshed["value"])
    else:
        await running.playground.submit(card, "Ask the frontier model")
    better = await running.answer(answer.conversation, {answer.id, *before(running, answer)})
    assert Badge.FRONTIER in better.text


def before(running: Running, answer: Posted) -> set[str]:
    return {one.id for one in running.playground.messages(answer.conversation) if one.id < answer.id}


async def test_the_feedback_form_is_one_flag_with_what_was_written(running: Running) -> None:
    text = "which port does snmp use?"
    answer = await running.ask(running.playground.cast.chat, text)
    assert await running.playground.rate(answer, "dislike", "outdated") == {}, "the form is thanked for, not told of an error"
    for comment in ("outdated", "it is 161 and 162"):  # the Playground's own form names no message, as Teams's does
        await running.playground.inject(
            "invoke", answer.conversation, name="message/submitAction", value=feedback("dislike", comment), replyToId=answer.id
        )
        await running.flagged(text, comment)


async def test_a_reaction_is_a_flag_until_it_is_taken_back(running: Running) -> None:
    text = "which port does ldp use?"
    answer = await running.ask(running.playground.cast.group, text)
    for told, flags in (("reactionsAdded", [""]), ("reactionsRemoved", [])):
        await running.playground.inject(
            "messageReaction", answer.conversation, replyToId=answer.id, **{told: [{"type": "1f44e_thumbsdown"}]}
        )
        await running.flagged(text, *flags)


async def test_an_edit_after_the_answer_offers_a_new_one(running: Running) -> None:
    answer = await running.ask(running.playground.cast.chat, "which port does tacacs use?")
    await running.changed(answer, "messageUpdate", "editMessage", "which port does radius use?")
    offer = await running.playground.wait_for(
        lambda seen: next((one for one in seen.messages(answer.conversation) if "edited your question" in one.shown), None)
    )
    assert "the answer follows here" in str((await running.playground.press(offer, "Answer again"))["value"])
    renewed = await running.answer(answer.conversation, {answer.id, *before(running, answer)})
    assert "1812" in renewed.text


async def test_a_deleted_question_takes_its_answer_with_it(running: Running) -> None:
    answer = await running.ask(running.playground.cast.group, "which port does telnet use?")
    await running.changed(answer, "messageDelete", "softDeleteMessage", "")
    await running.playground.wait_for(lambda seen: not is_answer(seen.shown[answer.id]))


async def test_an_activity_that_comes_again_is_answered_once(running: Running) -> None:
    place, text = running.playground.cast.chat, "which port does dns use?"
    activity = await running.playground.inject("message", place, text=text)
    await running.playground.inject("message", place, id=activity["id"], text=text)
    await eventually(running.asked, lambda asked: text in asked)
    await running.ask(place, "which port does ssh use?")
    assert (await running.asked()).count(text) == 1


async def test_being_added_somewhere_is_answered_with_how_to_ask(running: Running) -> None:
    await running.playground.install(running.playground.cast.group, added=True)
    seen = await running.playground.wait_for(
        lambda now: next((one for one in now.messages(now.cast.group) if "Mention me" in one.shown), None)
    )
    assert Badge.BEST_EFFORT in seen.shown


async def test_when_the_frontier_model_is_down_the_answer_says_best_effort(running: Running) -> None:
    await running.served.switch("frontier", "server_error")
    answer = await running.ask(running.playground.cast.channel, HARD)
    await running.served.switch("frontier", "")
    assert Badge.BEST_EFFORT in answer.text


async def test_a_person_asks_rates_and_presses_on_the_playgrounds_own_page(running: Running, tmp_path: Path) -> None:
    async with chromium(find_chromium()) as browser:
        page = await opened(browser, running.playground.url)
        await page.get_by_role("treeitem", name="Personal Chat").click()
        await page.get_by_role("textbox").last.press_sequentially("what does BGP state Idle mean?")
        await page.get_by_role("button", name="Send Message").click()
        await expect(page.get_by_role("button", name="AI generated").last).to_be_visible(timeout=PATIENCE_MS)
        await expect(page.get_by_text("Small model").last).to_be_visible()
        await page.get_by_role("button", name="Dislike").last.click()
        await page.get_by_role("textbox").last.fill("too short")
        await page.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("Thank you!")).to_be_visible()
        await page.get_by_role("button", name="Close").click()
        await page.get_by_role("button", name="Why this tier?").last.click()
        await expect(page.get_by_text("simulated/small").last).to_be_visible()
        await expect(page.get_by_text("Unable to reach app")).to_have_count(0)
        await page.screenshot(path=tmp_path / "teams.png")


async def opened(browser: Browser, address: str) -> Page:
    """Open the Playground's page; what it wants from the internet, its fonts, it does not get."""
    page = await browser.new_page(viewport={"width": 1280, "height": 760})

    async def here_alone(route: Route) -> None:
        await (route.continue_() if route.request.url.startswith(address) else route.abort())

    await page.route("**/*", here_alone)
    await page.goto(address)
    await page.get_by_role("button", name="Hide log panel").click()
    return page


async def test_every_question_left_its_record_and_nothing_is_left_over(running: Running) -> None:
    await eventually(running.served.store.inbox.counts, lambda counts: counts.keys() <= {State.DONE, State.CANCELLED})
    assert all(record.reply for record in await running.served.store.records.latest(1000))
