"""A policy is read as it is written, and refused in one line that names the key and what is allowed."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.policy import SHIPPED, Policy, load_policy, parse_policy
from router.prices import Prices
from router.types import Mode, PolicyError, Tier, Volatility
from tests.fakes.policies import SIMULATED, make_policy


def refusal(text: str) -> str:
    """Return what is said of a policy that cannot be used, less the file's name."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(text, "policy.toml")
    said = str(refused.value)
    assert said.startswith("policy.toml: ")
    assert "\n" not in said
    return said.removeprefix("policy.toml: ")


def test_the_shipped_policy_shows_the_default_of_everything_that_may_be_left_out() -> None:
    shipped, bare = load_policy(SHIPPED), make_policy()
    assert shipped.model_copy(update={"tiers": bare.tiers}) == bare


def test_the_shipped_policy_has_a_price_for_each_of_its_models() -> None:
    shipped = load_policy(SHIPPED)
    assert Prices(shipped.prices).missing(shipped) == []


def test_the_targets_of_all_tiers_are_listed_small_first() -> None:
    assert [target.model for target in make_policy().targets()] == ["simulated/small", "simulated/frontier"]


def test_a_tier_knows_its_own_targets() -> None:
    tiers = make_policy().tiers
    assert (tiers.of(Tier.SMALL), tiers.of(Tier.FRONTIER)) == (tiers.small, tiers.frontier)


def test_an_answer_keeps_as_long_as_its_volatility_allows() -> None:
    ttl = make_policy("[ttl]\nlive_s = 5\nconfig_s = 60\nstable_s = 3600\n").ttl
    assert [ttl.of(volatility) for volatility in (Volatility.LIVE, Volatility.CONFIG, Volatility.STABLE)] == [5, 60, 3600]


def test_what_is_written_is_what_is_read() -> None:
    policy = make_policy('mode = "shadow"\n[prices."own/model"]\ninput = 1.25\noutput = 10\n[channels.C1]\ntier = "frontier"\n')
    assert policy.mode is Mode.SHADOW
    assert policy.prices["own/model"].input == Decimal("1.25")
    assert policy.channels["C1"].tier == "frontier"


def test_a_policy_cannot_be_changed_once_it_is_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        make_policy().mode = Mode.OFF  # type: ignore[misc]  # that it is frozen is what is tested


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'mod = "on"',
            f"unknown key `mod` (allowed: {', '.join(sorted(Policy.model_fields))})",
        ),
        ("[web]\nenable = true", "unknown key `web.enable` (allowed: enabled)"),
        ('[channels.C1]\ntire = "small"', "unknown key `channels.C1.tire` (allowed: enabled, mode, tier)"),
        ('[prices."a/b"]\ninput = 1\noutput = 1\nin = 1', "unknown key `prices.a/b.in` (allowed: as_of, cached_input, input, output)"),
    ],
)
def test_an_unknown_key_is_refused_with_the_keys_that_are_allowed_there(text: str, said: str) -> None:
    assert refusal(f"{text}\n{SIMULATED}") == said


def test_an_unknown_key_of_a_target_is_refused_and_nothing_that_only_follows_from_it() -> None:
    said = refusal(SIMULATED.replace('"simulated/small"', '"simulated/small", modle = "x"'))
    assert said == (
        "unknown key `tiers.small.targets.0.modle` "
        "(allowed: api_base, api_key_env, first_byte_s, max_output_tokens, model, provider, timeout_s, virtual_key)"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('mode = "fast"', "`mode`: input should be 'on', 'shadow' or 'off' (got 'fast')"),
        ("version = 2", "`version`: input should be less than or equal to 1 (got 2)"),
        (
            '[routing]\nshort_words = "many"',
            "`routing.short_words`: input should be a valid integer, unable to parse string as an integer (got 'many')",
        ),
        ('[budgets]\nover = "shrug"', "`budgets.over`: input should be 'small', 'cache_and_small' or 'refuse' (got 'shrug')"),
        ("[budgets]\nuser_usd_per_day = 0", "`budgets.user_usd_per_day`: input should be greater than 0 (got 0)"),
        ("[budgets]\nuser_usd_per_day = inf", "`budgets.user_usd_per_day`: input should be a finite number (got inf)"),
        ('[scopes]\npublic = "world"', "`scopes.public`: input should be 'tenant' or 'channel' (got 'world')"),
        ('[slack]\nfollow_ups = "all"', "`slack.follow_ups`: input should be 'mention', 'asker' or 'anyone' (got 'all')"),
        ('[slack]\nteams = "T1"', '`slack.teams`: should be a list, such as ["a", "b"] (got \'T1\')'),
        ("[channels]\nC1 = 3", "`channels.C1`: should be a table (got 3)"),
        ("prices = 3", "`prices`: should be a table (got 3)"),
        ('[prices."a/b"]\ninput = -1\noutput = 1', "`prices.a/b.input`: input should be greater than or equal to 0 (got -1)"),
        ('[prices."a/b"]\ninput = 1', "`prices.a/b.output` is missing"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key_and_what_is_allowed(text: str, said: str) -> None:
    assert refusal(f"{text}\n{SIMULATED}") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "`tiers` is missing"),
        ('[tiers.small]\ntargets = [{ model = "a/b" }]', "`tiers.frontier` is missing"),
        ("tiers = 3", "`tiers`: should be a table (got 3)"),
        (SIMULATED.replace('[{ model = "simulated/frontier" }]', "[]"), "`tiers.frontier.targets`: should hold at least one (got [])"),
        (SIMULATED.replace('model = "simulated/small"', "timeout_s = 3"), "`tiers.small.targets.0.model` is missing"),
        (
            SIMULATED.replace('"simulated/small"', '"simulated/small", timeout_s = 0'),
            "`tiers.small.targets.0.timeout_s`: input should be greater than 0 (got 0)",
        ),
    ],
)
def test_a_policy_needs_both_tiers_each_with_a_target(text: str, said: str) -> None:
    assert refusal(text) == said


def test_a_misspelt_tier_is_refused_as_missing_and_as_unknown() -> None:
    said = refusal(SIMULATED.replace("[tiers.small]", "[tiers.medium]"))
    assert said == "`tiers.small` is missing; unknown key `tiers.medium` (allowed: frontier, small)"


def test_of_many_faults_the_first_three_are_named() -> None:
    said = refusal("[ttl]\nlive_s = -1\nconfig_s = -1\nstable_s = -1\nother_s = 1\n" + SIMULATED)
    assert [part.partition(":")[0] for part in said.split("; ")] == ["`ttl.live_s`", "`ttl.config_s`", "`ttl.stable_s`"]


def test_a_long_value_is_not_repeated_in_full() -> None:
    assert len(refusal(f'mode = "{"x" * 10_000}"\n{SIMULATED}')) < 200


def test_text_that_is_no_toml_is_refused_with_its_line() -> None:
    assert refusal("mode = 'on'\nmode = 'off'\n") == "not valid TOML: Cannot overwrite a value (at line 2, column 13)"


@given(st.text())
def test_any_text_is_a_policy_or_is_refused_in_one_line(text: str) -> None:
    try:
        assert isinstance(parse_policy(text, "p"), Policy)
    except PolicyError as refused:
        assert len(str(refused).splitlines()) == 1  # noqa: PT017 (both ends are fine; only another error is not)


@pytest.mark.parametrize(("name", "content", "said"), [("none.toml", None, "No such file or directory"), ("x", b"\xff", "not UTF-8 text")])
def test_a_file_that_cannot_be_read_is_refused_with_how_to_get_one(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PolicyError) as refused:
        load_policy(path)
    assert str(refused.value) == f"{path}: {said}; `switchboard init` writes a policy"


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="Is a directory"):
        load_policy(tmp_path)


def test_a_first_byte_limit_beyond_the_deadline_is_refused() -> None:
    said = refusal(SIMULATED.replace('"simulated/small"', '"simulated/small", timeout_s = 5, first_byte_s = 6'))
    assert said.startswith("`tiers.small.targets.0`: `first_byte_s` is longer than `timeout_s` (5)")


def test_the_key_of_a_target_is_named_by_its_variable_never_by_its_value() -> None:
    said = refusal(SIMULATED.replace('"simulated/small"', '"simulated/small", api_key_env = "sk-secret"'))
    assert said.startswith("`tiers.small.targets.0.api_key_env`")
