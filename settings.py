"""Every knob of the city, once; only doors read it."""

import os
import sys
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from city.accounts import SeatRules
from city.audit import LEAST_RETENTION_DAYS
from city.networks import PRIVATE, networks_of
from city.roles import Role

PREFIX = "CITY_"
REDIS_SCHEMES = ("redis", "rediss", "unix", "redis+cluster", "redis+sentinel")
MQTT_SCHEMES = ("mqtt", "mqtts")


class SettingError(Exception):
    """A setting that cannot be used; the text names it and says what to do."""


class Settings(BaseSettings):
    """The environment, or `.env` in the working directory; the environment wins."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", frozen=True, extra="forbid"
    )

    redis_url: str = Field(
        "",
        description="Empty: a Redis server of our own, durable, in `CITY_DATA_DIR`. Otherwise "
        "`redis://`, `rediss://`, `unix://`, `redis+cluster://host:port[,host:port…]` or "
        "`redis+sentinel://host:port[,host:port…]/service`.",
    )
    mqtt_url: str = Field(
        "",
        description="Empty: our own intake listens on `CITY_MQTT_PORT`. "
        "`mqtt://user:password@host:port` or `mqtts://…`: we subscribe to that broker instead.",
    )
    mqtt_port: int = Field(1883, ge=1, le=65535, description="Port of our own intake.")
    mqtt_bind: str = Field("127.0.0.1", description="Address our own intake listens on.")
    mqtt_users: Path | None = Field(
        None,
        description="File of the intake's accounts, one department each. Empty: no password is "
        "asked, which is meant for loopback.",
    )
    mqtt_certificate: Path | None = Field(None, description="TLS certificate chain of the intake.")
    mqtt_key: Path | None = Field(None, description="TLS private key of the intake.")
    host: str = Field("127.0.0.1", description="Address the web pages are served on.")
    port: int = Field(8050, ge=1, le=65535, description="Port the web pages are served on.")
    web_workers: int = Field(1, ge=1, le=32, description="Web processes.")
    ingest_workers: int = Field(
        1,
        ge=1,
        le=32,
        description="Ingest processes; more than one share the load, by MQTT 5 shared "
        "subscription behind a broker, by SO_REUSEPORT on our own intake.",
    )
    data_dir: Path = Field(Path("var"), description="Everything that must survive.")
    profile: Path = Field(
        Path("deploy/cities/haikou.toml"), description="The city's own facts: areas, limits, map."
    )
    simulator: bool = Field(True, description="The pretend city; `off` for a real one.")
    demo: bool | None = Field(
        None, description="Demo seats on the login page. Empty: as `CITY_SIMULATOR`."
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs sessions. Empty: made at the first start and kept in the data dir."
    )
    https: bool = Field(
        False,
        description="`on` where people reach the pages by https (a proxy ends TLS): cookies "
        "are marked Secure and browsers are told to stay with https.",
    )
    proxies: str = Field(
        "",
        description="Addresses of proxies in front of the pages, with commas between; their "
        "`X-Forwarded-For` is believed, nobody else's.",
    )
    session_idle_minutes: int = Field(
        10, ge=1, le=720, description="Without a hand on keyboard or mouse, a session ends."
    )
    session_hours: int = Field(12, ge=1, le=72, description="Then a session ends in any case.")
    login_failures: int = Field(5, ge=1, le=20, description="So many failed logins lock a name.")
    lock_minutes: int = Field(5, ge=1, le=1440, description="How long it stays locked.")
    logins_a_minute: int = Field(
        30, ge=1, le=10_000, description="Logins tried from one address; more are answered 429."
    )
    requests_a_minute: int = Field(
        600,
        ge=1,
        le=100_000,
        description="Requests from one address without a login; more are answered 429.",
    )
    password_length: int = Field(8, ge=8, le=64, description="Characters of a password, at least.")
    password_classes: int = Field(
        3, ge=1, le=4, description="Of capitals, small letters, digits and signs, at least so many."
    )
    password_days: int = Field(90, ge=1, le=3650, description="Then a password must be changed.")
    token_days: int = Field(365, ge=1, le=3650, description="How long a new token holds.")
    totp_roles: str = Field(
        "",
        description="Posts that need a second factor (TOTP), with commas between; "
        "`docs/roles.md` has their names.",
    )
    audit_days: int = Field(
        190, description=f"How long the audit trail is kept, {LEAST_RETENTION_DAYS} at least."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe line that is logged."
    )
    log_format: Literal["text", "json"] = Field("text", description="`json` for machines.")

    evidence_mb: int = Field(
        12, ge=1, le=200, description="The largest photo or document of a case, in megabytes."
    )

    webhook_networks: str = Field(
        PRIVATE,
        description="Networks that webhooks may call, with commas between; outside private ones "
        "only by https. Nothing else is ever called.",
    )

    @field_validator("redis_url", "mqtt_url")
    @classmethod
    def _known_scheme(cls, url: str, field: ValidationInfo) -> str:
        schemes = REDIS_SCHEMES if field.field_name == "redis_url" else MQTT_SCHEMES
        if url and urlsplit(url).scheme not in schemes:
            raise ValueError(f"must begin with one of {', '.join(s + '://' for s in schemes)}")
        return url

    @field_validator("audit_days")
    @classmethod
    def _long_enough(cls, days: int) -> int:
        if days < LEAST_RETENTION_DAYS:
            raise ValueError(f"the trail is kept for {LEAST_RETENTION_DAYS} days at least")
        return days

    @field_validator("webhook_networks")
    @classmethod
    def _known_networks(cls, text: str) -> str:
        networks_of(text)
        return text

    @field_validator("totp_roles")
    @classmethod
    def _known_roles(cls, names: str) -> str:
        unknown = [name for name in words_of(names) if name not in set(Role)]
        if unknown:
            raise ValueError(f"there is no post named {unknown[0]}")
        return names

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, word: Any) -> Any:
        return word.lower() if isinstance(word, str) else word

    @field_validator(
        "demo", "secret_key", "mqtt_users", "mqtt_certificate", "mqtt_key", mode="before"
    )
    @classmethod
    def _empty_is_unset(cls, value: Any) -> Any:
        return None if value == "" else value

    @property
    def is_demo(self) -> bool:
        """Whether the pages say that this city is pretended."""
        return self.simulator if self.demo is None else self.demo

    @property
    def seat_rules(self) -> SeatRules:
        """The numbers of seats."""
        return SeatRules(
            idle_for=timedelta(minutes=self.session_idle_minutes),
            session_for=timedelta(hours=self.session_hours),
            most_failures=self.login_failures,
            locked_for=timedelta(minutes=self.lock_minutes),
            password_length=self.password_length,
            password_classes=self.password_classes,
            password_for=timedelta(days=self.password_days),
            token_for=timedelta(days=self.token_days),
            logins_a_minute=self.logins_a_minute,
            requests_a_minute=self.requests_a_minute,
            totp_roles=frozenset(map(Role, words_of(self.totp_roles))),
            is_demo=self.is_demo,
            is_https=self.https,
        )


def words_of(text: str) -> list[str]:
    """Words with commas between."""
    return [word.strip() for word in text.split(",") if word.strip()]


def setting_name(field: str) -> str:
    """The environment's name of a field."""
    return PREFIX + field.upper()


def names() -> list[str]:
    """Every known setting, as the environment spells it."""
    return [setting_name(field) for field in Settings.model_fields]


def load(environment: dict[str, str] | None = None) -> Settings:
    """The settings, or a SettingError in one sentence."""
    _refuse_unknown(dict(os.environ) if environment is None else environment)
    try:
        return Settings()
    except ValidationError as error:
        raise SettingError(_sentence(error)) from None


def load_or_exit() -> Settings:
    """The settings, for doors: a bad one ends the process with one sentence and exit code 2."""
    try:
        return load()
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None


def _refuse_unknown(environment: dict[str, str]) -> None:
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in names():
            raise SettingError(f"{name} is not a setting.{_nearest(name)}")


def _nearest(name: str) -> str:
    near = get_close_matches(name, names(), n=1, cutoff=0)
    return f" Did you mean {near[0]}?" if near else ""


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        name = field.upper() if field.upper().startswith(PREFIX) else setting_name(field)
        return f"{name} is not a setting.{_nearest(name)}"
    problem = first["msg"].removeprefix("Value error, ")
    shown = "" if field == "secret_key" else f" (it is {first['input']!r})"
    return f"{setting_name(field)} cannot be used: {problem}{shown}."
