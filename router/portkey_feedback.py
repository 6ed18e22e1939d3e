"""Sends flags to Portkey's feedback API, for the trace of the call that the answer came from."""

import asyncio

from portkey_ai import AsyncPortkey

from router.feedback import FeedbackFailure, Verdict
from router.portkey import Gateway, hashed

DOWN = -1
"""Of -10 to 10 (portkey.ai/docs/product/observability/feedback)."""
WEIGHT = 1.0
PATIENCE_S = 10.0
"""The client has no deadline of its own."""
LASTING = frozenset({400, 404, 405, 422})
"""Statuses by which the API says that it will never take this. A refused key is no such: it may be mended."""


class PortkeyFeedback:
    """The `Feedback` of a gateway that we have a key for."""

    def __init__(self, gateway: Gateway) -> None:
        self._salt = gateway.salt
        self._client = AsyncPortkey(api_key=gateway.api_key, base_url=gateway.base)

    async def send(self, verdict: Verdict) -> None:
        """Send a thumbs-down, with tenant, tier and reason, and a hash of the person. Raises FeedbackFailure, nothing else."""
        about = {"tenant": verdict.tenant, "tier": verdict.tier, "reason": verdict.reason}
        about["_user"] = hashed(self._salt, verdict.tenant, verdict.user)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._client.feedback.create(trace_id=verdict.trace_id, value=DOWN, weight=WEIGHT, metadata=about)
        except Exception as error:
            # Portkey's client lets what is not of its own classes through as well, such as an answer that is no JSON.
            status = getattr(error, "status_code", None)
            raise FeedbackFailure(f"{type(error).__name__} {status or ''}".rstrip(), lasting=status in LASTING) from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
