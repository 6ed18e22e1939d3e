"""Pinned npm packages for tests: installed once a machine, outside the repository, and run with Node."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import skip_or_fail

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "switchboard-tests" / "npm"
DONE = ".installed"
FLAGS = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
PATIENCE_S = 300


def node() -> str:
    """Return where Node is. Without it the test is skipped, or fails where nothing may be skipped."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        skip_or_fail("no Node with npm on the PATH (20 or newer)")
    return found or ""


def npm_package(name: str, version: str) -> Path:
    """Return the folder of a package, such as `.../node_modules/@portkey-ai/gateway`, installed with what it needs.

    The first test on a machine installs it, under a lock. No script of a package is run. Without the registry the test is
    skipped, or fails where nothing may be skipped.
    """
    node()
    prefix = CACHE / f"{name.replace('/', '+')}@{version}"
    with _locked(prefix):
        if not (prefix / DONE).exists():
            _install(prefix, f"{name}@{version}")
    return prefix / "node_modules" / name


@contextmanager
def _locked(prefix: Path) -> Iterator[None]:
    prefix.mkdir(parents=True, exist_ok=True)
    with (prefix / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(prefix: Path, package: str) -> None:
    try:
        subprocess.run(
            ["npm", "install", "--prefix", prefix, *FLAGS, package], check=True, capture_output=True, text=True, timeout=PATIENCE_S
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = getattr(error, "stderr", None) or error
        skip_or_fail(f"npm cannot install {package}: {said}")
    (prefix / DONE).touch()
