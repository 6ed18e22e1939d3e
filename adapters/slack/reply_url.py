"""Which reply addresses are used, and how a reply at one treats the message that stands there."""

from enum import StrEnum
from urllib.parse import urldefrag, urlsplit

HOOKS = "hooks.slack.com"
"""The only host that Slack gives as `response_url`."""


class Manner(StrEnum):
    """How an answer is shown at a reply address.

    A command's address has no message yet: the placeholder is posted there and the answer replaces it. A button's
    address belongs to the message with the button: the reply either replaces that message or follows it.
    """

    COMMAND = ""
    REPLACE = "replace"
    APPEND = "append"


def accepted(url: str, api_url: str, manner: Manner = Manner.COMMAND) -> str:
    """Return the address with its manner as a fragment, or nothing when it is not Slack's.

    Only https at Slack's hooks host counts, and the host of the configured Web API, so that a payload can never send
    our answers elsewhere.
    """
    parts = urlsplit(_split_safely(url))
    api = urlsplit(api_url)
    slack = parts.scheme == "https" and parts.netloc == HOOKS
    own = bool(api.netloc) and (parts.scheme, parts.netloc) == (api.scheme, api.netloc)
    if not (slack or own):
        return ""
    bare = urldefrag(url).url
    return f"{bare}#{manner.value}" if manner.value else bare


def manner_of(url: str) -> Manner:
    """Return how a reply at an accepted address is shown."""
    fragment = urldefrag(url).fragment
    return next((manner for manner in Manner if manner.value == fragment), Manner.COMMAND)


def _split_safely(url: str) -> str:
    """Return the URL, or nothing when it is no URL at all (unbalanced brackets, control characters)."""
    if not url.isprintable() or " " in url or "\\" in url:
        return ""
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url
