"""The house keeps its rules: one home for each SDK, light processes, nothing that must not be committed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("router", "bot", "adapters")
HOMES = {
    "slack_bolt": ("adapters/slack/",),
    "slack_sdk": ("adapters/slack/",),
    "botbuilder": ("adapters/teams/sdk.py",),
    "msal": ("adapters/teams/managed.py",),
    "jwt": ("adapters/teams/auth.py", "adapters/teams/keys.py", "bot/bench/teams.py"),
    "litellm": ("router/litellm_",),
    "portkey_ai": ("router/portkey_",),
    "qdrant_client": ("router/index_server.py", "router/index_errors.py", "bot/bench/peers.py"),
    "qdrant_edge": ("router/index_",),
    "wordllama": ("router/embedder.py",),
    "altair": ("bot/plots",),
    "jinja2": ("bot/dashboard/",),
    "sqlalchemy": ("bot/store/",),
    "alembic": ("bot/store/",),
    "markdown_it": ("adapters/web/",),
    "click": ("bot/cli.py", "bot/commands/"),
}


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Return the top-level names of the packages that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("sdk", HOMES)
def test_each_sdk_has_one_home(sdk: str) -> None:
    users = [str(path.relative_to(ROOT)) for path in sources() if sdk in imported(path)]
    assert users, f"nothing uses {sdk}: take it off the list"
    assert [user for user in users if not user.startswith(HOMES[sdk])] == []


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def test_the_ingress_process_loads_neither_litellm_nor_a_vector_store() -> None:
    loaded = loaded_by(
        "import bot.app, bot.processes, bot.desk, adapters.slack.app, adapters.teams.app, adapters.web.app, bot.dashboard.app"
    )
    assert {"slack_bolt", "botbuilder", "sqlalchemy"} <= loaded
    heavy = {"litellm", "portkey_ai", "qdrant_client", "qdrant_edge", "wordllama", "numpy", "openai", "alembic", "altair", "vl_convert"}
    assert loaded & heavy == set()


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("import bot.cli")
    assert loaded & {"litellm", "sqlalchemy", "aiohttp", "slack_bolt", "pydantic", "rich"} == set()


def test_no_committed_file_names_a_registry_or_this_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    forbidden = re.compile(r"https?://(?:files|registry|deb|index)\.[\w.-]+|(?<![\w.])/(?:work|farm)/\w+")
    texts = {name: (ROOT / name).read_text(encoding="utf-8", errors="ignore") for name in tracked if name and (ROOT / name).is_file()}
    assert [name for name, text in texts.items() if forbidden.search(text)] == []
    assert "uv.lock" not in texts
