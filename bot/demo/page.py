"""Talks to a running chat page over HTTP, as its browser would."""

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply of the bot as the page shows it."""

    question: str
    text: str
    badge: str
    figures: str
    note: str
    failed: bool
    until: str = ""
    """Until when a failed question is tried again by itself (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A line of "Why this tier?": who was asked, and how that ended."""

    target: str
    outcome: str
    seconds: str


class Page:
    """One person's view of the page."""

    def __init__(self, client: aiohttp.ClientSession, address: str, user: str) -> None:
        self._client = client
        self._address = address
        self._user = user

    async def ask(self, channel: str, text: str, *, timeout_s: float = 60.0) -> Shown:
        """Write a message that calls the bot and return its answer. Raises TimeoutError."""
        entry = await self.send("POST", "messages", user=self._user, id=str(uuid.uuid4()), channel=channel, text=text)
        return await self.reply(entry["question"], timeout_s=timeout_s)

    async def reply(self, question: str, *, timeout_s: float = 60.0) -> Shown:
        """Wait for the reply to a question. Raises TimeoutError."""
        return await self._wait(lambda shown, _body: shown == question, timeout_s)

    async def answer(self, question: str, *, timeout_s: float = 60.0) -> Shown:
        """Wait until a question that failed has its answer. Raises TimeoutError."""
        return await self._wait(lambda shown, body: shown == question and body["kind"] == "answer", timeout_s)

    async def why(self, question: str) -> tuple[Tried, ...]:
        """Press "Why this tier?" and return who was asked."""
        url = f"{self._address}/web/why/{question}"
        async with self._client.get(url, params={"user": self._user}) as response:
            response.raise_for_status()
            told = await response.json()
        return tuple(Tried(one["target"], one["outcome"], one["seconds"]) for one in told["attempts"])

    async def better(self, question: str, *, timeout_s: float = 60.0) -> Shown:
        """Wait for the answer that was asked to better another. Raises TimeoutError."""
        return await self._wait(lambda _shown, body: body["parent"] == question, timeout_s)

    async def flag(self, question: str, reason: str, comment: str) -> str:
        """Flag an answer and return what became of it."""
        taken: str = (await self.send("POST", "flag", user=self._user, question=question, reason=reason, comment=comment))["taken"]
        return taken

    async def escalate(self, question: str) -> str:
        """Press "Ask the frontier model" and return what became of it."""
        taken: str = (await self.send("POST", "escalate", user=self._user, id=str(uuid.uuid4()), question=question))["taken"]
        return taken

    async def break_model(self, model: str, fault: str) -> None:
        """Break a simulated model; an empty fault mends it."""
        await self.send("PUT", "faults", model=model, fault=fault)

    async def send(self, method: str, path: str, **fields: str) -> dict[str, Any]:
        """Write to the page's interface; fields are its JSON. Raises aiohttp.ClientResponseError."""
        url, origin = f"{self._address}/web/{path}", {"Origin": self._address}
        async with self._client.request(method, url, json=fields, headers=origin) as response:
            response.raise_for_status()
            answer: dict[str, Any] = await response.json()
            return answer

    async def _wait(self, wanted: Callable[[str, dict[str, Any]], bool], timeout_s: float) -> Shown:
        async with asyncio.timeout(timeout_s):
            while True:
                for question, body in await self._replies():
                    if body["kind"] in ("answer", "failed") and wanted(question, body):
                        failed, until = body["kind"] == "failed", body["until"]
                        return Shown(
                            question,
                            body["text"],
                            body["badge"],
                            body["figures"],
                            f"{body['headline']} {body['note']}".strip(),
                            failed,
                            until,
                        )
                await asyncio.sleep(POLL_S)

    async def _replies(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the bot's replies that this person can see: the question's id and the body."""
        revision, replies, more = 0, list[tuple[str, dict[str, Any]]](), True
        while more:
            query = {"since": str(revision), "user": self._user}
            async with self._client.get(f"{self._address}/web/messages", params=query) as response:
                response.raise_for_status()
                page = await response.json()
            revision, more = page["revision"], page["more"]
            entries = [entry for entry in page["entries"] if entry["author"] == "switchboard" and not entry["deleted"]]
            replies += [(entry["question"], json.loads(entry["body"])) for entry in entries]
        return replies
