"""The service as processes of their own: reloads and ends under load, and clients that misbehave."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.hooks.homeserver import free_port

_ROOT = Path(__file__).resolve().parents[2]
_FEW_RULES = ("cod", "credit_card")
"""Rule folders of the small lexicon: it compiles in a second or two, so that it can be reloaded many times."""
_BODY = json.dumps({"text": "亲，不支持货到付款的哦", "platform": "jd"})
_BOOT, _RELOAD, _STOP = 60, 60, 40
"""Seconds."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="several workers need a Unix system")


def _small_lexicon(parent: Path) -> Path:
    folder = parent / "lexicons"
    shutil.copytree(_ROOT / "lexicons", folder, ignore=shutil.ignore_patterns("rules"))
    for name in _FEW_RULES:
        shutil.copytree(_ROOT / "lexicons" / "rules" / name, folder / "rules" / name)
    return folder


class _Running:
    def __init__(self, process: subprocess.Popen[bytes], port: int, lexicons: Path) -> None:
        self.process, self.port, self.lexicons = process, port, lexicons

    def get(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@contextmanager
def _service(folder: Path) -> Iterator[_Running]:
    lexicons, port = _small_lexicon(folder), free_port()
    command = [sys.executable, "-m", "compliance", "serve", "--workers", "2", "--port", str(port)]
    environment = os.environ | {
        "PYTHONPATH": str(_ROOT),
        "COMPLIANCE_STATE": str(folder),
        "COMPLIANCE_WATCH_SECONDS": "0.5",
        "COMPLIANCE_BODY_TIMEOUT": "1",
        "COMPLIANCE_DRAIN": "1",
        "COMPLIANCE_LOG_LEVEL": "error",
    }
    process = subprocess.Popen([*command, "--lexicons", str(lexicons)], cwd=folder, env=environment)
    running = _Running(process, port, lexicons)
    try:
        for _ in range(10 * _BOOT):
            with suppress(OSError):
                running.get("/readyz")
                break
            assert process.poll() is None, "the service ended"
            time.sleep(0.1)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()  # its workers end when they see that
            process.wait(10)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[_Running]:
    with _service(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Running]:
    """A service that lives through all misbehaving clients."""
    with _service(tmp_path_factory.mktemp("service")) as running:
        yield running


class _Load:
    """Clients that ask one question after the other over connections that they keep."""

    def __init__(self, port: int, clients: int) -> None:
        self.answers: Counter[int] = Counter()
        self.bundles: set[str] = set()
        self.lost: list[str] = []
        self._port, self._over = port, threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]

    def __enter__(self) -> _Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _ask(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)) as connection:
            while not self._over.is_set():
                try:
                    connection.request("POST", "/v1/lint", _BODY, {"Content-Type": "application/json"})
                    with connection.getresponse() as answer:
                        self.bundles.add(json.loads(answer.read())["bundle"]["hash"])
                        self.answers[answer.status] += 1
                        if answer.will_close:  # it is about to stop: whoever sends requests goes elsewhere
                            return
                except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
                    self.lost.append(repr(error))
                    connection.close()


def _change(lexicons: Path, number: int) -> None:
    new = lexicons / ".VERSION"
    new.write_text(f"2026.11.{number}\n", "utf-8")
    new.replace(lexicons / "VERSION")


def test_lexicons_change_under_load_without_an_error_and_workers_agree(service: _Running) -> None:
    with _Load(service.port, 2) as load:
        for number in range(1, 3):
            _change(service.lexicons, number)
            time.sleep(1)
        until = time.monotonic() + _RELOAD
        while time.monotonic() < until:
            ready = service.get("/readyz")
            serving = {worker["bundle"] for worker in ready["workers"]}
            if len(load.bundles) > 1 and len(serving) == 1 and ready["bundle"]["version"] == "2026.11.2":
                break
            time.sleep(0.2)
        else:
            pytest.fail(f"the last change never arrived: {ready}")
        time.sleep(0.5)
    assert (set(load.answers), load.lost) == ({200}, [])
    assert len(load.bundles) > 1
    assert load.answers[200] > 100


def test_a_broken_lexicon_is_refused_and_told_and_the_old_one_goes_on(service: _Running) -> None:
    before = service.get("/readyz")["bundle"]
    (service.lexicons / "rules" / "cod" / "broken.yaml").write_text("code: [", "utf-8")
    until = time.monotonic() + _RELOAD
    while (ready := service.get("/readyz"))["reload"]["result"] != "failed":
        assert time.monotonic() < until, ready
        time.sleep(0.2)
    assert ready["bundle"] == before
    assert any("rules/cod/broken.yaml" in problem for problem in ready["reload"]["problems"])


def test_told_to_stop_it_answers_all_that_it_accepted(service: _Running) -> None:
    with _Load(service.port, 4) as load:
        time.sleep(1)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(30) == 0
    assert (set(load.answers), load.lost) == ({200}, [])


def test_workers_whose_parent_is_killed_stop_too(service: _Running) -> None:
    service.process.kill()
    until = time.monotonic() + _STOP
    with suppress(ConnectionError):
        while time.monotonic() < until:
            socket.create_connection(("127.0.0.1", service.port), timeout=5).close()
            time.sleep(0.2)
        pytest.fail("they still take connections")


@pytest.mark.parametrize(
    ("sent", "answered", "why"),
    [
        (
            b"POST /v1/lint HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n{",
            (b"408",),
            "a body that never ends",
        ),
        (
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 20_000,
            (b"400", b"431", b""),
            "a flood of headers",
        ),
        (
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"b" * 300_000,
            (b"400", b"431", b""),
            "an endless header",
        ),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", (b"404", b"400"), "a path out of the service"),
        (
            b"GET /v1/rules/%2e%2e%2f%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n",
            (b"404", b"400"),
            "the same, written otherwise",
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (b"400", b""), "another protocol"),
    ],
)
def test_clients_that_misbehave_are_answered_soon(
    patient: _Running, sent: bytes, answered: tuple[bytes, ...], why: str
) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", patient.port), timeout=20) as client:
        answer = b""
        with suppress(ConnectionError):
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR) if why == "another protocol" else None
            answer = client.recv(4096)
    assert answer.split(b" ")[1:2] in [[code] if code else [] for code in answered], (why, answer)
    assert time.monotonic() - begun < 15
    assert patient.get("/healthz")
