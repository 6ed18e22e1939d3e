"""What the admin token opens, and what is derived from it: session ids and form tokens. A new token ends every session."""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.config import ADMIN_TOKEN_BYTES, Settings, SettingsError

TOKEN_FILE = "admin-token"  # noqa: S105 (a file's name)
TOO_SHORT = f"{{file}}: an admin token has at least {ADMIN_TOKEN_BYTES} bytes; delete the file, and the next start makes a new one"


class Keys:
    """Compares and derives in constant time; no method tells anything of the token itself."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def opens(self, given: str) -> bool:
        """Tell whether this is the admin token."""
        return hmac.compare_digest(self._mac("token", given), self._mac("token", self._token.decode()))

    def session_id(self, cookie: str) -> str:
        """Return the id under which a cookie's session is kept: who reads the database cannot make a cookie of it."""
        return self._mac("session", cookie)

    def form_token(self, cookie: str) -> str:
        """Return what every form of a cookie's holder carries, which another site cannot know."""
        return self._mac("form", cookie)

    def is_form_token(self, cookie: str, given: str) -> bool:
        """Tell whether a form carries what it must."""
        return hmac.compare_digest(self.form_token(cookie), given.encode("ascii", "replace").decode("ascii"))

    def _mac(self, purpose: str, value: str) -> str:
        return hmac.new(self._token, f"{purpose}:{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def new_cookie() -> str:
    """Make a value that nobody can guess."""
    return secrets.token_urlsafe(32)


def admin_token(settings: Settings) -> str | None:
    """Return the token that opens the dashboard: the one that is set, or on loopback one that is kept in the data folder.

    None elsewhere: without a token of its own, a dashboard that others can reach does not start. Raises SettingsError.
    """
    if settings.admin_token:
        return settings.admin_token.get_secret_value().strip()
    return _kept_token(settings.data) if settings.on_loopback else None


def _kept_token(folder: Path) -> str:
    """Read the data folder's token, and make it where there is none; only this user can read the file."""
    file = folder / TOKEN_FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, whoever else starts at the same moment.
        with NamedTemporaryFile("w", dir=folder, encoding="ascii") as made:
            made.write(f"{secrets.token_urlsafe(ADMIN_TOKEN_BYTES)}\n")
            made.flush()
            with contextlib.suppress(FileExistsError):
                os.link(made.name, file)
    return _read(file)


def _read(file: Path) -> str:
    token = file.read_text(encoding="utf-8", errors="replace").strip()
    if len(token.encode()) < ADMIN_TOKEN_BYTES:
        raise SettingsError(TOO_SHORT.format(file=file))
    return token
