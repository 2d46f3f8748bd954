"""API keys: 256 random bits each, kept as a SHA-256 digest only, with scopes.

A key is ``cmp_<id>_<secret>``. Its secret is as long as its digest, so a slow hash would add nothing but time. The
file is TOML, one ``[[key]]`` each, and holds no secret::

    [[key]]
    id = "k3v9q2xa"
    name = "erp"
    sha256 = "..."
    scopes = ["lint", "read"]
    rate = 50            # requests per second, if not the service's own limit
    expires = 2027-01-31
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from compliance.errors import InputError

__all__ = ["SCOPES", "Key", "Keyring", "load_keyring", "new_key"]

SCOPES: Final = {
    "lint": "check, rewrite and stream messages; call hooks",
    "read": "read rules and shop profiles",
    "audit": "upload chat logs, read their reports",
    "metrics": "read /metrics",
    "admin": "reload the lexicons",
}

_PREFIX: Final = "cmp"
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of one key."""

    id: str
    name: str
    sha256: str
    scopes: frozenset[str]
    rate: float | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of a service, by id. Immutable."""

    keys: Mapping[str, Key] = field(default_factory=dict)

    def find(self, presented: str, today: date) -> Key | None:
        """Return the key that was presented, if it is known and has not expired.

        The digest is compared in constant time, with that of an unknown key too.
        """
        _, _, rest = presented.partition("_")
        key = self.keys.get(rest.partition("_")[0])
        digest = hashlib.sha256(presented.encode("utf-8", "surrogatepass")).hexdigest()
        same = hmac.compare_digest(digest, key.sha256 if key is not None else "0" * 64)
        if key is None or not same or (key.expires is not None and today > key.expires):
            return None
        return key


def new_key(name: str, scopes: Iterable[str], rate: float | None, expires: date | None) -> tuple[str, Key]:
    """Make a key; return what its owner keeps, and what the service keeps."""
    id_ = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    presented = f"{_PREFIX}_{id_}_{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(presented.encode()).hexdigest()
    return presented, Key(id_, name, digest, frozenset(scopes), rate, expires)


def load_keyring(file: Path) -> Keyring:
    """Read a key file.

    Raises:
        InputError: the file cannot be read or an entry is not usable; the text says which.
    """
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"key file {file} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"key file {file} is not TOML: {error}") from None
    items = data.get("key", [])
    if set(data) - {"key"} or not isinstance(items, list):
        raise InputError(f"key file {file}: there must be nothing but [[key]] entries")
    keys: dict[str, Key] = {}
    for number, item in enumerate(items, 1):
        key = _key(item, f"key file {file}, entry {number}")
        if key.id in keys:
            raise InputError(f"key file {file}, entry {number}: id {key.id!r} is used twice")
        keys[key.id] = key
    return Keyring(keys)


def _key(item: Mapping[str, Any], where: str) -> Key:
    unknown = set(item) - {"id", "name", "sha256", "scopes", "rate", "expires"}
    if unknown:
        raise InputError(f"{where}: unknown {', '.join(sorted(unknown))}")
    id_, digest, scopes = item.get("id"), item.get("sha256"), item.get("scopes")
    if not isinstance(id_, str) or not id_.isalnum():
        raise InputError(f"{where}: id must be letters and digits")
    if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise InputError(f"{where}: sha256 must be 64 hexadecimal digits")
    if not isinstance(scopes, list) or not scopes or set(scopes) - set(SCOPES):
        raise InputError(f"{where}: scopes must be some of {', '.join(SCOPES)}")
    rate, expires = item.get("rate"), item.get("expires")
    if rate is not None and not (isinstance(rate, int | float) and rate > 0):
        raise InputError(f"{where}: rate must be a positive number of requests per second")
    if expires is not None and type(expires) is not date:
        raise InputError(f"{where}: expires must be a day such as 2027-01-31")
    return Key(id_, str(item.get("name", "")), digest, frozenset(scopes), rate, expires)


def to_toml(key: Key) -> str:
    """Return the entry of a key file."""
    lines = [
        "[[key]]",
        f'id = "{key.id}"',
        f"name = {_quoted(key.name)}",
        f'sha256 = "{key.sha256}"',
        f"scopes = [{', '.join(_quoted(scope) for scope in sorted(key.scopes))}]",
    ]
    if key.rate is not None:
        lines.append(f"rate = {key.rate:g}")
    if key.expires is not None:
        lines.append(f"expires = {key.expires.isoformat()}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    safe = "".join(char for char in text if char.isprintable()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{safe}"'
