"""The files of a page, read once."""

from dataclasses import dataclass
from pathlib import Path

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its text and media type."""

    name: str
    text: str
    media_type: str


def read_assets(folder: Path) -> tuple[Asset, ...]:
    """Read every file of a page. What is not among them cannot be asked for."""
    return tuple(
        Asset(file.name, file.read_text(encoding="utf-8"), _TYPES[file.suffix])
        for file in sorted(folder.iterdir())
        if file.suffix in _TYPES
    )
