"""Every field of every payload that Slack sends, missing or of another type: 200 or 400, never an error of ours."""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tests.fakes.slack import GOOD, FakeSlack, Said
from tests.fakes.slack.events import Outgoing, Road
from tests.fakes.slack.workspace import ADA, BOT_USER, OPS
from tests.fakes.slack_rig import Rig, rigged

DEPTH = 4
"""Below this lie the parts of blocks and options, which Slack sends back as we wrote them."""

WRONG: tuple[object, ...] = (None, 7, "x", [], [7], {}, {"type": 7})
Path = tuple[str | int, ...]


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for key, one in inside if len(at) < DEPTH else ():
        yield (*at, key)
        yield from paths(one, (*at, key))


def without(payload: object, at: Path) -> object:
    """Return a copy of the payload in which the field is missing."""
    mangled = copy.deepcopy(payload)
    del inner(mangled, at[:-1])[at[-1]]
    return mangled


def with_value(payload: object, at: Path, value: object) -> object:
    """Return a copy of the payload in which the field has another value."""
    mangled = copy.deepcopy(payload)
    inner(mangled, at[:-1])[at[-1]] = copy.deepcopy(value)
    return mangled


def inner(value: object, at: Path) -> dict[str | int, object]:
    """Walk down to the object or list that holds a field."""
    for key in at:
        assert isinstance(value, dict | list)
        value = value[key]  # type: ignore[index]  # a list is walked by numbers, an object by names
    assert isinstance(value, dict | list)
    return value  # type: ignore[return-value]  # both are read and written by key


def mangled(outgoing: Outgoing) -> Iterator[Outgoing]:
    for at in paths(outgoing.payload):
        for payload in (without(outgoing.payload, at), *(with_value(outgoing.payload, at, value) for value in WRONG)):
            assert isinstance(payload, dict)
            yield replace(outgoing, payload=payload)


async def everything_said(rig: Rig) -> list[Outgoing]:
    """Let a person do one of everything, and return one payload of each kind."""
    ada, slack = rig.slack.user(ADA), rig.slack
    said: Said = await ada.mention(OPS, "is core1 up?")
    answer = await rig.answered(rig.desk.taken[0])
    await ada.edit(said.message, f"<@{BOT_USER}> is core2 up?")
    await ada.react(answer, "-1")
    await ada.unreact(answer, "-1")
    await ada.slash(OPS, "/ask", "is core1 up?")
    await ada.press(answer, "why_tier")
    await ada.press(answer, "answer_feedback", value="down:q_1")
    views = await slack.wait_for(lambda now: [one for one in now.views.values() if one.body.get("callback_id")])
    await ada.submit(views[0], {"reason": "wrong"})
    await ada.open_home()
    await ada.shortcut(answer, "ask_about_message")
    await ada.delete(said.message)
    await slack.bot_message(OPS, f"<@{BOT_USER}> core1 is down", classic=True)
    await slack.settle()
    return list({kind_of(one.outgoing): one.outgoing for one in slack.deliveries}.values())


def kind_of(outgoing: Outgoing) -> str:
    event = outgoing.payload.get("event")
    said = (event.get("type"), event.get("subtype")) if isinstance(event, dict) else outgoing.payload.get("type")
    return f"{outgoing.road} {said}"


async def test_a_mangled_payload_is_never_an_error_of_ours() -> None:
    statuses: Counter[int] = Counter()
    errors: list[str] = []
    async with FakeSlack() as slack, rigged(slack) as rig:
        seeds = await everything_said(rig)
        assert {one.road for one in seeds} == set(Road)
        for seed in seeds:
            for outgoing in mangled(seed):
                tried = await slack.postman.http.forge(outgoing, GOOD)
                statuses[tried.status] += 1
                if tried.status not in {200, 400}:
                    errors.append(f"{tried.status} {outgoing.payload}")
    assert errors == []
    assert statuses[400] > 100
    assert statuses[200] > 100
