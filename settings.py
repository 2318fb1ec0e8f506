"""Every knob of the city, once; only doors read it."""

import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe line that is logged."
    )
    log_format: Literal["text", "json"] = Field("text", description="`json` for machines.")

    @field_validator("redis_url", "mqtt_url")
    @classmethod
    def _known_scheme(cls, url: str, field: ValidationInfo) -> str:
        schemes = REDIS_SCHEMES if field.field_name == "redis_url" else MQTT_SCHEMES
        if url and urlsplit(url).scheme not in schemes:
            raise ValueError(f"must begin with one of {', '.join(s + '://' for s in schemes)}")
        return url

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
