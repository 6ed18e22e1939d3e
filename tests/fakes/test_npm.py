"""The tests' npm packages are installed once, at the version that is asked for, outside the repository."""

import json
from pathlib import Path

from tests.fakes.npm import npm_package

REPOSITORY = Path(__file__).parents[2]


def test_a_package_is_there_at_its_version_and_not_installed_twice() -> None:
    folder = npm_package("@portkey-ai/gateway", "1.15.2")
    assert json.loads((folder / "package.json").read_text())["version"] == "1.15.2"
    assert not folder.is_relative_to(REPOSITORY)
    made = folder.stat().st_ino
    assert npm_package("@portkey-ai/gateway", "1.15.2").stat().st_ino == made
