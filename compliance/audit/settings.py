"""What a supervisor can change: column names, role words and metrics, from ``lexicons/audit``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from compliance.audit.metrics import Metric
from compliance.errors import InputError
from compliance.lexicon.store import default_folder

__all__ = ["AuditData", "load_audit_data", "load_mapping"]


@dataclass(frozen=True, slots=True)
class AuditData:
    """Aliases by field, words by role, and the metrics to count."""

    aliases: Mapping[str, list[str]]
    roles: Mapping[str, list[str]]
    metrics: tuple[Metric, ...]


def load_audit_data(folder: Path | None = None) -> AuditData:
    """Read the three files of a lexicon folder.

    Raises:
        InputError: one is missing or is no YAML of its form.
    """
    root = (folder or default_folder()) / "audit"

    def read(name: str) -> Any:
        try:
            return yaml.safe_load((root / name).read_text("utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise InputError(f"{root / name}: cannot be read: {error}") from None

    try:
        metrics = tuple(Metric.parse(item) for item in read("metrics.yaml"))
    except (TypeError, ValueError, KeyError) as error:
        raise InputError(f"{root / 'metrics.yaml'}: {error}") from None
    return AuditData(read("columns.yaml"), read("roles.yaml"), metrics)


def load_mapping(file: Path) -> dict[str, str]:
    """Read a mapping file: TOML with ``field = "heading"`` lines.

    Raises:
        InputError: it cannot be read.
    """
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from None
    if not all(isinstance(value, str) for value in data.values()):
        raise InputError(f'{file}: every line must read field = "heading"')
    return data
