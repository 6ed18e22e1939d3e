"""Deletes everything of a workspace that took the bot out."""

import logging

from bot.store.claims import Claim
from bot.store.forget import forget_tenant
from bot.store.store import Store

_log = logging.getLogger(__name__)


class Wiping:
    """Handles the inbox's items about an uninstallation. Raises StoreUnavailable: the item comes back then, and goes on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def uninstalled(self, claim: Claim) -> None:
        """Delete batch after batch, this item last."""
        place, count = claim.question.conversation, 0
        async for gone in forget_tenant(self._store.database, place.platform, place.tenant, last=claim.question.id):
            await self._store.switches.let_go(gone)
            count += len(gone)
        _log.warning("uninstalled from %s team=%s: deleted %d questions and all that belonged to them", place.platform, place.tenant, count)
