"""The gate in a real nginx, in front of what stands in for Mattermost, with a real service behind it."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from compliance.hooks import Guard, Policy
from compliance.hooks.mattermost import answer
from tests.hooks.homeserver import free_port
from tests.hooks.service import Service

CLEAN, BREACH, MILD, HEALED = "亲，这款今天发货", "亲，加我微信聊", "这款是最好的面料哦", "这款是很不错的面料哦"
POST_ID = "abcdefghijklmnopqrstuvwxyz"
WRITES = [
    ("POST", "/api/v4/posts", "{}"),
    ("PUT", f"/api/v4/posts/{POST_ID}", "{}"),
    ("PUT", f"/api/v4/posts/{POST_ID}/patch", "{}"),
    ("POST", "/api/v4/posts/schedule", "{}"),
    ("PUT", "/api/v4/posts/schedule/abc123", "{}"),
    ("POST", "/api/v4/posts/ephemeral", '{"user_id": "u", "post": {}}'),
    ("POST", "/api/v4/commands/execute", '{"channel_id": "c", "command": "/me "}'),
]
_GATE = Path(__file__).resolve().parents[2] / "integrations" / "mattermost"
_LUA = next(Path("/usr/lib/nginx/modules").glob("ngx_http_lua_module.so"), None)
_TRIES, _KILLED = 500, range(150, 300)

needs_nginx = pytest.mark.skipif(
    shutil.which("nginx") is None or _LUA is None, reason="needs nginx with its Lua module (libnginx-mod-http-lua)"
)


class Mattermost(BaseHTTPRequestHandler):
    """Takes what it is sent."""

    received: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.received.append((self.path, json.loads(body) if body else {}))
        self.send_response(201)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_PUT = do_GET = _take  # noqa: N815

    def log_message(self, *_: Any) -> None:
        return


class Gate:
    """nginx with the shipped files; only addresses, paths and options are changed."""

    def __init__(
        self, folder: Path, service: str, server: str, *, unavailable: str = "refuse", query: str = ""
    ) -> None:
        self.port, self.folder = free_port(), folder
        shipped = (_GATE / "gate.conf").read_text("utf-8")
        for old, new in (
            ("http://127.0.0.1:8321", service),
            ("http://127.0.0.1:8065", server),
            ("platform=pdd", f"platform=pdd{query}"),
            ("/etc/nginx/compliance/", f"{_GATE}/"),
            ("compliance_unavailable refuse", f"compliance_unavailable {unavailable}"),
        ):
            assert old in shipped
            shipped = shipped.replace(old, new)
        (folder / "gate.conf").write_text(shipped, "utf-8")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"""
            load_module /usr/lib/nginx/modules/ndk_http_module.so;
            load_module {_LUA};
            daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log info;
            events {{ worker_connections 64; }}
            http {{
                access_log {folder}/access.log; client_body_temp_path {folder}/body; {temporary}
                lua_shared_dict compliance 1m;
                server {{
                    listen 127.0.0.1:{self.port};
                    include {folder}/gate.conf;
                    location / {{ proxy_pass {server}; }}
                }}
            }}
            """,
            "utf-8",
        )
        self.process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.1)
        raise AssertionError("nginx did not start")

    def send(self, path: str, body: Any, method: str = "POST") -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, data, {"Authorization": "Bearer s3ss1on"})
        response = connection.getresponse()
        found: dict[str, Any] = json.loads(response.read())
        connection.close()
        return response.status, found

    @property
    def log(self) -> str:
        return "".join(file.read_text("utf-8") for file in self.folder.glob("*.log"))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Mattermost)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def gate(service: Service, server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    running = Gate(tmp_path_factory.mktemp("gate"), service.url, server, query="&replace=safe")
    yield running
    running.stop()


@pytest.fixture
def received() -> list[tuple[str, dict[str, Any]]]:
    Mattermost.received.clear()
    return Mattermost.received


def _filled(template: str, text: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(template)
    if "command" in body:
        body["command"] += text
    else:
        body.get("post", body)["message"] = text
    return body


@needs_nginx
@pytest.mark.parametrize(("method", "path", "template"), WRITES)
def test_every_way_to_write_passes_a_clean_text_and_refuses_a_breach(
    gate: Gate, received: list[tuple[str, dict[str, Any]]], method: str, path: str, template: str
) -> None:
    clean = _filled(template, CLEAN)
    assert gate.send(path, clean, method)[0] == 201
    assert received == [(path, clean)]
    status, error = gate.send(path, _filled(template, BREACH), method)
    assert (status, error["id"], error["status_code"]) == (400, "compliance.refused", 400)
    assert "依据" in error["message"]
    assert len(received) == 1


@needs_nginx
def test_reading_and_searching_are_left_alone(gate: Gate, received: list[tuple[str, dict[str, Any]]]) -> None:
    assert gate.send(f"/api/v4/posts/{POST_ID}", b"", "GET")[0] == 201
    assert gate.send("/api/v4/posts/search", {"terms": BREACH})[0] == 201
    assert len(received) == 2


@needs_nginx
@pytest.mark.parametrize("body", [b"{", b"[]", b'{"message": "\xff"}', b'{"message": "a"} trailing'])
@pytest.mark.parametrize("unavailable", ["refuse", "send"])
def test_what_cannot_be_read_is_refused_even_if_the_gate_fails_open(
    service: Service,
    server: str,
    tmp_path: Path,
    received: list[tuple[str, dict[str, Any]]],
    body: bytes,
    unavailable: str,
) -> None:
    gate = Gate(tmp_path, service.url, server, unavailable=unavailable)
    try:
        assert gate.send("/api/v4/posts", body)[0] == 503
    finally:
        gate.stop()
    assert received == []


@needs_nginx
def test_fail_closed_lets_no_breach_through_while_the_service_is_killed_and_restarted(
    gate: Gate, service: Service, received: list[tuple[str, dict[str, Any]]]
) -> None:
    for number in range(_TRIES):
        if number == _KILLED.start:
            service.kill()
        if number == _KILLED.stop:
            service.start()
        status, error = gate.send("/api/v4/posts", {"message": f"{BREACH if number % 2 else CLEAN} {number}"})
        assert (status == 503) is (number in _KILLED)
        assert status != 503 or "暂时无法检查" in error["message"]
    allowed = [f"{CLEAN} {n}" for n in range(0, _TRIES, 2) if n not in _KILLED]
    assert [body["message"] for _, body in received] == allowed
    assert "微信" not in gate.log
    assert gate.log.count("refused without a verdict (status 502)") == len(_KILLED)


@needs_nginx
def test_fail_open_counts_and_logs_every_unchecked_request_by_id(
    server: str, tmp_path: Path, received: list[tuple[str, dict[str, Any]]]
) -> None:
    gate = Gate(tmp_path, "http://127.0.0.1:9", server, unavailable="send")
    try:
        assert [gate.send("/api/v4/posts", {"message": BREACH})[0] for _ in range(3)] == [201, 201, 201]
    finally:
        gate.stop()
    assert [body for _, body in received] == 3 * [{"message": BREACH}]
    logged = re.findall(r"request ([0-9a-f]{32}) passed unchecked \(status 502\); (\d) since", gate.log)
    assert [count for _, count in logged] == ["1", "2", "3"]
    assert len({id_ for id_, _ in logged}) == 3
    assert "微信" not in gate.log


@pytest.fixture(scope="module")
def guard(request: pytest.FixtureRequest) -> Guard:
    policy = Policy(refuse="warn", replace="safe")
    return Guard.embedded(request.getfixturevalue("checker"), platform="pdd", policy=policy)


@pytest.mark.parametrize(
    ("sent", "outcome", "forwarded"),
    [
        ({"message": MILD, "channel_id": "c"}, "replace", {"message": HEALED, "channel_id": "c"}),
        ({"command": f"/me {MILD}"}, "replace", {"command": f"/me {HEALED}"}),
        ({"command": "/away"}, "send", {"command": "/away"}),
        ({"is_pinned": True}, "send", {"is_pinned": True}),
        ({"message": None}, "send", {"message": None}),
        (
            {"props": {"attachments": [{"text": MILD, "fallback": MILD, "color": "#fff"}]}},
            "replace",
            {"props": {"attachments": [{"text": HEALED, "fallback": HEALED, "color": "#fff"}]}},
        ),
        ({"props": {"attachments": [{"fields": [{"title": "联系", "value": BREACH}]}]}}, "refuse", None),
        ({"message": "加我微", "props": {"attachments": [{"text": "信"}]}}, "refuse", None),
        ({"MESSAGE": BREACH}, "refuse", None),
        ({"meſſage": BREACH}, "refuse", None),
    ],
)
def test_every_text_of_a_request_is_judged_as_the_server_will_read_it(
    guard: Guard, sent: dict[str, Any], outcome: str, forwarded: dict[str, Any] | None
) -> None:
    found = answer(sent, guard.message)
    assert found.outcome.value == outcome
    assert forwarded is None or found.body == forwarded
