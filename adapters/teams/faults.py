"""THE table from what Teams's connector answers to the bot's delivery failures.

412, 429                  not taken: try again, when Retry-After says or soon
500, 502, 503, 504        it may have been taken all the same: try again, in doubt
404 of a message          gone: what stands there cannot be replaced
401, and a token refused  an administrator has to act; until then answers wait
every other 4xx           trying the same again cannot help
no connection             nothing was sent: try again
any other exception       it may have arrived: try again, in doubt
"""

import aiohttp

from adapters.bodies import BadBodyError, parse_json, read_stream
from adapters.fields import Fields
from bot.types import DeliveryFailure, MessageGone

SOON_S = 2.0
RATE_LIMIT_S = 5.0
ADMIN_S = 60.0
LONGEST_WAIT_S = 3_600.0

CONFLICT, TOO_MANY = 412, 429
BROKEN = frozenset({500, 502, 503, 504})
UNAUTHORIZED = 401
FORBIDDEN = 403
GONE = 404

UNTARGETABLE = frozenset({400, 403, 404, 405, 501})
"""A tenant or a conversation without private messages, or without streams, answers with one of these."""

UNCHANGEABLE = frozenset({400, 403, 404, 405})
"""What stands there cannot be changed: it is gone, too old, or its stream has ended."""

UNDELETABLE = frozenset({403, 405, 501})
"""It may be changed, but not deleted: a tenant's policy, or a service without this call, such as the Agents Playground."""

LONGEST = 262_144
_WORD_LENGTH = 60


async def read_answer(response: aiohttp.ClientResponse) -> Fields:
    """Read what a service of Microsoft answers; what is no JSON, or too much, says nothing."""
    try:
        return Fields(parse_json(await read_stream(response.content, LONGEST)))
    except BadBodyError:
        return Fields(None)


def by_status(status: int, retry_after: str, body: Fields, *, message: bool) -> DeliveryFailure:
    """Return the failure that an answer is. `message`: an existing message was addressed."""
    code = f"http_{status}" + (f":{_word(body)}" if _word(body) else "")
    if status == GONE and message:
        return MessageGone()
    if status in (CONFLICT, TOO_MANY):
        return DeliveryFailure(code, retry_after_s=_seconds(retry_after, SOON_S if status == CONFLICT else RATE_LIMIT_S))
    if status in BROKEN:
        return DeliveryFailure(code, retry_after_s=_seconds(retry_after, SOON_S), in_doubt=True)
    return DeliveryFailure(code, retry_after_s=ADMIN_S if status == UNAUTHORIZED else None)


def status_of(failure: DeliveryFailure) -> int:
    """Return the HTTP status that a failure came from; 0 for none."""
    number = failure.code.removeprefix("http_").partition(":")[0]
    return int(number) if number.isdecimal() else GONE if isinstance(failure, MessageGone) else 0


def translate(error: Exception) -> DeliveryFailure:
    """Return the delivery failure that an exception of a call is."""
    if isinstance(error, DeliveryFailure):
        return error
    if isinstance(error, aiohttp.ClientConnectorError):
        return DeliveryFailure("unreachable", retry_after_s=SOON_S)
    return DeliveryFailure(f"transport:{type(error).__name__}", retry_after_s=SOON_S, in_doubt=True)


def _word(body: Fields) -> str:
    """Return the connector's own name for an error, such as `BotNotInConversationRoster`."""
    word = body.text("error", "code") or body.text("code")
    return word[:_WORD_LENGTH] if word.isascii() and word.replace("_", "").isalnum() else ""


def _seconds(header: str, otherwise: float) -> float:
    """Return a Retry-After header in seconds."""
    if not header.isascii() or not header.isdigit():
        return otherwise
    return min(max(float(header[:9]), 1.0), LONGEST_WAIT_S)
