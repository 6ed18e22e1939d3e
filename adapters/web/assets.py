"""The page's own files, read once."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("static")
PAGE = "index.html"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its text and media type."""

    name: str
    text: str
    media_type: str


def read_assets() -> tuple[Asset, ...]:
    """Read every file of the page. What is not among them cannot be asked for."""
    return tuple(
        Asset(file.name, file.read_text(encoding="utf-8"), _TYPES[file.suffix])
        for file in sorted(FOLDER.iterdir())
        if file.suffix in _TYPES
    )
