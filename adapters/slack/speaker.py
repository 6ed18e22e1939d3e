"""What the ingress itself tells people after it has answered Slack: remarks, dialogs and the Home tab."""

from dataclasses import dataclass

from slack_sdk.models.views import View

from adapters.later import Later
from adapters.slack.hook import Hook, Posting
from adapters.slack.options import SlackOptions
from adapters.slack.outbound import SlackMessage
from adapters.slack.web import SlackWeb
from bot.types import DeliveryFailure

OPEN_S = 2.5
"""A trigger is good for three seconds (docs.slack.dev, Handling user interaction)."""


@dataclass(frozen=True, slots=True)
class Ear:
    """Whom to tell something, and where. `reply_url` is used when it is the only way, as under an ephemeral message."""

    user: str
    channel: str
    thread: str = ""
    reply_url: str = ""


class Speaker:
    """Speaks in tasks of its own: nothing here makes Slack wait, and nothing here may fail a request."""

    def __init__(self, web: SlackWeb, options: SlackOptions, later: Later) -> None:
        self._web = web
        self._hook = Hook(web, options)
        self._later = later

    def whisper(self, ear: Ear, message: SlackMessage) -> None:
        """Tell one person something."""
        self._later.start(self._whisper(ear, message), "remark")

    def open(self, trigger: str, view: View, ear: Ear, otherwise: SlackMessage) -> None:
        """Open a dialog; tell the person `otherwise` when it cannot be opened any more."""
        self._later.start(self._open(trigger, view, ear, otherwise), "dialog")

    def open_over_home(self, trigger: str, view: View, user: str, otherwise: View) -> None:
        """Open a dialog over a person's Home tab; show `otherwise` as that tab when it cannot be opened any more."""
        self._later.start(self._open_over_home(trigger, view, user, otherwise), "dialog")

    def publish(self, user: str, view: View) -> None:
        """Show a person's Home tab."""
        self._later.start(self._publish(user, view), "home tab")

    async def _whisper(self, ear: Ear, message: SlackMessage) -> None:
        try:
            await self._ephemeral(ear, message)
        except DeliveryFailure:
            if not ear.reply_url:
                raise
            await self._hook.send(ear.reply_url, Posting(message))

    async def _ephemeral(self, ear: Ear, message: SlackMessage) -> None:
        await self._web.call(
            lambda client: client.chat_postEphemeral(
                channel=ear.channel,
                user=ear.user,
                text=message.text,
                blocks=message.blocks,
                thread_ts=ear.thread or None,
                link_names=False,
                parse="none",
            ),
        )

    async def _open(self, trigger: str, view: View, ear: Ear, otherwise: SlackMessage) -> None:
        try:
            await self._open_view(trigger, view)
        except DeliveryFailure:
            await self._whisper(ear, otherwise)

    async def _open_over_home(self, trigger: str, view: View, user: str, otherwise: View) -> None:
        try:
            await self._open_view(trigger, view)
        except DeliveryFailure:
            await self._publish(user, otherwise)

    async def _open_view(self, trigger: str, view: View) -> None:
        await self._web.call(lambda client: client.views_open(trigger_id=trigger, view=view), OPEN_S)

    async def _publish(self, user: str, view: View) -> None:
        await self._web.call(lambda client: client.views_publish(user_id=user, view=view))
