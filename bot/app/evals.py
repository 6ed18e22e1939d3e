"""The evals' own ways out: a proposed policy's models, and a channel for the digest."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.app.platforms import ways_out
from bot.config import SettingsError
from bot.deployment import Deployment, open_store, utc_now
from bot.desk import new_id
from bot.evals.asking import INSTRUCTIONS, Models
from bot.evals.digest import read_digest
from bot.gateway import open_gateway
from bot.routing import routing
from bot.simulation import Simulation
from bot.types import Conversation, DeliveryFailure, Kind, Platform, Question
from router.policy import Policy
from router.types import Visibility

NO_DIGEST = "the policy names no channel for the digest on a platform that is turned on: `digest_channel` under [evals]"
UNDELIVERED = "the digest was not taken ({code}): `switchboard check` says what to fix"


@asynccontextmanager
async def eval_models(deployment: Deployment, proposed: Policy) -> AsyncIterator[Models]:
    """Yield a proposed policy's models, judged by the frontier model in force; what they cost is kept. Imports LiteLLM."""
    judging = deployment.policy.model_copy(update={"instructions": INSTRUCTIONS})
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(deployment.settings))
        routers = []
        for policy in (proposed, judging):
            gateway = await open_gateway(deployment.settings, policy, store.switches)
            routers.append(await stack.enter_async_context(routing(policy, Simulation(store.switches), utc_now, gateway=gateway)))
        place = Conversation(Platform.TERMINAL, "local", "evals", "", Visibility.DIRECT)
        payer = Question(new_id(), Kind.AUDIT, "evals", "evals", place, "", "", utc_now())
        yield Models(routers[0], routers[1], lambda made: store.records.note(payer, made))


async def post_digest(deployment: Deployment) -> None:
    """Post the digest in the policy's channel now. Raises SettingsError, DeliveryFailure, StoreUnavailable."""
    policy = deployment.policy.evals
    async with open_store(deployment.settings) as store, ways_out(deployment, store) as ways:
        courier = ways.couriers.get(Platform(policy.digest_platform))
        if courier is None or not policy.digest_channel:
            raise SettingsError(NO_DIGEST)
        try:
            await courier.announce(policy.digest_channel, await read_digest(store, policy, utc_now))
        except DeliveryFailure as failure:
            raise SettingsError(UNDELIVERED.format(code=failure.code)) from failure
