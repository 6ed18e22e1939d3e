"""Tells the gateway of flags: queued in the inbox, tried again for days, never in the way of an answer."""

import logging

from bot.store.flags import Flags
from bot.store.inbox import Claim, Inbox, State
from router.feedback import Feedback, FeedbackFailure, Verdict

FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 3600.0
MOST_ATTEMPTS = 60
"""At an hour each, two days and a half."""

_log = logging.getLogger(__name__)


class Telling:
    """Works on FEEDBACK items of the inbox."""

    def __init__(self, inbox: Inbox, flags: Flags, feedback: Feedback) -> None:
        self._inbox = inbox
        self._flags = flags
        self._feedback = feedback

    async def tell(self, claim: Claim) -> None:
        """Send a flag that still stands; one on an answer that no gateway gave is nothing to it. Raises LeaseLost, StoreUnavailable."""
        item = claim.question
        traced = await self._flags.traced(item.parent, item.user)
        if traced is None:
            await self._inbox.finish(claim)
            return
        verdict = Verdict(traced.trace_id, item.conversation.tenant, item.user, traced.tier, traced.reason)
        try:
            await self._feedback.send(verdict)
        except FeedbackFailure as failure:
            await self._failed(claim, failure)
        else:
            await self._inbox.finish(claim)

    async def _failed(self, claim: Claim, failure: FeedbackFailure) -> None:
        _log.warning("feedback not sent question=%s error=%s", claim.question.parent, failure)
        if failure.lasting or claim.attempts >= MOST_ATTEMPTS:
            await self._inbox.finish(claim, State.DEAD)
        else:
            wait_s = FIRST_WAIT_S * 2.0 ** min(claim.attempts - 1, 10)
            await self._inbox.postpone(claim, min(wait_s, LONGEST_WAIT_S), error=False)
