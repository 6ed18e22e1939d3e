"""What the store raises on purpose."""


class StoreUnavailable(Exception):  # noqa: N818 (a state of the world that callers answer, not a mistake)
    """The database could not be reached or did not take the write: nothing was stored."""


class LeaseLost(Exception):  # noqa: N818 (expected whenever a slow worker meets its successor)
    """Another worker holds the item now: what this one was about to write is void."""


class SchemaOutdated(Exception):  # noqa: N818 (a state of the world)
    """The database is not at this version's schema; `switchboard migrate` brings it there."""


class SourceWithdrawn(Exception):  # noqa: N818 (expected: a flag may arrive at any moment)
    """The earlier answer that was about to be served again has just been taken out of service: nothing was stored."""
