"""Settings: the secrets and places of a deployment, from the environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from dotenv import load_dotenv
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from bot.loopback import is_loopback
from router.policy import SHIPPED

SLACK_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
ADMIN_TOKEN = "SWITCHBOARD_ADMIN_TOKEN"  # noqa: S105 (the variable's name)
TEAMS = ("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID")
SECRETS = (*SLACK_SECRETS, *TEAMS, ADMIN_TOKEN)
"""An empty one is a mistake: somebody meant to set it."""
ADMIN_TOKEN_BYTES = 32


class SettingsError(Exception):
    """The environment cannot be used; the message is one line that names the variable and what to do."""


class Settings(BaseModel):
    """What the environment says. A field's alias is its variable."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    policy: Annotated[Path, Field(alias="SWITCHBOARD_POLICY")] = SHIPPED
    host: Annotated[str, Field(alias="SWITCHBOARD_HOST", min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(alias="SWITCHBOARD_PORT", ge=0, le=65535)] = 3978
    data: Annotated[Path, Field(alias="SWITCHBOARD_DATA")] = Path("switchboard-data")
    admin_token: Annotated[SecretStr | None, Field(alias=ADMIN_TOKEN)] = None
    database_url: Annotated[str, Field(alias="DATABASE_URL")] = ""
    qdrant_url: Annotated[str, Field(alias="QDRANT_URL")] = ""
    qdrant_api_key: Annotated[SecretStr | None, Field(alias="QDRANT_API_KEY")] = None
    portkey_gateway_url: Annotated[str, Field(alias="PORTKEY_GATEWAY_URL")] = ""
    portkey_api_key: Annotated[SecretStr | None, Field(alias="PORTKEY_API_KEY")] = None
    slack_bot_token: Annotated[SecretStr | None, Field(alias="SLACK_BOT_TOKEN")] = None
    slack_signing_secret: Annotated[SecretStr | None, Field(alias="SLACK_SIGNING_SECRET")] = None
    slack_app_token: Annotated[SecretStr | None, Field(alias="SLACK_APP_TOKEN")] = None
    slack_api_url: Annotated[str, Field(alias="SLACK_API_URL")] = "https://slack.com/api/"
    teams_app_id: Annotated[str | None, Field(alias="TEAMS_APP_ID")] = None
    teams_app_password: Annotated[SecretStr | None, Field(alias="TEAMS_APP_PASSWORD")] = None
    teams_tenant_id: Annotated[str | None, Field(alias="TEAMS_TENANT_ID")] = None

    @model_validator(mode="after")
    def _slack_is_whole(self) -> "Settings":
        for name, secret in zip(SLACK_SECRETS, (self.slack_bot_token, self.slack_signing_secret, self.slack_app_token), strict=True):
            if secret is not None and not secret.get_secret_value().strip():
                raise ValueError(f"{name} is empty: give it its value from the Slack app's page, or unset it")
        if self.slack_bot_token and not (self.slack_signing_secret or self.slack_app_token):
            raise ValueError("SLACK_BOT_TOKEN is set, so SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode) must be too")
        if not self.slack_bot_token and (self.slack_signing_secret or self.slack_app_token):
            raise ValueError("SLACK_BOT_TOKEN is missing beside the other Slack secrets")
        return self

    @model_validator(mode="after")
    def _gateway_has_an_address(self) -> "Settings":
        if self.portkey_gateway_url and not self.portkey_gateway_url.startswith(("http://", "https://")):
            raise ValueError("PORTKEY_GATEWAY_URL must start with http:// or https://, such as http://127.0.0.1:8787/v1")
        return self

    @model_validator(mode="after")
    def _admin_token_cannot_be_guessed(self) -> "Settings":
        if self.admin_token is not None and len(self.admin_token.get_secret_value().strip().encode()) < ADMIN_TOKEN_BYTES:
            raise ValueError(f"{ADMIN_TOKEN} must have at least {ADMIN_TOKEN_BYTES} bytes, such as those of `openssl rand -hex 32`")
        return self

    @model_validator(mode="after")
    def _teams_is_whole(self) -> "Settings":
        password = self.teams_app_password.get_secret_value() if self.teams_app_password is not None else None
        for name, value in zip(TEAMS, (self.teams_app_id, password, self.teams_tenant_id), strict=True):
            if value is not None and not value.strip():
                raise ValueError(f"{name} is empty: give it its value from the bot's page in Azure, or unset it")
        if self.teams_app_id and not self.teams_tenant_id:
            raise ValueError("TEAMS_APP_ID is set, so TEAMS_TENANT_ID (the directory that the app is registered in) must be too")
        if not self.teams_app_id and (password or self.teams_tenant_id):
            raise ValueError("TEAMS_APP_ID is missing beside the other Teams settings")
        return self

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the listener."""
        return is_loopback(self.host)

    @property
    def has_slack(self) -> bool:
        """Whether Slack is to be connected."""
        return self.slack_bot_token is not None

    @property
    def store_url(self) -> str:
        """The database's address: PostgreSQL where one is named, else a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'switchboard.sqlite3'}"


def add_env_file(path: Path) -> None:
    """Add an env file's variables to the process's environment, whose own go first. Raises SettingsError."""
    if not path.is_file():
        raise SettingsError(f"{path}: no such env file")
    try:
        load_dotenv(path, override=False)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise SettingsError(f"{path}: {reason}") from error


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings; a variable that is set to nothing is not set, but for a secret. Raises SettingsError."""
    try:
        return Settings.model_validate({name: value for name, value in environ.items() if value or name in SECRETS})
    except ValidationError as error:
        detail = error.errors()[0]
        where = ".".join(str(part) for part in detail["loc"])
        message = detail["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{where}: {message}" if where else message) from error
