"""Who calls, and may they: API keys, or the loopback alone.

Without a key file the service answers callers on this machine only, and no web page of another origin: a page that a
person visits could otherwise reach the service behind their back.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from compliance.serve.keys import Key, Keyring
from compliance.serve.limits import RateLimit
from compliance.serve.problems import ProblemError

__all__ = ["Access"]

_SIGNED: Final = ("/integrations/easemob", "/integrations/stream")
"""Calls that carry a signature of their own, which their route checks."""
_HOOKS: Final = "/integrations/"
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}
_LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Access:
    """Decides on every request; the keyring can be replaced while requests are answered."""

    def __init__(self, keyring: Keyring | None, rate: RateLimit) -> None:
        """Ask for one of these keys, or, with ``None``, for a caller on this machine."""
        self.keyring = keyring
        self._rate = rate

    def demand(self, scope: str) -> Callable[[HTTPConnection], Awaitable[None]]:
        """Return a dependency that lets a request pass if its key has a scope and its caller is not too fast."""

        async def check(connection: HTTPConnection) -> None:
            self.check(connection, scope)

        return check

    def check(self, connection: HTTPConnection, scope: str) -> None:
        """Let a request pass, or not.

        Raises:
            ProblemError: no key, a wrong one, one without the scope, a caller from elsewhere or one that is too fast.
        """
        keyring = self.keyring
        if keyring is None:
            _only_from_here(connection)
            caller = connection.client.host if connection.client else "local"
            self._rate.take(caller)
            return
        if connection.url.path in _SIGNED:
            self._rate.take("signed hooks")
            return
        key = _find(connection, keyring)
        if scope not in key.scopes:
            raise ProblemError("not-allowed", f"the key {key.id} lacks the scope {scope!r}")
        connection.scope["caller"] = key.id
        self._rate.take(key.id, key.rate)


def _find(connection: HTTPConnection, keyring: Keyring) -> Key:
    presented = _presented(connection)
    if not presented:
        raise ProblemError("no-key", "send it as: Authorization: Bearer cmp_...", headers=_CHALLENGE)
    key = keyring.find(presented, date.today())
    if key is None:
        raise ProblemError("wrong-key", "the key is unknown, was withdrawn or has expired", headers=_CHALLENGE)
    return key


def _presented(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    if "x-api-key" in connection.headers:
        return connection.headers["x-api-key"].strip()
    if connection.url.path.startswith(_HOOKS):  # chat tools are configured with an address and nothing else
        return connection.query_params.get("key", "")
    return ""


def _only_from_here(connection: HTTPConnection) -> None:
    server = connection.scope.get("server")
    address = _address(server[0]) if server else None
    if address is None:  # a Unix socket, or no network at all: whoever can open it may call
        return
    if not address.is_loopback:
        raise ProblemError("no-key", "without API keys the service answers on this machine only", headers=_CHALLENGE)
    host = urlsplit(f"//{connection.headers.get('host', '')}").hostname
    if host not in _LOCAL_NAMES and not (host and (named := _address(host)) and named.is_loopback):
        raise ProblemError("foreign-page", "without API keys the service answers under the name localhost only")
    origin = connection.headers.get("origin", "")
    if origin.startswith("http") and urlsplit(origin).netloc != connection.headers.get("host"):
        raise ProblemError("foreign-page", "without API keys, pages of other origins may not call the service")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
