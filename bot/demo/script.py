"""The scripted conversation of `switchboard demo --script`: what a newcomer would try, printed as it happens."""

from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel

from bot.demo.page import Page, Shown
from bot.types import Badge

ALICE, BOB = "alice", "bob"
COLOURS = {Badge.CACHE: "white", Badge.SMALL: "green", Badge.FRONTIER: "blue", Badge.BEST_EFFORT: "yellow"}
ROUTINE = "@switchboard what is the default administrative distance of OSPF on Cisco IOS?"
HARD = "@switchboard why can an OSPF adjacency flap after a link-state database overflow, and how do we find the root cause?"
SECOND_HARD = "@switchboard compare route reflectors with a BGP confederation for a 60-router backbone: which trade-offs matter?"
ROUTINE_AGAIN = "@switchboard hi, whats the default admin distance for ospf on cisco ios please"
BREAKS = "Now the frontier model's provider breaks (the page has a switch for it)."
MENDS = "The provider works again."
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
        """Play it; return 0 when every badge and the flag came as they should, else 1."""
        async with aiohttp.ClientSession() as client:
            pages = {who: Page(client, self._address, who) for who in (ALICE, BOB)}
            routine, _ = await self._ask_all(pages, (Step(ALICE, ROUTINE, Badge.SMALL), Step(BOB, HARD, Badge.FRONTIER)))
            await self._ask_all(pages, (Step(BOB, ROUTINE_AGAIN, Badge.CACHE),))
            await self._escalate(pages[ALICE], routine)
            self._say(BREAKS)
            await pages[BOB].break_model("frontier", "server_error")
            (best_effort,) = await self._ask_all(pages, (Step(BOB, SECOND_HARD, Badge.BEST_EFFORT),))
            await self._flag(pages[BOB], best_effort)
            await pages[BOB].break_model("frontier", "")
            self._say(MENDS)
            await self._ask_all(pages, (Step(BOB, SECOND_HARD, Badge.FRONTIER),))
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

    def _show(self, answer: Shown, expected: Badge) -> None:
        if answer.failed or answer.badge != expected:
            self._wrong.append(f"expected the badge “{expected}” and got “{answer.badge or answer.text}”")
        colour = COLOURS[expected]
        subtitle = f"[{colour}]● {answer.badge}[/{colour}] · {answer.figures}"
        if answer.note:
            self._console.print(f"[yellow]⚠ {answer.note}[/yellow]")
        self._console.print(Panel(Markdown(answer.text), title="switchboard", title_align="left", subtitle=subtitle, subtitle_align="left"))

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
