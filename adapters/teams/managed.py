"""Tokens of an app whose identity the host manages: Azure hands them out without a password."""

import asyncio
from typing import Any

import msal
import requests

from adapters.teams.faults import ADMIN_S
from adapters.teams.options import TeamsOptions
from adapters.teams.tokens import FETCH_S, Token
from bot.types import DeliveryFailure


class ManagedIdentity:
    """Tokens from the host that we run on. MSAL knows each kind of host; it blocks, so it works in a thread."""

    def __init__(self, options: TeamsOptions) -> None:
        self._resource = options.cloud.scope.removesuffix("/.default")
        self._client = msal.ManagedIdentityClient(
            msal.UserAssignedManagedIdentity(client_id=options.app_id), http_client=_Session(), token_cache=msal.TokenCache()
        )

    async def fetch(self) -> Token:
        """Ask the host for a token. Raises DeliveryFailure."""
        try:
            answer = await asyncio.to_thread(self._client.acquire_token_for_client, resource=self._resource)
        except Exception as error:  # MSAL raises what its HTTP client raises, and errors of its own where there is no such host
            raise DeliveryFailure(f"token:{type(error).__name__}", retry_after_s=ADMIN_S) from error
        value, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not isinstance(seconds, int):
            raise DeliveryFailure("token:managed_identity", retry_after_s=ADMIN_S)
        return Token(value, float(seconds))


class _Session(requests.Session):
    """A session that waits for nobody forever; requests has no deadline of its own."""

    def request(self, *call: Any, **options: Any) -> requests.Response:
        """Make a request."""
        return super().request(*call, **({"timeout": FETCH_S} | options))
