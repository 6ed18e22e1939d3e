"""Whatever an activity holds, the answer is no server error, and a broken one asks nothing."""

import asyncio
import copy
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.teams.app import TeamsIngress
from adapters.teams.guard import MAX_BYTES
from adapters.teams.options import PATH, TeamsOptions
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeDesk
from tests.fakes.slack.faults import Fault, FaultKind
from tests.fakes.slack.json_values import JsonObject
from tests.fakes.teams import ADA, GROUP, OPS, FakeTeams, Frame, personal
from tests.fakes.teams.activities import feedback

URL = "http://127.0.0.1:9/emea/"
FRAMES = [Frame(URL, ADA, OPS, thread="1"), Frame(URL, ADA, GROUP), Frame(URL, ADA, personal(ADA))]
DATA: JsonObject = {"qid": "q_1", "verb": "why_tier"}
PRESS: JsonObject = {"action": {"type": "Action.Execute", "verb": "why_tier", "data": DATA}, "trigger": "manual"}


def recorded() -> list[JsonObject]:
    """Return an activity of each kind in each place."""
    return [
        activity
        for frame in FRAMES
        for activity in (
            frame.message("1", "<at>Switchboard</at> is core1 up?"),
            frame.message("2", "is core1 up?", targeted=True),
            frame.changed("1", "editMessage", "is core2 up?"),
            frame.changed("1", "softDeleteMessage"),
            frame.reaction("3", "99", added="1f44e_thumbsdown"),
            frame.reaction("4", "99", removed="angry"),
            frame.invoke("5", "adaptiveCard/action", PRESS, "99"),
            frame.invoke("6", "message/submitAction", feedback("dislike", '{"feedbackText":"no"}'), "99"),
            frame.activity("message", "7", text="", value=DATA),
            frame.installed("8"),
            frame.installed("9", action="remove"),
        )
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to every value in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, inner in items for path in ((*at, key), *paths(inner, (*at, key)))]


@st.composite
def mangled(draw: st.DrawFn) -> JsonObject:
    """Return a recorded activity in which some values are others, or gone."""
    activity = copy.deepcopy(draw(st.sampled_from(recorded())))
    for path in draw(st.lists(st.sampled_from(paths(activity)), min_size=1, max_size=4)):
        holder: object = activity
        for key in path[:-1]:
            holder = inside(holder, key)
        if isinstance(holder, dict):
            if draw(st.booleans()):
                holder[path[-1]] = draw(JSON)
            else:
                holder.pop(path[-1], None)
        elif isinstance(holder, list):
            holder.insert(0, draw(JSON))
    return activity


def inside(holder: object, key: str | int) -> object:
    """Return a value inside a JSON value; None where an earlier change took it away."""
    if isinstance(holder, dict):
        return holder.get(key)
    return holder[key] if isinstance(holder, list) and isinstance(key, int) and key < len(holder) else None


async def statuses(activities: list[JsonObject]) -> list[int]:
    """Let the activities be delivered, and return how they were taken."""
    async with FakeTeams() as teams:
        teams.connector.fail(Fault(FaultKind.ERROR, status=400))
        ingress = TeamsIngress(TeamsOptions("", verify=False), FakeDesk(), clock=FakeClock(), new_id=lambda: "q_1")
        app = web.Application()
        ingress.routes(app)
        async with TestClient(TestServer(app, host="127.0.0.1")) as client:
            taken = [(await client.post(PATH, json=there(activity, teams.connector.service_url))).status for activity in activities]
        await ingress.stop()
    return taken


def there(activity: JsonObject, service_url: str) -> JsonObject:
    """Return an activity from the connector that is really there, if it still names the recorded one."""
    return activity | {"serviceUrl": service_url} if activity.get("serviceUrl") == URL else activity


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(activities=st.lists(mangled(), min_size=50, max_size=50))
def test_a_thousand_mangled_activities_cause_no_server_error(activities: list[JsonObject]) -> None:
    assert {status for status in asyncio.run(statuses(activities)) if status >= 500} == set()


def test_the_recorded_activities_are_taken_as_they_are() -> None:
    assert set(asyncio.run(statuses(recorded()))) == {200, 202}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"type":7}', 400),
        (b'{"type":"message","value":NaN}', 400),
        (b"\xff\xfe", 400),
        (b'{"type":"message","value":' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
        (b'{"type":"message","text":"' + b"x" * MAX_BYTES + b'"}', 413),
        (b'{"type":"message"}', 401),
    ],
)
async def test_what_is_no_activity_is_turned_away(body: bytes, status: int) -> None:
    ingress = TeamsIngress(TeamsOptions("", verify=False), FakeDesk(), clock=FakeClock(), new_id=lambda: "q_1")
    app = web.Application()
    ingress.routes(app)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        assert (await client.post(PATH, data=body, headers={"Content-Type": "application/json"})).status == status
        assert (await client.get(PATH)).status == 405
    await ingress.stop()


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Type": "text/plain"}, 400), ({"Host": "evil.example"}, 401), ({"Host": "127.0.0.1.evil.example"}, 401), ({}, 202)],
)
async def test_without_authentication_a_web_page_cannot_reach_the_bot(headers: dict[str, str], status: int) -> None:
    ingress = TeamsIngress(TeamsOptions("", verify=False), FakeDesk(), clock=FakeClock(), new_id=lambda: "q_1")
    app = web.Application()
    ingress.routes(app)
    body = json.dumps(FRAMES[2].message("1", "is core1 up?"))
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        assert (await client.post(PATH, data=body, headers={"Content-Type": "application/json"} | headers)).status == status
    await ingress.stop()


async def test_a_lost_database_asks_for_the_activity_again() -> None:
    desk = FakeDesk()
    ingress = TeamsIngress(TeamsOptions("", verify=False), desk, clock=FakeClock(), new_id=lambda: "q_1")
    app = web.Application()
    ingress.routes(app)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        desk.down = True
        assert (await client.post(PATH, json=FRAMES[2].message("1", "is core1 up?"))).status == 503
    await ingress.stop()
