"""`switchboard init`: writes a commented policy and an example of the environment."""

from pathlib import Path

from bot.config import SettingsError
from router.policy import SHIPPED

POLICY_FILE = "policy.toml"
ENV_FILE = "switchboard.env"
STAND_INS = {'"openai/gpt-5-mini"': '"simulated/small"', '"openai/gpt-5.1"': '"simulated/frontier"'}
"""The models of a policy that needs no account; it turns the chat page on, too."""

ENVIRONMENT = """\
# Switchboard's secrets and places. Keep this file out of version control.
SWITCHBOARD_POLICY={policy}

# Slack: the bot token, and the signing secret (events over HTTP) or an app-level token (Socket Mode).
# SLACK_BOT_TOKEN=xoxb-...
# SLACK_SIGNING_SECRET=...
# SLACK_APP_TOKEN=xapp-...

# Teams: the bot's application id, its secret (none with a managed identity) and the directory that it is registered in.
# TEAMS_APP_ID=00000000-0000-0000-0000-000000000000
# TEAMS_APP_PASSWORD=...
# TEAMS_TENANT_ID=00000000-0000-0000-0000-000000000000

# One key for each provider that the policy's models need.
# OPENAI_API_KEY=...
# ANTHROPIC_API_KEY=...

# A Portkey gateway of your own, or the key for Portkey's (with [gateway] in the policy).
# PORTKEY_GATEWAY_URL=http://127.0.0.1:8787/v1
# PORTKEY_API_KEY=...

# Where to listen. A public address needs a proxy with TLS in front.
# SWITCHBOARD_HOST=127.0.0.1
# SWITCHBOARD_PORT=3978

# What opens the dashboard at /admin, at least 32 bytes, such as those of `openssl rand -hex 32`. Without it, a dashboard on loopback
# takes the token in the file admin-token of the data folder, and one that others could reach is off.
# SWITCHBOARD_ADMIN_TOKEN=...

# Where the embedded stores live; or PostgreSQL instead of the SQLite file.
# SWITCHBOARD_DATA=./switchboard-data
# DATABASE_URL=postgresql://user:password@host/switchboard
# A Qdrant server or cluster instead of the index in the data folder; two or more workers need one.
# QDRANT_URL=https://...
# QDRANT_API_KEY=...
"""


def policy_text(*, simulated: bool) -> str:
    """Return the shipped policy, or the same over simulated models with the chat page turned on."""
    text = SHIPPED.read_text(encoding="utf-8")
    if not simulated:
        return text
    head, web, tail = text.rpartition("[web]")
    text = head + web + tail.replace("enabled = false", "enabled = true")
    for real, stand_in in STAND_INS.items():
        text = text.replace(real, stand_in)
    return text


def write_files(folder: Path, *, simulated: bool, force: bool) -> tuple[Path, ...]:
    """Write both files and return their paths. Raises SettingsError when one is there already and `force` is not given."""
    policy, env = folder / POLICY_FILE, folder / ENV_FILE
    there = [path for path in (policy, env) if path.exists()]
    if there and not force:
        raise SettingsError(f"{there[0]} is there already; --force overwrites it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        policy.write_text(policy_text(simulated=simulated), encoding="utf-8")
        env.write_text(ENVIRONMENT.format(policy=policy), encoding="utf-8")
        env.chmod(0o600)
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}") from error
    return policy, env
