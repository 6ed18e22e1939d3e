"""The scripted conversation of `switchboard demo --script`: what a newcomer would try, printed as it happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel

from bot.demo.page import Page, Shown
from bot.simulation import SIMULATED
from bot.types import Badge

ALICE, BOB = "alice", "bob"
FIRST, SECOND = "frontier-a", "frontier-b"
MODELS = (FIRST, SECOND, "small")
COLOURS = {Badge.CACHE: "white", Badge.SMALL: "green", Badge.FRONTIER: "blue", Badge.BEST_EFFORT: "yellow"}
ROUTINE = "@switchboard what is the default administrative distance of OSPF on Cisco IOS?"
HARD = "@switchboard why can an OSPF adjacency flap after a link-state database overflow, and how do we find the root cause?"
SECOND_HARD = "@switchboard design an EVPN VXLAN fabric for two data centres: which trade-offs matter?"
ROUTINE_AGAIN = "@switchboard hi, whats the default admin distance for ospf on cisco ios please"
THIRD_HARD = "@switchboard why would a BGP session to an upstream flap every few hours, and how do we find the root cause?"
LAST = "@switchboard how many hosts fit in a /26?"
BREAKS_A = "Provider A, the frontier model's first, breaks (the page has a switch for each)."
WHY = "“Why this tier?” tells who was asked:"
BREAKS_B = "Provider B, which serves the same frontier model, breaks as well."
MENDS = "The providers work again."
BREAKS_ALL = "Now all of them break, the small model's too."
KEPT = "kept, and tried again by itself until {until:%H:%M} UTC"
ANSWERED = "The providers work again, and the message becomes the answer by itself:"
FLAGS = "{who} flags the best-effort answer: incomplete."
ESCALATES = "{who} wants more and presses “Ask the frontier model” under the small model's answer."
DONE = "[bold green]Everything came as it should.[/bold green] `switchboard demo` opens the same in your browser."
WRONG = "[bold red]Not as it should be:[/bold red] {what}"


@dataclass(frozen=True, slots=True)
class Step:
    """Who asks what, and the badge that the answer must have."""

    who: str
    text: str
    badge: Badge


class Play:
    """Plays the conversation against a running demo."""

    def __init__(self, console: Console, address: str) -> None:
        self._console = console
        self._address = address
        self._wrong: list[str] = []

    async def run(self) -> int:
        """Play it; return 0 when everything came as it should, else 1."""
        async with aiohttp.ClientSession() as client:
            pages = {who: Page(client, self._address, who) for who in (ALICE, BOB)}
            routine, _ = await self._ask_all(pages, (Step(ALICE, ROUTINE, Badge.SMALL), Step(BOB, HARD, Badge.FRONTIER)))
            await self._ask_all(pages, (Step(BOB, ROUTINE_AGAIN, Badge.CACHE),))
            await self._escalate(pages[ALICE], routine)
            await self._fall_back(pages)
            await self._outlast(pages[ALICE])
        for what in self._wrong:
            self._say(WRONG.format(what=what))
        if not self._wrong:
            self._say(DONE)
        return 1 if self._wrong else 0

    async def _ask_all(self, pages: dict[str, Page], steps: Sequence[Step]) -> list[Shown]:
        shown = []
        for step in steps:
            self._console.print(f"\n[bold]{step.who}[/bold] in #noc: {step.text}")
            answer = await pages[step.who].ask("noc", step.text)
            self._show(answer, step.badge)
            shown.append(answer)
        return shown

    async def _fall_back(self, pages: dict[str, Page]) -> None:
        """Break one provider of the frontier model, then both: the other one answers, then the small model as best effort."""
        bob = pages[BOB]
        await self._break(bob, BREAKS_A, FIRST)
        (fallback,) = await self._ask_all(pages, (Step(BOB, SECOND_HARD, Badge.FRONTIER),))
        await self._why(bob, fallback)
        await self._break(bob, BREAKS_B, SECOND)
        (best_effort,) = await self._ask_all(pages, (Step(BOB, THIRD_HARD, Badge.BEST_EFFORT),))
        await self._flag(bob, best_effort)
        await self._mend(bob, MENDS)
        await self._ask_all(pages, (Step(BOB, THIRD_HARD, Badge.FRONTIER),))

    async def _outlast(self, page: Page) -> None:
        """Break everything: the question is kept, and answered once something works again."""
        await self._break(page, BREAKS_ALL, *MODELS)
        self._console.print(f"\n[bold]{ALICE}[/bold] in #noc: {LAST}")
        kept = await page.ask("noc", LAST)
        if not kept.until:
            self._wrong.append(f"the question was not kept: {kept.text}")
            return
        subtitle = KEPT.format(until=datetime.fromisoformat(kept.until))
        self._console.print(self._panel(kept.text, f"[red]● {subtitle}[/red]"))
        await self._mend(page, ANSWERED)
        self._show(await page.answer(kept.question), Badge.SMALL)

    async def _break(self, page: Page, text: str, *models: str) -> None:
        for model in models:
            await page.break_model(model, "server_error")
        self._say(text)

    async def _mend(self, page: Page, text: str) -> None:
        for model in MODELS:
            await page.break_model(model, "")
        self._say(text)

    async def _why(self, page: Page, answer: Shown) -> None:
        tried = await page.why(answer.question)
        if [line.target for line in tried] != [SIMULATED + FIRST, SIMULATED + SECOND]:
            self._wrong.append(f"expected both providers among the attempts and got {tried}")
        self._say(WHY)
        for line in tried:
            self._console.print(f"  {line.target} {line.outcome} {f'after {line.seconds}' if line.seconds else ''}".rstrip())

    def _show(self, answer: Shown, expected: Badge) -> None:
        if answer.failed or answer.badge != expected:
            self._wrong.append(f"expected the badge “{expected}” and got “{answer.badge or answer.text}”")
        colour = COLOURS[expected]
        subtitle = f"[{colour}]● {answer.badge}[/{colour}] · {answer.figures}"
        if answer.note:
            self._console.print(f"[yellow]⚠ {answer.note}[/yellow]")
        self._console.print(self._panel(answer.text, subtitle))

    @staticmethod
    def _panel(text: str, subtitle: str) -> Panel:
        return Panel(Markdown(text), title="switchboard", title_align="left", subtitle=subtitle, subtitle_align="left")

    async def _escalate(self, page: Page, answer: Shown) -> None:
        self._say(ESCALATES.format(who=ALICE))
        before = answer.question
        taken = await page.escalate(before)
        if taken != "new":
            self._wrong.append(f"the escalation was not taken: {taken}")
            return
        self._show(await page.better(before), Badge.FRONTIER)

    async def _flag(self, page: Page, answer: Shown) -> None:
        self._say(FLAGS.format(who=BOB))
        taken = await page.flag(answer.question, "incomplete", "I need the failure cases, too.")
        if taken != "new":
            self._wrong.append(f"the flag was not taken: {taken}")

    def _say(self, text: str) -> None:
        self._console.print(f"\n[italic]{text}[/italic]")
