"""Teams's settings go together or are refused in one line, and `check` says what Microsoft makes of them."""

from pathlib import Path

import pytest

from bot.check import check_all
from bot.config import SettingsError, load_settings
from bot.deployment import read_deployment
from bot.setup import write_files
from router.types import PolicyError
from tests.fakes.slack.faults import Fault, FaultKind, server_error
from tests.fakes.teams import APP_ID, TENANT, FakeTeams

WHOLE = {"TEAMS_APP_ID": APP_ID, "TEAMS_APP_PASSWORD": "hush", "TEAMS_TENANT_ID": TENANT}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    policy, _ = write_files(tmp_path, simulated=True, force=False)
    return {"SWITCHBOARD_POLICY": str(policy), "SWITCHBOARD_DATA": str(tmp_path / "data")}


def teams(environ: dict[str, str], *lines: str) -> dict[str, str]:
    """Replace lines under [teams] in the policy."""
    path = Path(environ["SWITCHBOARD_POLICY"])
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(('auth = "', 'app = "'))]
    at = kept.index("[teams]") + 1
    path.write_text("\n".join([*kept[:at], *lines, *kept[at:]]), encoding="utf-8")
    return environ


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises((SettingsError, PolicyError)) as refused:
        read_deployment(environ)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_setting_of_teams_is_refused(environ: dict[str, str], name: str, value: str) -> None:
    assert refusal(environ | WHOLE | {name: value}) == f"{name} is empty: give it its value from the bot's page in Azure, or unset it"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("TEAMS_APP_ID", "TEAMS_APP_ID is missing beside the other Teams settings"),
        ("TEAMS_TENANT_ID", "TEAMS_APP_ID is set, so TEAMS_TENANT_ID (the directory that the app is registered in) must be too"),
        (
            "TEAMS_APP_PASSWORD",
            'TEAMS_APP_ID is set, so TEAMS_APP_PASSWORD must be too (or app = "managed_identity" under [teams] in the policy)',
        ),
    ],
)
def test_a_half_set_app_is_refused_with_what_is_missing(environ: dict[str, str], missing: str, said: str) -> None:
    assert refusal({name: value for name, value in (environ | WHOLE).items() if name != missing}) == said


def test_the_password_is_not_shown_with_the_settings() -> None:
    assert "hush" not in repr(load_settings(WHOLE))


def test_a_managed_identity_needs_no_password_and_takes_none(environ: dict[str, str]) -> None:
    managed = teams(environ, 'app = "managed_identity"')
    assert read_deployment(managed | {name: WHOLE[name] for name in ("TEAMS_APP_ID", "TEAMS_TENANT_ID")}).has_teams
    assert "take one of them away" in refusal(managed | WHOLE)


def test_authentication_can_be_off_without_an_app_on_loopback_alone(environ: dict[str, str]) -> None:
    off = teams(environ, 'auth = "disabled"')
    assert read_deployment(off).has_teams
    assert "take one of them away" in refusal(off | WHOLE)
    Path(off["SWITCHBOARD_POLICY"]).write_text(
        Path(off["SWITCHBOARD_POLICY"]).read_text(encoding="utf-8").replace("enabled = true", "enabled = false"), encoding="utf-8"
    )
    assert "SWITCHBOARD_HOST must be loopback, not 0.0.0.0" in refusal(off | {"SWITCHBOARD_HOST": "0.0.0.0"})  # noqa: S104 (refused)


def test_teams_is_off_by_default(environ: dict[str, str]) -> None:
    assert not read_deployment(environ).has_teams


async def test_a_token_that_is_given_is_fine(environ: dict[str, str]) -> None:
    async with FakeTeams() as fake:
        found = await _found(teams(environ, f'login_url = "{fake.connector.base_url}"') | WHOLE)
    assert found == (True, "Microsoft gives the app a token", "")


@pytest.mark.parametrize(
    ("fault", "detail", "fix"),
    [
        (server_error("token"), "token:http_503", "check the network to Microsoft's login, and `login_url` under [teams]"),
        (Fault(FaultKind.ERROR, "token", status=401, error="x"), "token:http_401", "check the network to Microsoft's login"),
    ],
)
async def test_a_login_that_gives_no_token_is_found(environ: dict[str, str], fault: Fault, detail: str, fix: str) -> None:
    async with FakeTeams() as fake:
        fake.connector.fail(fault)
        fine, said, how = await _found(teams(environ, f'login_url = "{fake.connector.base_url}"') | WHOLE)
    assert (fine, said) == (False, detail)
    assert how.startswith(fix)


async def test_authentication_that_is_off_is_said(environ: dict[str, str]) -> None:
    fine, said, _ = await _found(teams(environ, 'auth = "disabled"'))
    assert fine
    assert "anybody on this machine may send" in said


async def _found(environ: dict[str, str]) -> tuple[bool, str, str]:
    found = next(finding for finding in (await check_all(environ)).findings if finding.name == "teams")
    return found.fine, found.detail, found.fix
