"""Turn texts into vectors: the port, and WordLlama, the embedded default."""

import asyncio
import logging
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any, Protocol

_placeholder = logging.NullHandler()
logging.root.addHandler(_placeholder)
# WordLlama's import calls `logging.basicConfig`, which would turn everybody's log on; with a handler there it does nothing.
import wordllama  # type: ignore[import-untyped]  # noqa: E402  # ships no types; see above

logging.root.removeHandler(_placeholder)

Vector = Sequence[float]
"""A unit vector of the embedder's size; ours are `array("f")`, ready for a vector index."""

WORDLLAMA = "wordllama/l2_supercat_256"
WORDLLAMA_SIZE = 256
WORDLLAMA_THRESHOLD = 0.25
"""Of 285 equivalent pairs whose words all have a counterpart, one is less alike than 0.4 (0.26) and all others more than 0.65."""

_CACHED = 20_000
_LONGEST = 8_000
"""Characters of a text that are embedded: what follows a question of this length does not change what it is about."""


_AT_ONCE = 1_000
"""Characters that are embedded on the event loop, in 0.4 ms at most: the way to a thread and back takes longer than one question."""


class Embedder(Protocol):
    """Something that embeds texts. Vectors of different names or sizes are never compared."""

    @property
    def name(self) -> str:
        """The model's name: part of a collection's identity."""

    @property
    def size(self) -> int:
        """The number of dimensions."""

    @property
    def threshold(self) -> float:
        """The cosine of two masked texts from which their wording may count as the same, where no calibration says otherwise."""

    async def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return one unit vector for each text, in order."""


class _Model(Protocol):
    """What we use of WordLlama."""

    def embed(self, texts: list[str]) -> Sequence[Any]:
        """Return the mean of the token vectors of each text: a NumPy array in single precision, a row for each."""


def cosine(a: Vector, b: Vector) -> float:
    """Return the cosine of two unit vectors, in [-1, 1]."""
    return min(max(sum(x * y for x, y in zip(a, b, strict=True)), -1.0), 1.0)


class WordLlamaEmbedder:
    """The model that comes in WordLlama's wheel: no download, no torch. It is read at first use, in a thread."""

    def __init__(self, cached: int = _CACHED) -> None:
        self._cached = cached
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._model: _Model | None = None
        self._loading = asyncio.Lock()

    @property
    def name(self) -> str:
        """The model and its number of dimensions."""
        return WORDLLAMA

    @property
    def size(self) -> int:
        """The number of dimensions."""
        return WORDLLAMA_SIZE

    @property
    def threshold(self) -> float:
        """The default threshold of this model."""
        return WORDLLAMA_THRESHOLD

    async def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return one unit vector for each text; a text without a token has the first axis. Repeated texts come from memory."""
        cut = [text[:_LONGEST] for text in texts]
        known = {text: self._vectors[text] for text in cut if text in self._vectors}
        missing = [text for text in dict.fromkeys(cut) if text not in known]
        if missing:
            model = await self._loaded()
            short = sum(map(len, missing)) <= _AT_ONCE
            known |= _embed(model, missing) if short else await asyncio.to_thread(_embed, model, missing)
        for text in dict.fromkeys(cut):
            self._vectors[text] = known[text]
            self._vectors.move_to_end(text)
        while len(self._vectors) > self._cached:
            self._vectors.popitem(last=False)
        return tuple(known[text] for text in cut)

    async def _loaded(self) -> _Model:
        async with self._loading:
            if self._model is None:
                self._model = await asyncio.to_thread(_load)
            return self._model


def _load() -> _Model:
    """Read the model from the wheel. The default folder of WordLlama is another one, and it would go to the network for it."""
    model: _Model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    return model


def _embed(model: _Model, texts: Sequence[str]) -> dict[str, Vector]:
    return {text: _unit(row) for text, row in zip(texts, model.embed(list(texts)), strict=True)}


def _unit(row: Any) -> Vector:
    length = sqrt(row.dot(row))
    return array("f", (row / length).tobytes() if length else [1.0, *[0.0] * (len(row) - 1)])
