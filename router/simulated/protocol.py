"""The OpenAI chat protocol as the simulated models speak it: what they read, what they send, and how tokens are counted."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict

from router.simulated.faults import Fault
from router.types import Source, Turn, Usage

CHARS_PER_TOKEN = 4
"""English prose has about four characters a token with the current tokenizers."""

TOKENS_PER_MESSAGE = 4
"""What a message's role and borders cost on top of its text, as OpenAI's counting guide has it, rounded up."""

ABSURD_TOKENS = 10**9


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str = ""


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    role: str
    content: str | tuple[_Part, ...] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "".join(part.text for part in self.content or ())


class _StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    include_usage: bool = False


class ChatRequest(BaseModel):
    """The body of `POST /v1/chat/completions`; fields that a simulated model has no use for are ignored, as real servers do."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: str
    messages: tuple[_Message, ...]
    stream: bool = False
    stream_options: _StreamOptions = _StreamOptions()
    max_tokens: int | None = None
    max_completion_tokens: int | None = None

    @property
    def question(self) -> str:
        """The last user message; empty when there is none."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def earlier(self) -> tuple[Turn, ...]:
        """The user and assistant messages before the question, oldest first."""
        said = [message for message in self.messages if message.role in {"user", "assistant"}]
        last = max((at for at, message in enumerate(said) if message.role == "user"), default=0)
        return tuple(Turn(message.text, message.role == "assistant") for message in said[:last])

    @property
    def output_limit(self) -> int | None:
        """The tokens that the answer may have, under its new or its old name; None is no limit."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def prompt_tokens(self) -> int:
        """Tokens of all messages by the rule of `count_tokens`."""
        return sum(TOKENS_PER_MESSAGE + count_tokens(message.text) for message in self.messages)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a simulated model answers: `text` None is a null content, `finish` None is a stream that just ends, `usage` None is not told.

    `sources` go with it as annotations, as OpenAI's models send them that search the web.
    """

    model: str
    text: str | None
    finish: str | None
    usage: Usage | None
    sources: tuple[Source, ...] = ()


def count_tokens(text: str) -> int:
    """Return the tokens of a text: its characters by four, rounded up. Simple, and the same for everybody who checks a bill."""
    return -(-len(text) // CHARS_PER_TOKEN)


def complete_choice(request: ChatRequest, text: str) -> Choice:
    """Return the good answer to a request, cut with `finish_reason: length` where the request's limit of tokens is reached."""
    limit = request.output_limit
    finish = "stop"
    if limit is not None and count_tokens(text) > limit:
        text, finish = text[: limit * CHARS_PER_TOKEN], "length"
    return Choice(request.model, text, finish, Usage(request.prompt_tokens, count_tokens(text)))


def spoil(choice: Choice, fault: Fault | None) -> Choice:
    """Return the choice as a provider with this fault sends it; a fault that is not one of content leaves it as it is."""
    text = choice.text or ""
    half = text[: len(text) // 2]
    spoiled = {
        Fault.TRUNCATED: replace(choice, text=half, finish="length"),
        Fault.CONTENT_FILTER: replace(choice, text=half, finish="content_filter"),
        Fault.EMPTY: replace(choice, text=" \n"),
        Fault.NULL_CONTENT: replace(choice, text=None),
        Fault.MISSING_USAGE: replace(choice, usage=None),
        Fault.ABSURD_USAGE: replace(choice, usage=Usage(-1, ABSURD_TOKENS)),
    }
    return choice if fault is None else spoiled.get(fault, choice)


def completion_body(choice: Choice, *, with_choice: bool = True) -> bytes:
    """Return the JSON of a whole answer; without its choice it is the `choices: []` that some gateways send."""
    message = {"role": "assistant", "content": choice.text} | _annotated(choice)
    body = _head(choice, "chat.completion") | {
        "choices": [{"index": 0, "message": message, "finish_reason": choice.finish}] if with_choice else [],
    }
    if choice.usage is not None:
        body["usage"] = _usage(choice.usage)
    return json.dumps(body).encode()


def stream_events(choice: Choice, *, include_usage: bool, with_choice: bool = True) -> Iterator[bytes]:
    """Yield the server-sent events of a streamed answer, a few words each; without a finish reason the stream just ends.

    Without its choice every event has an empty list of them.
    """
    if not with_choice:
        yield _sse(_head(choice, "chat.completion.chunk") | {"choices": []})
        yield b"data: [DONE]\n\n"
        return
    yield _event(choice, {"role": "assistant", "content": ""}, None)
    words = (choice.text or "").split(" ")
    for at in range(0, len(words), 4):
        piece = " ".join(words[at : at + 4])
        yield _event(choice, {"content": piece if at + 4 >= len(words) else piece + " "}, None)
    if choice.finish is None:
        return
    yield _event(choice, _annotated(choice), choice.finish)
    if include_usage and choice.usage is not None:
        yield _sse(_head(choice, "chat.completion.chunk") | {"choices": [], "usage": _usage(choice.usage)})
    yield b"data: [DONE]\n\n"


def _annotated(choice: Choice) -> dict[str, object]:
    where = {"start_index": 0, "end_index": len(choice.text or "")}
    cited = [{"type": "url_citation", "url_citation": {"title": one.title, "url": one.url} | where} for one in choice.sources]
    return {"annotations": cited} if cited else {}


def _event(choice: Choice, delta: Mapping[str, object], finish: str | None) -> bytes:
    return _sse(_head(choice, "chat.completion.chunk") | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _sse(body: dict[str, object]) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


def _head(choice: Choice, kind: str) -> dict[str, object]:
    return {"id": f"chatcmpl-simulated-{time.monotonic_ns()}", "object": kind, "created": int(time.time()), "model": choice.model}


def _usage(usage: Usage) -> dict[str, int]:
    total = usage.prompt + usage.completion
    return {"prompt_tokens": usage.prompt, "completion_tokens": usage.completion, "total_tokens": total}
