"""A real Synapse on the loopback, for the tests of the module."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

_SECRET = "only for this test"
_ROOT = Path(__file__).resolve().parents[2]
_BOOT = 60
"""Seconds until a starting server counts as broken."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def call(url: str, method: str = "GET", body: Any = None, token: str | None = None) -> tuple[int, dict[str, Any]]:
    """Return status and JSON answer, of errors as well."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@dataclass
class User:
    """A logged-in user of the server."""

    base: str
    id: str
    token: str
    _sent: int = field(default=0, init=False)

    def create_room(self, guest: str) -> str:
        body = {"preset": "private_chat", "invite": [guest]}
        return str(call(f"{self.base}/_matrix/client/v3/createRoom", "POST", body, self.token)[1]["room_id"])

    def join(self, room: str) -> None:
        assert call(f"{self.base}/_matrix/client/v3/join/{quote(room)}", "POST", {}, self.token)[0] == 200

    def send(self, room: str, content: Mapping[str, Any] | str, kind: str = "m.room.message") -> tuple[int, dict]:
        self._sent += 1
        body = {"msgtype": "m.text", "body": content} if isinstance(content, str) else content
        path = f"/_matrix/client/v3/rooms/{quote(room)}/send/{kind}/{self._sent}"
        return call(f"{self.base}{path}", "PUT", body, self.token)

    def read(self, room: str) -> list[dict[str, Any]]:
        """Return the contents of all messages of the room, oldest first."""
        path = f"/_matrix/client/v3/rooms/{quote(room)}/messages?dir=b&limit=1000"
        events = call(f"{self.base}{path}", token=self.token)[1]["chunk"]
        return [event["content"] for event in reversed(events) if event["type"] == "m.room.message"]


@contextmanager
def homeserver(folder: Path, modules: list[dict[str, Any]]) -> Iterator[str]:
    """Run a server with these modules; yield its address."""
    port = free_port()
    config = folder / "homeserver.yaml"
    python = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)]
    generate = [
        "--generate-config",
        "--server-name",
        "shop.test",
        "--report-stats",
        "no",
        "--data-directory",
        str(folder),
    ]
    subprocess.run([*python, *generate], check=True, capture_output=True, timeout=_BOOT, cwd=folder)
    settings = yaml.safe_load(config.read_text("utf-8"))
    unlimited = {"per_second": 10_000, "burst_count": 10_000}
    settings |= {
        "listeners": [
            {"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": [{"names": ["client"]}]}
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "registration_shared_secret": _SECRET,
        "trusted_key_servers": [],
        "modules": modules,
        "rc_message": unlimited,
        "rc_login": {"address": unlimited, "account": unlimited, "failed_attempts": unlimited},
    }
    config.write_text(yaml.safe_dump(settings), "utf-8")
    base = f"http://127.0.0.1:{port}"
    with (folder / "console.txt").open("wb") as console:
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        server = subprocess.Popen(python, stdout=console, stderr=console, cwd=folder, env=environment)
    try:
        _wait(base, server, folder)
        yield base
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(base: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _BOOT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start:\n" + (folder / "console.txt").read_text("utf-8")[-3000:])


def register(base: str, name: str) -> User:
    """Create a user through the shared-secret registration."""
    url = f"{base}/_synapse/admin/v1/register"
    nonce = call(url)[1]["nonce"]
    text = b"\0".join(part.encode() for part in (nonce, name, "password", "notadmin"))
    mac = hmac.new(_SECRET.encode(), text, hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": name, "password": "password", "admin": False, "mac": mac}
    status, answer = call(url, "POST", body)
    assert status == 200, answer
    return User(base, answer["user_id"], answer["access_token"])
