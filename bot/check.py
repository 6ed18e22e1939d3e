"""`switchboard check`: tries everything that a deployment needs, and says what to fix."""

import json
import os
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.app import missing_keys
from bot.app.platforms import try_slack, try_teams
from bot.config import SettingsError
from bot.deployment import Deployment, read_deployment
from bot.gateway import address, gateway_policy, missing_variables
from bot.gateway_check import KEY_REFUSED, try_gateway
from bot.processes import NO_PLATFORM
from bot.store import schema
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from router.types import PolicyError

SOUND_SQLITE = (3, 51, 3)
"""Older ones can lose a write when two connections reset one write-ahead log (sqlite.org, release 3.51.3)."""
OLD_SQLITE = "SQLite {version} has a rare fault with several connections, mended in 3.51.3: prefer PostgreSQL, or a newer Python"
SCHEMA_NEEDED = "the schema is {found}: run `switchboard migrate`"
BAD_FILE = "the file is no database of ours, or is locked: move it away, or name another folder in SWITCHBOARD_DATA"
TEAMS_FIXES = {
    "AADSTS700016": "TEAMS_APP_ID is no app of the directory TEAMS_TENANT_ID: copy both anew from the bot's page in Azure",
    "AADSTS90002": "TEAMS_TENANT_ID is no directory: copy it anew from the bot's page in Azure",
    "AADSTS7000215": "TEAMS_APP_PASSWORD is not accepted: it is the secret's value, not its id; make a new one (Certificates & secrets)",
    "AADSTS7000222": "the secret has expired: make a new one (Certificates & secrets) and set TEAMS_APP_PASSWORD",
    "managed_identity": "the host gives no token: assign the managed identity to it, and set TEAMS_APP_ID to its client id",
}
"""By Entra's code (learn.microsoft.com, Microsoft Entra authentication error codes)."""
TEAMS_UNREACHABLE = "check the network to Microsoft's login, and `login_url` under [teams]"
FIX_KEY = "copy PORTKEY_API_KEY anew from Portkey's page (API Keys)"
FIX_ADDRESS = "start the gateway, or mend PORTKEY_GATEWAY_URL"
FRESH = "will be made and migrated at the start"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried; `fix` says what to do when it is not fine, or advises."""

    name: str
    fine: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings."""

    findings: tuple[Finding, ...]

    @property
    def fine(self) -> bool:
        """Whether nothing needs to be fixed."""
        return all(finding.fine for finding in self.findings)


async def check_all(environ: Mapping[str, str]) -> Report:
    """Try the policy, the database, the providers' keys and the platforms."""
    try:
        deployment = read_deployment(environ)
    except (SettingsError, PolicyError) as error:
        return Report((Finding("configuration", fine=False, detail=str(error), fix="mend that line, then check again"),))
    targets = ", ".join(dict.fromkeys(target.model for target in deployment.policy.targets()))
    fine = Finding("policy", fine=True, detail=f"{deployment.settings.policy}: mode {deployment.policy.mode}, models {targets}")
    return Report((fine, await _database(deployment), *_keys(deployment), *await _gateway(deployment), *await _platforms(deployment)))


def render(report: Report, *, as_json: bool) -> str:
    """Return the report as text or JSON."""
    if as_json:
        return json.dumps({"fine": report.fine, "findings": [asdict(finding) for finding in report.findings]}, indent=2)
    lines = []
    for finding in report.findings:
        lines.append(f"{'ok ' if finding.fine else 'FIX'}  {finding.name}: {finding.detail}")
        if finding.fix:
            lines.append(f"     -> {finding.fix}")
    return "\n".join(lines)


async def _database(deployment: Deployment) -> Finding:
    database = Database(deployment.settings.store_url)
    shown = database.url.render_as_string(hide_password=True)
    try:
        if database.path and not database.path.exists():
            return _new_sqlite(database.path, f"{shown} {FRESH}")
        found = await schema.current(database)
    except StoreUnavailable:
        fix = BAD_FILE if database.is_sqlite else "check DATABASE_URL, and that the server runs"
        return Finding("database", fine=False, detail=f"{shown} does not answer", fix=fix)
    finally:
        await database.close()
    if found != schema.HEAD and not database.is_sqlite:
        return Finding("database", fine=False, detail=shown, fix=SCHEMA_NEEDED.format(found=found or "not there"))
    return _sqlite(shown) if database.is_sqlite else Finding("database", fine=True, detail=shown)


def _new_sqlite(path: Path, detail: str) -> Finding:
    there = next(folder for folder in path.absolute().parents if folder.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return _sqlite(detail)
    return Finding("database", fine=False, detail=f"{there} is no folder that can be written to", fix="set SWITCHBOARD_DATA to one")


def _sqlite(detail: str) -> Finding:
    old = sqlite3.sqlite_version_info < SOUND_SQLITE
    return Finding("database", fine=True, detail=detail, fix=OLD_SQLITE.format(version=sqlite3.sqlite_version) if old else "")


def _keys(deployment: Deployment) -> tuple[Finding, ...]:
    return tuple(
        Finding(f"model {model}", fine=not name, detail=f"{name} is not set" if name else "key found", fix=f"set {name}" if name else "")
        for model, name in _missing(deployment).items()
    )


def _missing(deployment: Deployment) -> dict[str, str]:
    """Return the variable that each model's key lacks, or nothing; a gateway is given the keys that it does not keep."""
    if gateway_policy(deployment.settings, deployment.policy):
        return missing_variables(deployment.policy)
    return missing_keys(deployment.policy)


async def _gateway(deployment: Deployment) -> tuple[Finding, ...]:
    settings = deployment.settings
    if gateway_policy(settings, deployment.policy) is None:
        return ()
    trouble = await try_gateway(settings)
    fix = "" if not trouble else FIX_KEY if trouble == KEY_REFUSED else FIX_ADDRESS
    return (Finding("gateway", fine=not trouble, detail=f"{address(settings)}: {trouble or 'it answers'}", fix=fix),)


async def _platforms(deployment: Deployment) -> tuple[Finding, ...]:
    findings = []
    if deployment.settings.has_slack:
        trouble = await try_slack(deployment)
        findings.append(Finding("slack", fine=not trouble, detail=trouble or "the bot token is accepted", fix=_slack_fix(trouble)))
    if deployment.has_teams:
        findings.append(await _teams(deployment))
    if deployment.policy.web.enabled:
        findings.append(
            Finding("web", fine=True, detail=f"the chat page, on http://{deployment.settings.host}:{deployment.settings.port}/")
        )
    if not findings:
        findings.append(Finding("platform", fine=False, detail="none", fix=NO_PLATFORM))
    return tuple(findings)


async def _teams(deployment: Deployment) -> Finding:
    if deployment.policy.teams.auth == "disabled":
        return Finding("teams", fine=True, detail='auth = "disabled": anybody on this machine may send, and no token is needed')
    trouble = await try_teams(deployment)
    return Finding("teams", fine=not trouble, detail=trouble or "Microsoft gives the app a token", fix=_teams_fix(trouble))


def _teams_fix(trouble: str) -> str:
    if not trouble:
        return ""
    known = next((fix for code, fix in TEAMS_FIXES.items() if trouble.endswith(code)), "")
    return known or ("look the code up in Entra's list of errors" if "AADSTS" in trouble else TEAMS_UNREACHABLE)


def _slack_fix(trouble: str) -> str:
    if not trouble:
        return ""
    return (
        "copy SLACK_BOT_TOKEN anew from the app's page (OAuth & Permissions)"
        if "auth" in trouble
        else "check the network and SLACK_API_URL"
    )
