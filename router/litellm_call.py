"""One call of a chat model through LiteLLM: whole or as a stream, with a first-byte limit, a deadline, and a checked end."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from router.litellm_errors import failure_of
from router.litellm_setup import litellm
from router.sources import named
from router.types import ModelFailure, Outcome, Prompt, Source, Usage

SILENT = "silent"
LATE = "deadline"
NOBODY = "http://127.0.0.1:9/v1"
"""An address on this machine where nobody listens: the port of a service that is long gone (RFC 863)."""
WARM_UP_S = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of which model, as LiteLLM names it. `first_byte_s` asks for a stream that may never be silent for longer."""

    model: str
    messages: list[dict[str, str]]
    timeout_s: float
    first_byte_s: float | None = None
    max_tokens: int | None = None
    api_base: str | None = None
    api_key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What came back, unchecked apart from `sources`.

    `finish` is empty when the provider did not end its answer, `usage` None when it told none.
    """

    text: str
    model: str
    finish: str
    usage: Usage | None
    headers: Mapping[str, str]
    sources: tuple[Source, ...] = ()


def messages_of(prompt: Prompt) -> list[dict[str, str]]:
    """Return the prompt in the protocol's form: instructions, earlier turns, question."""
    turns = [{"role": "assistant" if turn.assistant else "user", "content": turn.text} for turn in prompt.context]
    return [{"role": "system", "content": prompt.instructions}, *turns, {"role": "user", "content": prompt.text}]


async def call(request: Request) -> Said:
    """Make one call, without retries. Raises ModelFailure, nothing else.

    LiteLLM's own timeout ends a silent connection but not a dripping one: the deadline is ours.
    """
    try:
        async with asyncio.timeout(request.timeout_s):
            if request.first_byte_s is None:
                return await _whole(request)
            return await _streamed(request, request.first_byte_s)
    except ModelFailure:
        raise
    except TimeoutError as error:
        raise ModelFailure(Outcome.TIMEOUT, LATE) from error
    except Exception as error:
        raise failure_of(error) from error


async def warm_up() -> None:
    """Make a call that is refused at once: LiteLLM loads half of itself in its first one, which is no part of anybody's deadline."""
    with contextlib.suppress(ModelFailure):
        await call(Request("openai/none", [{"role": "user", "content": "-"}], WARM_UP_S, api_base=NOBODY, api_key="none"))


async def _whole(request: Request) -> Said:
    response = await litellm.acompletion(
        model=request.model,
        messages=request.messages,
        max_tokens=request.max_tokens,
        api_base=request.api_base,
        api_key=request.api_key,
        extra_headers=dict(request.headers) or None,
        timeout=request.timeout_s,
        num_retries=0,
        max_retries=0,
    )
    if not isinstance(response, litellm.ModelResponse):
        raise ModelFailure(Outcome.BAD_ANSWER, type(response).__name__)
    choice = response.choices[0] if response.choices else None
    text = (choice.message.content if choice else None) or ""
    headers = {str(name).lower(): str(value) for name, value in dict(getattr(response, "_response_headers", None) or {}).items()}
    finish = (choice.finish_reason if choice else "") or ""
    sources = named(_numbered(response), _annotations(choice.message if choice else None))
    return Said(text, response.model or "", finish, _usage(response), headers, sources)


async def _streamed(request: Request, patience_s: float) -> Said:
    """Put an answer together from its stream.

    LiteLLM reports a stream that just ends as finished, with usage that it counted itself: what the provider sent is told by
    `received_finish_reason` and by the chunks that LiteLLM kept (BerriAI/litellm, streaming_handler.py).
    """
    now = asyncio.get_running_loop().time
    patience = asyncio.timeout(patience_s)
    try:
        async with patience:
            stream = await _open(request)
            patience.reschedule(None)
            async with contextlib.aclosing(stream):
                text, finish, usage = "", "", None
                numbered, annotations = list[object](), list[object]()
                async for chunk in stream:
                    numbered += _numbered(chunk)
                    if chunk.choices:
                        text += chunk.choices[0].delta.content or ""
                        annotations += _annotations(chunk.choices[0].delta)
                        finish = chunk.choices[0].finish_reason or finish
                    usage = _usage(chunk) or usage
                    if text:
                        patience.reschedule(now() + patience_s)
    except TimeoutError as error:
        # Ours has expired, or the deadline of the whole call has, which its owner tells.
        if patience.expired():
            raise ModelFailure(Outcome.TIMEOUT, SILENT) from error
        raise
    reported = any(_usage(kept) for kept in stream.chunks)
    ended = stream.received_finish_reason or stream.intermittent_finish_reason
    model = stream._provider_response_model or stream.model or ""  # noqa: SLF001 (the only place where LiteLLM keeps who answered)
    return Said(text, model, finish if ended else "", usage if reported else None, {}, named(numbered, annotations))


async def _open(request: Request) -> litellm.CustomStreamWrapper:
    """Start a stream; it is there once the provider has begun to answer."""
    stream = await litellm.acompletion(
        model=request.model,
        messages=request.messages,
        max_tokens=request.max_tokens,
        api_base=request.api_base,
        api_key=request.api_key,
        timeout=request.timeout_s,
        num_retries=0,
        max_retries=0,
        stream=True,
        stream_options={"include_usage": True},
        drop_params=True,
    )
    if not isinstance(stream, litellm.CustomStreamWrapper):
        raise ModelFailure(Outcome.BAD_ANSWER, type(stream).__name__)
    if stream.completion_stream is None:
        await stream.fetch_stream()
    return stream


def _numbered(response: object) -> list[object]:
    """Return what Perplexity and its like tell beside the choices; LiteLLM passes it on."""
    return [one for name in ("citations", "search_results") for one in _listed(response, name)]


def _annotations(message: object) -> list[object]:
    """Return what OpenAI and its like tell in the message, or in a piece of it."""
    return _listed(message, "annotations")


def _listed(holder: object, name: str) -> list[object]:
    held = getattr(holder, name, None)
    return held if isinstance(held, list) else []


def _usage(response: object) -> Usage | None:
    """Return the token counts of a response or a chunk, None where it has none."""
    usage = getattr(response, "usage", None)
    if usage is None:
        return None
    cached = getattr(usage.prompt_tokens_details, "cached_tokens", None) or 0
    reasoning = getattr(usage.completion_tokens_details, "reasoning_tokens", None) or 0
    return Usage(usage.prompt_tokens or 0, usage.completion_tokens or 0, cached, reasoning)
