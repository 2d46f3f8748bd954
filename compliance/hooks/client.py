"""Asks the HTTP service for verdicts, with a deadline."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from compliance.errors import InputError

__all__ = ["ServiceClient", "UnavailableError"]


class UnavailableError(Exception):
    """The service gave no verdict: not reachable, too slow, or not understood."""


class ServiceClient:
    """A blocking client of ``POST /v1/lint``, one connection a question. Safe to share among threads."""

    def __init__(self, url: str, *, platform: str, key: str | None = None, timeout: float = 1.0) -> None:
        """Ask the service at ``url``.

        Args:
            url: where it is, http or https.
            platform: whose rules apply.
            key: API key, if the service wants one.
            timeout: seconds to wait for each step of the exchange.

        Raises:
            InputError: the address is not one of a web service.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"{url!r} is no http or https address")
        self._connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path.rstrip("/") + "/v1/lint"
        self._platform, self._timeout = platform, timeout
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def ask(self, texts: Sequence[str], facts: Mapping[str, Any], id_: str | None) -> Mapping[str, Any]:
        """Return the wire form of the verdict.

        Raises:
            UnavailableError: no verdict came in time.
        """
        question: dict[str, Any] = {"id": id_, "platform": self._platform, "context": dict(facts)}
        question |= {"text": texts[0]} if len(texts) == 1 else {"messages": list(texts)}
        connection = self._connect(self._host, self._port, timeout=self._timeout)
        try:
            connection.request("POST", self._path, json.dumps(question).encode(), self._headers)
            response = connection.getresponse()
            body = response.read()
            verdict = json.loads(body) if response.status == 200 else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnavailableError(type(error).__name__) from None
        finally:
            connection.close()
        if not isinstance(verdict, dict) or "decision" not in verdict:
            raise UnavailableError(f"status {response.status}")
        return verdict
