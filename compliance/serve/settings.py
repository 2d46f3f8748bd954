"""Settings of the service: environment variables ``COMPLIANCE_*``, over a TOML file, over these defaults."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from compliance.errors import InputError

__all__ = ["Settings", "load_settings"]

_MIB = 1 << 20


class Settings(BaseSettings):
    """Everything that can be set; ``docs/running.md`` tells what to choose."""

    model_config = SettingsConfigDict(env_prefix="COMPLIANCE_", extra="forbid", frozen=True)

    lexicons: Path | None = Field(None, description="lexicon folder; none means the one that came with the package")
    profile: Path | None = Field(None, description="shop profile for requests that name none")
    profiles: Path | None = Field(None, description="folder of shop profiles; a file's name without .toml is its id")
    keys: Path | None = Field(None, description="file of API keys, written by `compliance keys`")
    state: Path | None = Field(None, description="private folder for what workers share; none means the cache folder")
    audits: Path | None = Field(None, description="private folder for uploaded logs and their reports")
    audit_days: float = Field(7, gt=0, description="days after which an audit and its upload are deleted")

    max_body: int = Field(2 * _MIB, ge=1024, description="bytes of one request")
    max_batch: int = Field(16 * _MIB, ge=1024, description="bytes of one batch")
    max_batch_items: int = Field(10_000, ge=1, description="records of one batch")
    max_upload: int = Field(512 * _MIB, ge=1024, description="bytes of one chat log to audit")
    max_stream: int = Field(20_000, ge=1, description="characters of one streamed text")
    body_timeout: float = Field(15, gt=0, description="seconds to wait for the next piece of a request")
    concurrency: int = Field(256, ge=1, description="requests that a worker answers at the same time")
    heavy: int = Field(4, ge=1, description="of these, batches and audits")
    streams: int = Field(200, ge=1, description="of these, streamed texts")
    rate: float | None = Field(None, gt=0, description="requests per second of one caller and worker; none: no limit")
    burst: int = Field(20, ge=1, description="requests that a caller may make at once above the rate")

    watch: bool = Field(True, description="reload when a lexicon, profile or key file changes")
    watch_seconds: float = Field(2, gt=0, description="how often files are looked at")
    switch_seconds: float = Field(30, gt=0, description="how long workers wait for each other before they switch")
    fail: Literal["closed", "open"] = Field(
        "closed", description="what becomes of streamed text that could not be checked: held, or released and counted"
    )
    drain: float = Field(3, ge=0, description="seconds in which a stopping worker still takes requests")

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "text"] = "json"

    tencent_sdkappid: str | None = Field(None, description="see docs/hooks.md")
    easemob_secret: SecretStr | None = Field(None, description="see docs/hooks.md")
    stream_secret: SecretStr | None = Field(None, description="see docs/hooks.md")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let options win over the environment, and the environment over the file."""
        file = os.environ.get("COMPLIANCE_SETTINGS")
        from_file = [TomlConfigSettingsSource(settings_cls, Path(file))] if file else []
        return init_settings, env_settings, *from_file


def load_settings(**options: Any) -> Settings:
    """Return the settings; ``options`` win, those that are ``None`` do not count.

    Raises:
        InputError: an unknown setting or a value that cannot be used; the text names each.
    """
    file = os.environ.get("COMPLIANCE_SETTINGS")
    if file and not Path(file).is_file():
        raise InputError(f"settings file {file} cannot be read")
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InputError(f"settings: {told}") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"settings file {file}: {error}") from None
