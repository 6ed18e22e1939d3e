"""THE table from what Slack and its SDK answer to the bot's delivery failures.

SlackApiError      by Slack's error code; without one, by the HTTP status
ClientConnectorError, other errors before a connection     nothing was sent: try again
any other exception                                        it may have arrived: look before trying again
"""

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.types import DeliveryFailure, MessageGone

SOON_S = 2.0
ADMIN_S = 60.0
UNKNOWN_S = 30.0
RATE_LIMIT_S = 30.0
LONGEST_WAIT_S = 3_600.0

PERMANENT = frozenset(
    {
        *("channel_not_found", "is_archived", "not_in_channel", "user_not_in_channel", "user_not_found", "is_inactive"),
        *("msg_too_long", "no_text", "invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_metadata_format"),
        *("restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
        *("restricted_action_thread_locked", "restricted_action_non_threadable_channel", "cannot_reply_to_message"),
        *("messages_tab_disabled", "as_user_not_supported", "slack_connect_canvas_sharing_blocked", "too_many_attachments"),
        *("metadata_too_large", "markdown_text_conflict", "thread_not_found", "cant_delete_message", "compliance_exports_prevent_deletion"),
        *("expired_url", "used_url", "no_active_hooks"),
    },
)
"""Trying the same again cannot help."""

ADMIN = frozenset(
    {
        *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission", "missing_scope"),
        *("org_login_required", "ekm_access_denied", "enterprise_is_restricted", "access_denied", "team_access_not_granted"),
        *("not_allowed_token_type", "two_factor_setup_required", "team_not_found", "accesslimited"),
    },
)
"""An administrator has to act; until then answers wait."""

TRANSIENT = frozenset(
    {
        *("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"),
        *("external_channel_migrating", "method_deprecated_temporarily", "message_lock_timeout"),
    },
)
"""Slack's own trouble: the message may have been taken all the same."""

RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "update_failed"})
"""What stands there cannot be replaced, so the answer is posted anew."""

BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})


def translate(error: Exception) -> DeliveryFailure:
    """Return the delivery failure that an exception of a Slack call is. Carries Slack's code, never its text."""
    if isinstance(error, DeliveryFailure):
        return error
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return DeliveryFailure("unreachable", retry_after_s=SOON_S)
    return DeliveryFailure(f"transport:{type(error).__name__}", retry_after_s=SOON_S, in_doubt=True)


def by_status(status: int, retry_after: str) -> DeliveryFailure:
    """Return the failure that an HTTP status alone tells; `retry_after` is the header, or empty."""
    if status == 429:  # noqa: PLR2004 (HTTP's Too Many Requests)
        return DeliveryFailure("ratelimited", retry_after_s=_seconds(retry_after))
    if status >= 500:  # noqa: PLR2004 (HTTP's server errors)
        return DeliveryFailure(f"http_{status}", retry_after_s=SOON_S, in_doubt=True)
    return DeliveryFailure(f"http_{status}", retry_after_s=None)


def by_code(code: str, retry_after: str = "") -> DeliveryFailure:
    """Return the failure that Slack's error code means."""
    if code in GONE:
        return MessageGone()
    if code in RATE_LIMITED:
        return DeliveryFailure(code, retry_after_s=_seconds(retry_after))
    if code in PERMANENT:
        return DeliveryFailure(code, retry_after_s=None)
    if code in ADMIN:
        return DeliveryFailure(code, retry_after_s=ADMIN_S)
    if code in TRANSIENT:
        return DeliveryFailure(code, retry_after_s=SOON_S, in_doubt=True)
    return DeliveryFailure(code, retry_after_s=UNKNOWN_S)


def code_of(error: Exception) -> str:
    """Return Slack's error code, or nothing when Slack gave none."""
    response = error.response if isinstance(error, SlackApiError) else None
    data = response.data if isinstance(response, AsyncSlackResponse) else None
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def _answered(error: SlackApiError) -> DeliveryFailure:
    response, code = error.response, code_of(error)
    if isinstance(response, AsyncSlackResponse):
        wait = str(response.headers.get("Retry-After", ""))
        return by_code(code, wait) if code else _without_code(response.status_code, wait)
    if isinstance(response, aiohttp.ClientResponse):  # a body that is no JSON
        return _without_code(response.status, response.headers.get("Retry-After", ""))
    return DeliveryFailure("unreadable", retry_after_s=SOON_S, in_doubt=True)


def _without_code(status: int, retry_after: str) -> DeliveryFailure:
    """Treat a success that cannot be read as one that may have arrived."""
    if status < 400:  # noqa: PLR2004 (HTTP's client errors)
        return DeliveryFailure("unreadable", retry_after_s=SOON_S, in_doubt=True)
    return by_status(status, retry_after)


def _seconds(header: str) -> float:
    """Return a Retry-After header in seconds; an unreadable one counts as Slack's usual half minute."""
    if not header.isascii() or not header.isdigit():
        return RATE_LIMIT_S
    return min(max(float(header[:9]), 1.0), LONGEST_WAIT_S)
