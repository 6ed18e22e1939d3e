"""Finds our own messages again by the metadata that each of them carries, and reads what others said before."""

from dataclasses import dataclass

from slack_sdk.models.metadata import Metadata

from adapters.fields import Fields
from adapters.slack.web import SlackWeb
from bot.types import DeliveryFailure, Question

EVENT_TYPE = "switchboard_answer"

ANNOUNCED = Metadata(event_type="switchboard_announcement", event_payload={"part": 0})
"""The metadata of what answers no question."""

PAGE = 200
PAGES = 5
"""How far a look goes: an answer that is further down than this was not posted a moment ago."""

_UNREADABLE = frozenset({"channel_not_found", "not_in_channel", "thread_not_found", "is_archived"})
"""Where nothing can be read, nothing of ours can stand either."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of our messages about a question: part 0 is the answer's beginning, which carries badge and buttons."""

    number: int
    ts: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages to read: of a thread, or of the channel itself when `thread` is empty. The bounds are ts, inclusive."""

    channel: str
    thread: str
    oldest: str = ""
    latest: str = ""


def mark(question: Question, part: int) -> Metadata:
    """Return the metadata by which a message is found again."""
    return Metadata(event_type=EVENT_TYPE, event_payload={"question": question.id, "part": part})


def thread_of(question: Question) -> str:
    """Return the ts of the thread that an answer goes to; empty for one that stands in the channel itself."""
    return question.conversation.thread or (question.source.message if question.source else "")


def since_asked(question: Question) -> Stretch:
    """Return where an answer to a question may stand. Without a message the clocks are ours and Slack's, so 10 min are allowed."""
    oldest = question.source.message if question.source else f"{question.asked_at.timestamp() - 600:.6f}"
    return Stretch(question.conversation.channel, thread_of(question), oldest=oldest)


def before_asked(question: Question) -> Stretch:
    """Return the question's thread up to the question."""
    return Stretch(question.conversation.channel, thread_of(question), latest=question.source.message if question.source else "")


def is_ours(message: Fields) -> bool:
    """Whether a message carries our mark; only a bot's message can."""
    return message.text("metadata", "event_type") == EVENT_TYPE and bool(message.text("bot_id"))


async def parts_in(web: SlackWeb, question: Question, stretch: Stretch) -> tuple[Part, ...]:
    """Return our messages about a question, by number.

    Raises DeliveryFailure, in doubt as before, when the conversation cannot be read now.
    """
    found: dict[int, str] = {}
    for message in await read(web, stretch):
        payload = message.at("metadata", "event_payload")
        number = payload.whole("part")
        if is_ours(message) and payload.text("question") == question.id and number is not None:
            found.setdefault(number, message.text("ts"))
    return tuple(Part(number, found[number]) for number in sorted(found))


async def read(web: SlackWeb, stretch: Stretch) -> tuple[Fields, ...]:
    """Return messages as Slack orders them: a thread's oldest first. Raises DeliveryFailure."""
    messages: list[Fields] = []
    cursor = ""
    for _ in range(PAGES):
        try:
            page = await _page(web, stretch, cursor)
        except DeliveryFailure as failure:
            if failure.code in _UNREADABLE:
                break
            raise DeliveryFailure(failure.code, retry_after_s=failure.retry_after_s, in_doubt=True) from failure
        messages += page.items("messages")
        cursor = page.text("response_metadata", "next_cursor")
        if not cursor:
            break
    return tuple(messages)


async def _page(web: SlackWeb, stretch: Stretch, cursor: str) -> Fields:
    """Read one page, by the method's name: the SDK's wrappers differ in what they let through."""
    bounds = {"cursor": cursor, "oldest": stretch.oldest, "latest": stretch.latest, "ts": stretch.thread}
    given = {name: value for name, value in bounds.items() if value}
    params = {"channel": stretch.channel, "limit": PAGE, "inclusive": 1, "include_all_metadata": 1, **given}
    method = "conversations.replies" if stretch.thread else "conversations.history"
    response = await web.call(lambda client: client.api_call(method, params=params))
    return Fields(response.data)
