"""One request to the dashboard: who makes it, and what it says."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from bot.dashboard.frame import Frame
from bot.store.sessions import Session


class Refused(Exception):  # noqa: N818 (a refusal is an answer)
    """The request is not served; the text says why, to the person who made it."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person's request. `fields` are those of a form, whose token was checked; `names` those of the path."""

    session: Session
    form_token: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def frame(self, title: str) -> Frame:
        """Return the frame of the page that answers."""
        return Frame(title, self.path, self.session.name, self.form_token)


PageHandler = Callable[[Visit], Awaitable[web.Response]]
"""Answers a signed-in person. Raises Refused and StoreUnavailable."""
