"""Answers one question: its scope, its context and its budget, then the router; never a word of an error's own text."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.budgets import Budgets, QuestionPurse
from bot.courier import Threads
from bot.denials import cautioned_by, failed_by
from bot.replies import Cause, Caution, Concern, Failed, Offer
from bot.store.records import Records
from bot.store.result import Result
from bot.types import Conversation, Kind, Platform, Question
from bot.wording import OUTCOMES, TIERS
from router.cascade import Router
from router.policy import Channel, Policy
from router.redaction import HIDDEN, redacted
from router.types import Answer, Attempt, Mode, NoAnswer, Outcome, Purpose, Query, Scope, Tier, Turn, Visibility

TOO_LONG = "Your question is too long: {length:,} characters, and the limit here is {limit:,}. Send the part that matters."
TURNED_OFF = "I am turned off in this channel."
NO_ANSWER = "{tried}. {charged}"
NOTHING_CHARGED = "Nothing was charged."
CHARGED = "The attempts cost ${usd:.4f}."
REFUSED = "The model refused this question. Ask it another way."
MODEL_TOO_LONG = "This is more text than the model can read at once. Send the part that matters."
NOT_ALLOWED = "no tier may be called"
BEST_EFFORT = "{tried}. This is the small model's answer, so check it."
REDACTED = (
    "I took what looks like a secret out of your question before it was stored or sent to a model. "
    "If it is in use, change it: it has been written in a chat."
)

PROBE = "Reply with the one word: ready."

_log = logging.getLogger(__name__)


def scope_of(question: Question, public: str) -> Scope:
    """Return who may be served this question's answer; `public` is the policy's `scopes.public` (tenant or channel).

    The only place where a scope is made. A private reply belongs to its asker, wherever it was asked.
    """
    place = question.conversation
    if question.private or place.visibility is Visibility.DIRECT:
        return Scope(place.tenant, Visibility.DIRECT, question.user)
    if place.visibility is Visibility.PRIVATE or public == "channel":
        return Scope(place.tenant, Visibility.PRIVATE, place.channel)
    return Scope(place.tenant, Visibility.PUBLIC)


class Assistant:
    """Turns a question into a Result. `threads` reads what was said on a platform before we were asked."""

    def __init__(self, router: Router, records: Records, policy: Policy, threads: Mapping[Platform, Threads], budgets: Budgets) -> None:
        self._router = router
        self._records = records
        self._policy = policy
        self._threads = threads
        self._budgets = budgets

    async def answer(self, question: Question) -> Result:
        """Answer, or say in plain words why not. Raises StoreUnavailable, nothing else on purpose."""
        channel = self._policy.channels.get(question.conversation.channel, Channel())
        mode = channel.mode or self._policy.mode
        limit = self._policy.scopes.max_question_chars
        if not channel.enabled:
            return _declined(mode, Failed(TURNED_OFF, Cause.TURNED_OFF))
        if len(question.text) > limit:
            return _declined(mode, Failed(TOO_LONG.format(length=len(question.text), limit=limit), Cause.TOO_LONG))
        query = self._query(question, channel, await self._context(question))
        result = _warned(await self._route(query, self._budgets.purse(question)), question)
        return _unseen(result) if question.kind is Kind.AUDIT else result

    async def probe(self, question: Question, tier: Tier | None) -> tuple[Attempt, ...]:
        """Ask a tier, or any, for a word on behalf of a question, to learn whether it answers; return the attempts."""
        scope = scope_of(question, self._policy.scopes.public)
        query = Query(PROBE, scope, mode=Mode.OFF, forced=tier or Tier.SMALL, strict=tier is not None, fresh=True, id=question.id)
        try:
            attempts = (await self._router.route(query, self._budgets.purse(question))).attempts
        except NoAnswer as failed:
            attempts = failed.attempts
        return tuple(replace(attempt, purpose=Purpose.PROBE) for attempt in attempts)

    def _query(self, question: Question, channel: Channel, context: tuple[Turn, ...]) -> Query:
        escalated = question.kind is Kind.ESCALATE
        preferred = Tier(channel.tier) if channel.tier else None
        return Query(
            text=question.text,
            scope=scope_of(question, self._policy.scopes.public),
            context=context,
            mode=channel.mode or self._policy.mode,
            forced=Tier.FRONTIER if escalated else preferred,
            strict=escalated,
            ceiling=Tier.SMALL if question.kind is Kind.SMALL else Tier.FRONTIER,
            fresh=question.kind not in (Kind.ASK, Kind.SMALL),
            id=question.id,
            user=question.user,
        )

    async def _route(self, query: Query, purse: QuestionPurse) -> Result:
        operators = bool(self._policy.alerts.channel)
        try:
            answer = await self._router.route(query, purse)
        except NoAnswer as failed:
            _log.warning("no answer: %s", _tried(failed.attempts) or NOT_ALLOWED)
            return Result(query.mode, failed.decision, failed.attempts, None, failure=_failure(failed, purse, operators=operators))
        caution = cautioned_by(purse.denial, operators=operators) if purse.denial and answer.tier is Tier.SMALL else None
        if answer.best_effort:
            caution = Caution(Concern.BEST_EFFORT, BEST_EFFORT.format(tried=_sentence(answer.attempts[:-1])), offers=(Offer.TELL_ME,))
        can_escalate = purse.denial is None and _can_escalate(answer, query)
        return Result(query.mode, answer.decision, answer.attempts, answer, can_escalate=can_escalate, caution=caution)

    async def _context(self, question: Question) -> tuple[Turn, ...]:
        """Return what was said before: our own record of the thread, else what the platform tells.

        What the cache answered needed nothing of its thread, so neither does its audit.
        """
        limit = self._policy.scopes.context_turns
        if not limit or question.private or question.kind is Kind.AUDIT:
            return ()
        ours = await self._records.turns(question.conversation, await self._first_asked(question), limit)
        reader = self._threads.get(question.conversation.platform)
        if ours or reader is None or not _is_reply(question):
            return ours
        return tuple(replace(turn, text=redacted(turn.text)) for turn in await reader.turns(question, limit))

    async def _first_asked(self, question: Question) -> datetime:
        """Return when a question was asked for the first time: asked again it leads to what it led to then, not to its own answer."""
        while question.parent and (earlier := await self._records.get(question.parent)):
            question = earlier.question
        return question.asked_at


def _warned(result: Result, question: Question) -> Result:
    """Return the result with a word on the secret that was in its question, unless there is something more urgent to say."""
    if result.answer is None or result.caution or HIDDEN not in question.text:
        return result
    return replace(result, caution=Caution(Concern.REDACTED, REDACTED))


def _unseen(result: Result) -> Result:
    """Return the result of an audit, which looks at a hit: it must not change what is served."""
    made = tuple(replace(attempt, purpose=Purpose.AUDIT) for attempt in result.attempts)
    answer = replace(result.answer, attempts=made, entry=None) if result.answer else None
    return replace(result, attempts=made, answer=answer)


def _declined(mode: Mode, failure: Failed) -> Result:
    return Result(mode, None, (), None, failure=failure)


def _can_escalate(answer: Answer, query: Query) -> bool:
    """Whether a dearer tier is left to ask; for a cached answer there is "Ask again live" instead."""
    return query.ceiling is Tier.FRONTIER and answer.tier is Tier.SMALL


def _is_reply(question: Question) -> bool:
    place: Conversation = question.conversation
    return bool(place.thread) and (question.source is None or place.thread != question.source.message)


def _tried(attempts: Sequence[Attempt]) -> str:
    """Return in words how the attempts to answer ended; a judge was not asked to answer."""
    made = [attempt for attempt in attempts if attempt.purpose is Purpose.ANSWER]
    return ", ".join(f"{TIERS[attempt.tier].lower()} {attempt.target} {OUTCOMES[attempt.outcome]}" for attempt in made)


def _sentence(attempts: Sequence[Attempt]) -> str:
    tried = _tried(attempts)
    return tried[:1].upper() + tried[1:]


def _failure(failed: NoAnswer, purse: QuestionPurse, *, operators: bool) -> Failed:
    """Say what failed. What every model would turn down is not tried again; all else is."""
    if purse.denial and not any(attempt.purpose is Purpose.ANSWER for attempt in failed.attempts):
        return failed_by(purse.denial, small_is_left=purse.small_is_left, operators=operators)
    last = failed.attempts[-1].outcome
    if last is Outcome.REFUSED:
        return Failed(REFUSED, Cause.REFUSED)
    if last is Outcome.TOO_LONG:
        return Failed(MODEL_TOO_LONG, Cause.TOO_LONG)
    spent = sum((attempt.cost.usd for attempt in failed.attempts if attempt.cost.usd), Decimal(0))
    charged = CHARGED.format(usd=spent) if spent else NOTHING_CHARGED
    text = NO_ANSWER.format(tried=_sentence(failed.attempts), charged=charged)
    return Failed(text, Cause.ALL_DOWN, offers=(Offer.TRY_AGAIN, Offer.TELL_ME))
