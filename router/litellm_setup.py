"""LiteLLM, imported once and made quiet: no price list from the internet, no retries of its own, no logs of questions."""

import asyncio
import contextlib
import logging
import os
import warnings

__all__ = ["close_clients", "litellm", "quieten"]

LOOPBACK = "127.0.0.1,localhost"


def _prepare_environment() -> None:
    """Set what LiteLLM reads at its import: no price list from the internet, no `.env` file behind our back.

    Its HTTP client follows HTTP_PROXY, which must never apply to the simulated models on loopback.
    """
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    for name in ("NO_PROXY", "no_proxy"):
        if LOOPBACK not in os.environ.get(name, ""):
            os.environ[name] = ",".join(filter(None, (os.environ.get(name), LOOPBACK)))


_prepare_environment()

import litellm  # noqa: E402 (reads the environment that the lines above prepare)
from litellm.litellm_core_utils.logging_worker import GLOBAL_LOGGING_WORKER  # noqa: E402 (as above)
from litellm.llms.custom_httpx.async_client_cleanup import close_litellm_async_clients  # noqa: E402 (as above)
from litellm.types.utils import Delta, StreamingChoices  # noqa: E402 (as above)

SETTLE_S = 1.0

QUIET_LOGGERS = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")
"""Loggers that write requests, and so people's questions, at DEBUG."""


def quieten() -> None:
    """Turn off whatever LiteLLM and its clients print, log or send about a call. Made once, when this module is imported.

    LiteLLM finishes the types of an answer in the first call, where pydantic warns about one of them: that is done here, quietly.
    """
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.disable_hf_tokenizer_download = True
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Item 'summary' on TypedDict class", category=UserWarning)
        litellm.ModelResponse(choices=[litellm.Choices(message=litellm.Message())])
        litellm.ModelResponseStream(choices=[StreamingChoices(delta=Delta())])


async def close_clients() -> None:
    """Close the HTTP clients that LiteLLM keeps for this event loop, and its logging task. The next call makes new ones.

    What is left in its log would be carried over to another loop, with a warning.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_S):
            await GLOBAL_LOGGING_WORKER.flush()
    await GLOBAL_LOGGING_WORKER.stop()
    await close_litellm_async_clients()  # type: ignore[no-untyped-call]  # LiteLLM leaves these two without annotations
    litellm.in_memory_llm_clients_cache.flush_cache()  # type: ignore[no-untyped-call]


quieten()
