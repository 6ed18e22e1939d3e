"""Streamed messages as Teams takes them: one to one only, in order, each piece the whole text so far."""

from dataclasses import dataclass, field

from tests.fakes.slack.json_values import JsonObject, as_objects, text_at

ONE_TO_ONE = "a:"


@dataclass
class Stream:
    """A message that is being written: its id, its pieces, and whether it is over."""

    id: str
    pieces: list[str] = field(default_factory=list)
    sequence: int = 0
    over: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a piece: an HTTP status, an error's code and message, and the stream that it belongs to."""

    status: int
    code: str = ""
    message: str = ""
    stream: Stream | None = None


def stream_info(activity: JsonObject) -> JsonObject | None:
    """Return what an activity says of a stream; None when it is not part of one."""
    return next((one for one in as_objects(activity.get("entities")) if text_at(one, "type") == "streaminfo"), None)


class Streams:
    """The streams of all chats."""

    def __init__(self) -> None:
        self.all: list[Stream] = []

    def take(self, conversation: str, activity: JsonObject, info: JsonObject, fresh_id: str) -> Verdict:
        """Take a piece, or the end of a stream (learn.microsoft.com, Stream bot messages)."""
        if not conversation.startswith(ONE_TO_ONE):
            return Verdict(405, "BadArgument", "Streaming API is not enabled for this conversation type.")
        stream = next((one for one in self.all if one.id == text_at(info, "streamId")), None)
        if stream is None:
            stream = Stream(fresh_id)
            self.all.append(stream)
        if stream.over:
            return Verdict(403, "ContentStreamNotAllowed", "Content stream is not allowed on an already completed streamed message.")
        if text_at(info, "streamType") == "final":
            stream.over = True
            return Verdict(202, stream=stream)
        sequence = info.get("streamSequence")
        if not isinstance(sequence, int) or sequence <= stream.sequence:
            return Verdict(202, "ContentStreamSequenceOrderPreConditionFailed", "PreCondition failed exception during processing.")
        first, stream.sequence = stream.sequence == 0, sequence
        stream.pieces.append(text_at(activity, "text"))
        return Verdict(201 if first else 202, stream=stream)
