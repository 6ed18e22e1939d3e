"""What a call costs at worst, and what the same tokens would cost elsewhere, by the policy's own targets."""

from dataclasses import replace
from decimal import Decimal

from router.policy import Policy
from router.prices import Prices, usd_of
from router.targets import Target
from router.types import Answer, Attempt, Cost, CostSource, Outcome, PolicyError, Prompt, Tier, Usage

MESSAGE_TOKENS = 16
"""What the protocol adds for each message: 3 to 7 tokens with the chat formats that are documented."""

MAY_BE_BILLED = frozenset({Outcome.ANSWERED, Outcome.TIMEOUT, Outcome.BAD_ANSWER})
"""Outcomes of calls that a provider may charge for without our learning how much."""


class Estimates:
    """Prices calls before and beside the fact. Raises PolicyError where a target has no price: what nobody prices, nobody bounds."""

    def __init__(self, policy: Policy, prices: Prices) -> None:
        missing = prices.missing(policy)
        if missing:
            raise PolicyError(f'no price is known for {", ".join(missing)}: add [prices."{missing[0]}"] with input and output')
        self._tiers = policy.tiers
        self._quotes = {target.model: quote for target in policy.targets() if (quote := prices.of(target.model))}

    def worst(self, tier: Tier, prompt: Prompt) -> Decimal:
        """Return what asking a tier costs at most: each of its targets is called, and says as much as it may."""
        return sum((self._call(target, prompt) for target in self._tiers.of(tier).targets), Decimal(0))

    def bounded(self, attempt: Attempt, prompt: Prompt) -> Attempt:
        """Return an attempt that may have been billed for an unknown amount with what that is at most."""
        if attempt.cost.usd is not None or attempt.outcome not in MAY_BE_BILLED:
            return attempt
        targets = [target for target in self._tiers.of(attempt.tier).targets if target.model == attempt.target]
        return replace(attempt, at_most=max((self._call(target, prompt) for target in targets), default=None))

    def of(self, tier: Tier, usage: Usage) -> Cost:
        """Return what so many tokens would cost with a tier's first target: an estimate, for another model counts otherwise."""
        quote = self._quotes[self._tiers.of(tier).targets[0].model]
        return Cost(usd_of(quote, usage), CostSource.ESTIMATED, quote)

    def valued(self, answer: Answer, tier: Tier, usage: Usage | None) -> Answer:
        """Return an answer of so many tokens with what the frontier model would have cost in its place.

        One of the cache also with what the tier that it stood in for would have cost. The counts are those of the model that
        answered: another would have counted and said a little more or less.
        """
        if answer.tier is Tier.FRONTIER:
            costs = [attempt.cost.usd for attempt in answer.attempts if attempt.tier is Tier.FRONTIER and attempt.outcome in MAY_BE_BILLED]
            return replace(answer, frontier_usd=None if None in costs else sum(filter(None, costs), Decimal(0)))
        if usage is None:
            return answer
        saved = self.of(tier, usage) if answer.tier is Tier.CACHE else None
        return replace(answer, saved=saved, frontier_usd=self.of(Tier.FRONTIER, usage).usd)

    def _call(self, target: Target, prompt: Prompt) -> Decimal:
        return usd_of(self._quotes[target.model], Usage(most_tokens(prompt), target.max_output_tokens))


def most_tokens(prompt: Prompt) -> int:
    """Return a bound of the tokens that a prompt can have: no tokenizer in use makes a token of less than a byte."""
    texts = (prompt.instructions, prompt.text, *(turn.text for turn in prompt.context))
    return sum(len(text.encode("utf-8", "surrogatepass")) + MESSAGE_TOKENS for text in texts)
