"""Writes what one person alone may see: at the reply address that Slack gave, or as an ephemeral message."""

from datetime import timedelta

from adapters.slack.faults import BAD_BLOCKS
from adapters.slack.hook import REFUSED, Hook, Posting
from adapters.slack.options import SlackOptions
from adapters.slack.outbound import SlackMessage, continuation, render
from adapters.slack.plain_layout import downgraded
from adapters.slack.reply_url import Manner, manner_of
from adapters.slack.trail import thread_of
from adapters.slack.web import SlackWeb
from bot.types import DeliveryFailure, MessageRef, Platform, Question, Reply, Withdrawn, Working
from router.types import Clock

RESPONSE, EPHEMERAL = "response:", "ephemeral:"
"""What a `MessageRef.message` starts with where Slack gives no ts that could be updated."""

REPLY_URL_LIFE = timedelta(minutes=29)
"""Slack takes posts to a reply address for 30 minutes (docs.slack.dev, Handling user interaction)."""


class Private:
    """Private answers. None of them can be found again, so in doubt they are shown once more rather than never."""

    def __init__(self, web: SlackWeb, options: SlackOptions, clock: Clock) -> None:
        self._web = web
        self._hook = Hook(web, options)
        self._clock = clock

    async def post(self, question: Question, reply: Reply, *, in_doubt: bool) -> MessageRef:
        """Show the first reply. Raises DeliveryFailure."""
        manner, message = manner_of(question.reply_url), render(question, reply)
        replaces = manner is Manner.REPLACE or (manner is Manner.COMMAND and in_doubt)
        if await self._at_address(question, message, replaces=replaces):
            return _ref(question, RESPONSE)
        if not isinstance(reply, Working):  # an ephemeral placeholder could never become the answer
            await self.whisper(question, message)
        return _ref(question, EPHEMERAL)

    async def update(self, ref: MessageRef, question: Question, reply: Reply) -> None:
        """Replace what was shown where Slack allows it, and follow it where not. Raises DeliveryFailure."""
        at_address = ref.message.startswith(RESPONSE)
        if isinstance(reply, Withdrawn):
            if at_address and manner_of(question.reply_url) is Manner.COMMAND and self._fresh(question):
                await self._hook.send(question.reply_url, Posting(None))
            return
        message = render(question, reply)
        replaces = manner_of(question.reply_url) is not Manner.APPEND
        if at_address and await self._at_address(question, message, replaces=replaces):
            return
        if not isinstance(reply, Working):
            await self.whisper(question, message)

    async def share(self, question: Question, reply: Reply) -> MessageRef | None:
        """Show a public reply at a command's address, which works where we are no member; None when it is used up."""
        shown = await self._at_address(question, render(question, reply), replaces=False)
        return _ref(question, RESPONSE) if shown else None

    async def tell(self, question: Question, reply: Reply) -> None:
        """Tell the asker alone, beside what else was shown. Raises DeliveryFailure."""
        message = render(question, reply)
        if not (question.private and await self._at_address(question, message, replaces=False)):
            await self.whisper(question, message)

    async def whisper(self, question: Question, message: SlackMessage) -> None:
        """Send an ephemeral message, and what is too long for one in further ones. Raises DeliveryFailure."""
        for part in (message, *map(continuation, message.rest)):
            await self._ephemeral(question, part)

    async def _ephemeral(self, question: Question, message: SlackMessage) -> None:
        try:
            await self._post_ephemeral(question, message)
        except DeliveryFailure as failure:
            if failure.code not in BAD_BLOCKS:
                raise
            await self._post_ephemeral(question, downgraded(message))

    async def _post_ephemeral(self, question: Question, message: SlackMessage) -> None:
        await self._web.call(
            lambda client: client.chat_postEphemeral(
                channel=question.conversation.channel,
                user=question.user,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread_of(question) or None,
                link_names=False,
                parse="none",
            ),
        )

    async def _at_address(self, question: Question, message: SlackMessage, *, replaces: bool) -> bool:
        """Show a message at the reply address; False when there is none that takes it."""
        if not question.reply_url or not self._fresh(question):
            return False
        shared = not question.private
        try:
            await self._hook.send(question.reply_url, Posting(message, shared, replaces))
        except DeliveryFailure as failure:
            if failure.code in REFUSED:
                return False
            raise
        for part in map(continuation, message.rest):
            try:
                await self._hook.send(question.reply_url, Posting(part, shared))
            except DeliveryFailure:  # an address takes five posts
                await self._ephemeral(question, part)
        return True

    def _fresh(self, question: Question) -> bool:
        return self._clock() - question.asked_at < REPLY_URL_LIFE


def is_address(ref: MessageRef) -> bool:
    """Whether a reference is one of ours that Slack knows no ts for."""
    return ref.message.startswith((RESPONSE, EPHEMERAL))


def _ref(question: Question, kind: str) -> MessageRef:
    place = question.conversation
    return MessageRef(Platform.SLACK, place.tenant, place.channel, f"{kind}{question.id}")
