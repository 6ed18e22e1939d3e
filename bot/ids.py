"""Makes the ids of questions."""

import secrets


def new_id() -> str:
    """Make a question's id: short enough to quote, impossible to guess."""
    return "q_" + secrets.token_hex(8)
