"""The chat page's transcript in memory."""

from dataclasses import replace

from bot.store.errors import StoreUnavailable
from bot.store.transcript import Entry, Transcript


class FakeTranscript(Transcript):
    """Keeps entries in a dict; `down` makes every call fail as a lost database does."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.revision = 0
        self.down = False

    async def put(self, entry: Entry) -> None:
        self._reach()
        self.revision += 1
        self.entries[entry.id] = replace(entry, revision=self.revision)

    async def get(self, entry_id: str) -> Entry | None:
        self._reach()
        return self.entries.get(entry_id)

    async def since(self, revision: int, user: str, limit: int = 200) -> tuple[Entry, ...]:
        self._reach()
        seen = [entry for entry in self.entries.values() if entry.revision > revision and entry.visible_to in ("", user)]
        return tuple(sorted(seen, key=lambda entry: entry.revision)[:limit])

    def _reach(self) -> None:
        if self.down:
            raise StoreUnavailable
