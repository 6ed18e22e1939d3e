"""A flag reaches Portkey's feedback API with its trace and a hash of the person, and a failure says whether to try again."""

import json
from collections.abc import AsyncIterator

import pytest

from router.feedback import FeedbackFailure, Verdict
from router.portkey import Gateway
from router.portkey_feedback import PortkeyFeedback
from router.targets import GatewayPolicy
from tests.fakes.portkey_api import FakePortkey

VERDICT = Verdict("q_1", "T1", "U0123", "frontier", "wrong")


@pytest.fixture
async def portkey() -> AsyncIterator[FakePortkey]:
    fake = FakePortkey()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def feedback(portkey: FakePortkey) -> AsyncIterator[PortkeyFeedback]:
    made = PortkeyFeedback(Gateway(GatewayPolicy(), portkey.base, "pk-secret", "salt"))
    yield made
    await made.close()


async def test_a_flag_is_a_thumbs_down_on_its_trace(portkey: FakePortkey, feedback: PortkeyFeedback) -> None:
    await feedback.send(VERDICT)
    (sent,) = portkey.feedback
    assert (sent["trace_id"], sent["value"]) == ("q_1", -1)
    assert sent["metadata"].items() >= {"tenant": "T1", "tier": "frontier", "reason": "wrong"}.items()  # type: ignore[attr-defined]
    assert portkey.headers["x-portkey-api-key"] == "pk-secret"
    assert "U0123" not in json.dumps(sent)


@pytest.mark.parametrize(("status", "lasting"), [(500, False), (429, False), (401, False), (400, True), (404, True)])
async def test_a_failure_says_whether_trying_again_can_help(
    portkey: FakePortkey,
    feedback: PortkeyFeedback,
    status: int,
    lasting: bool,  # noqa: FBT001
) -> None:
    portkey.status = status
    with pytest.raises(FeedbackFailure) as failed:
        await feedback.send(VERDICT)
    assert failed.value.lasting is lasting
    assert str(status) in str(failed.value)


async def test_a_gateway_that_is_down_is_tried_again_later() -> None:
    feedback = PortkeyFeedback(Gateway(GatewayPolicy(), "http://127.0.0.1:9/v1", "pk", "salt"))
    with pytest.raises(FeedbackFailure) as failed:
        await feedback.send(VERDICT)
    assert not failed.value.lasting
    await feedback.close()
