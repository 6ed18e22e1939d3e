"""A model that says what it is told to say."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal

from router.types import Completion, Cost, CostSource, ModelFailure, Prompt, Source, Usage


@dataclass
class FakeModel:
    """Answers with `says`, or its name and the question, or raises `failure`; `before` is awaited first.

    `behind` is what a gateway tells: the provider that answered, and its trace. `sources` are what it cites.
    """

    name: str
    failure: ModelFailure | Exception | None = None
    usd: Decimal = Decimal("0.0004")
    before: Callable[[], Awaitable[object]] | None = None
    says: str = ""
    behind: tuple[str, str] = ("", "")
    sources: tuple[Source, ...] = ()
    prompts: list[Prompt] = field(default_factory=list)

    async def complete(self, prompt: Prompt) -> Completion:
        self.prompts.append(prompt)
        if self.before:
            await self.before()
        if self.failure:
            raise self.failure
        cost = Cost(self.usd, CostSource.REPORTED)
        return Completion(self.says or f"{self.name}: {prompt.text}", self.name, Usage(100, 20), cost, *self.behind, self.sources)
