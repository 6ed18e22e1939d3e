"""Shows "is working on it" under a thread's composer, as best it can."""

import logging

from adapters.slack.trail import thread_of
from adapters.slack.web import SlackWeb
from bot.types import DeliveryFailure, Question

STATUS = "is working on it…"
DEADLINE_S = 3.0

_FINAL = frozenset({"unknown_method", "missing_scope", "not_allowed_token_type", "no_permission", "method_deprecated"})

_log = logging.getLogger(__name__)


class Status:
    """The status of threads. Whatever goes wrong with it is of no matter, and a workspace without it is not asked again."""

    def __init__(self, web: SlackWeb) -> None:
        self._web = web
        self._off = False

    async def show(self, question: Question, status: str = STATUS) -> None:
        """Set a thread's status; Slack takes it away after two minutes or with our next message. Raises nothing."""
        channel, thread = question.conversation.channel, thread_of(question)
        if self._off or not thread:
            return
        try:
            await self._web.call(
                lambda client: client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=status),
                DEADLINE_S,
            )
        except DeliveryFailure as failure:
            self._off = failure.code in _FINAL
            _log.debug("no status question=%s code=%s", question.id, failure.code)

    async def clear(self, question: Question) -> None:
        """Take the status away: an updated message does not. Raises nothing."""
        await self.show(question, "")
