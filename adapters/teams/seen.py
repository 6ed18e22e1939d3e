"""Remembers what was seen lately, so that a delivery that Teams repeats is not answered twice by the ingress itself."""

MOST = 2_000


class Seen:
    """Keys, of which the oldest are forgotten. What must not be answered twice after a restart goes to the inbox instead."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}

    def first(self, key: str) -> bool:
        """Whether a key was not seen before; from now on it was."""
        if key in self._keys:
            return False
        self._keys[key] = None
        while len(self._keys) > MOST:
            del self._keys[next(iter(self._keys))]
        return True
