"""A key changes, and the rest of the policy stays as it was written."""

import tomllib
from pathlib import Path

import pytest

from bot.evals.policy_text import diff, with_key
from router.policy import SHIPPED, parse_policy
from tests.fakes.policies import SIMULATED

KEYS = [("cache.similarity", 0.6), ("routing.margin", 2), ("routing.short_words", 8), ("routing.max_small_words", 60)]


@pytest.mark.parametrize(("key", "value"), KEYS)
@pytest.mark.parametrize(
    "text",
    [
        SIMULATED,
        SIMULATED + "[routing]\nshort_words = 12   # short\n[cache]\n",
        "# mine\n" + SIMULATED + "[ cache ]  # the cache\nmode = 'on'\n\n[routing] # rules\n",
        SHIPPED.read_text(encoding="utf-8"),
    ],
)
def test_the_key_has_the_value_and_nothing_else_changes(text: str, key: str, value: float) -> None:
    changed = with_key(text, key, value)
    section, _, name = key.partition(".")
    expected = tomllib.loads(text)
    expected.setdefault(section, {})[name] = value
    assert tomllib.loads(changed) == expected
    kept = [line for line in text.splitlines() if not line.lstrip().startswith(name)]
    assert [line for line in changed.splitlines() if line in kept][: len(kept)] or not kept
    parse_policy(changed, "changed")


def test_a_comment_beside_the_value_stays() -> None:
    assert "short_words = 8   # short" in with_key("[routing]\nshort_words = 12   # short\n", "routing.short_words", 8)


def test_the_diff_can_be_applied(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    changed = with_key(text, "routing.margin", 1)
    lines = diff(text, changed, "policy.toml").splitlines()
    assert lines[:2] == ["--- policy.toml", "+++ policy.toml (proposed)"]
    assert sum(line.startswith("+") for line in lines) == 2
    assert sum(line.startswith("-") for line in lines) == 2
