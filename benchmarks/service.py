"""How fast the service answers: beside an echo route of the same application, and while lexicons change.

``make bench-service`` needs ``wrk``. The echo route reads the JSON body and returns it, through the same server, layers
and limits as a check, so the difference is what checking costs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from fastapi import FastAPI, Request

from benchmarks.__main__ import messages

ROOT = Path(__file__).parents[1]
PORT = 8329
SECONDS, CONNECTIONS = 30, 16
ROUNDS = 3
WORKERS = 2
FEW_RULES = ("cod", "credit_card", "style")
"""Of the lexicon that is reloaded every second: a small one compiles fast enough for that."""


def echo_app() -> FastAPI:
    """Return the application with the route to compare with."""
    from compliance.serve import create_app  # noqa: PLC0415  loads the lexicons

    app = create_app()

    @app.post("/echo", response_model=None)
    async def echo(request: Request) -> object:
        return json.loads(await request.body())

    return app


def script(folder: Path, path: str) -> Path:
    """Write what wrk sends: real messages, one after the other."""
    bodies = [json.dumps({"text": text, "platform": platform}) for platform, text in messages()[1][:500]]
    quoted = ",\n".join(json.dumps(body) for body in bodies)
    file = folder / f"{path.strip('/').replace('/', '-')}.lua"
    file.write_text(
        f"local bodies = {{\n{quoted}}}\nlocal n = 0\n"
        'local headers = {["Content-Type"] = "application/json"}\n'
        "request = function()\n  n = n % #bodies + 1\n"
        f'  return wrk.format("POST", "{path}", headers, bodies[n])\nend\n',
        "utf-8",
    )
    return file


def load(file: Path, seconds: int) -> tuple[float, float, int]:
    """Return requests per second, the 99th percentile in milliseconds, and answers that were no success."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(file)]
    told = subprocess.run([*command, f"http://localhost:{PORT}"], check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    amount, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()  # type: ignore[union-attr]
    bad = sum(map(int, re.findall(r"(?:Non-2xx[^:]*:|connect|read|write|timeout) (\d+)", told)))
    return rate, float(amount) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit], bad


class Server:
    """A service on the loopback."""

    def __init__(self, *command: str, **environment: str) -> None:
        self._command = [sys.executable, "-m", *command]
        self._environment = os.environ | {"PYTHONPATH": str(ROOT), "COMPLIANCE_LOG_LEVEL": "error"} | environment

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=self._environment)
        while True:
            with suppress(OSError), urllib.request.urlopen(f"http://localhost:{PORT}/readyz", timeout=2):
                return self
            if self._process.poll() is not None:
                sys.exit("the service did not start")
            time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)


def side_by_side(folder: Path) -> None:
    """Print checks beside echoes, taking turns."""
    server = ("uvicorn", "benchmarks.service:echo_app", "--factory", "--port", str(PORT), "--log-level", "error")
    rows: dict[str, list[tuple[float, float, int]]] = {"/v1/lint": [], "/echo": []}
    with Server(*server):
        for _ in range(ROUNDS):
            for path, found in rows.items():
                found.append(load(script(folder, path), SECONDS // ROUNDS))
    for path, found in rows.items():
        best = max(found)
        print(f"{path:10} {best[0]:8.0f} a second, 99 % within {best[1]:6.1f} ms, {sum(f[2] for f in found)} errors")
    checks, echoes = max(rows["/v1/lint"]), max(rows["/echo"])
    print(f"checking takes {1 - checks[0] / echoes[0]:.0%} of a request's time; p99 is {checks[1] / echoes[1]:.2f}x")


def while_lexicons_change(folder: Path) -> None:
    """Print what two workers answer while a lexicon changes every second."""
    from compliance.lexicon.store import load_bundle  # noqa: PLC0415  a part of the measured program

    lexicons = folder / "lexicons"
    shutil.copytree(ROOT / "lexicons", lexicons, ignore=shutil.ignore_patterns("rules"))
    for name in FEW_RULES:
        shutil.copytree(ROOT / "lexicons" / "rules" / name, lexicons / "rules" / name)

    def change(version: str) -> None:
        (lexicons / ".VERSION").write_text(f"{version}\n", "utf-8")
        (lexicons / ".VERSION").replace(lexicons / "VERSION")

    versions = ("2026.11.1", "2026.11.2")
    for version in versions:  # compiled once, or beside a full load there would be no reload every second
        change(version)
        load_bundle(lexicons)
    over = threading.Event()

    def keep_changing() -> None:
        for version in cycle(versions):
            if over.wait(1):
                return
            change(version)

    settings = {"COMPLIANCE_WATCH_SECONDS": "0.2", "COMPLIANCE_STATE": str(folder)}
    command = ("compliance", "serve", "--workers", str(WORKERS), "--port", str(PORT), "--lexicons", str(lexicons))
    with Server(*command, **settings):
        still = load(script(folder, "/v1/lint"), SECONDS // ROUNDS)
        changing = threading.Thread(target=keep_changing)
        changing.start()
        rate, p99, bad = load(script(folder, "/v1/lint"), SECONDS)
        results = reloads()
        over.set()
        changing.join()
    print(f"{WORKERS} workers, nothing changes:  {still[0]:8.0f} a second, p99 {still[1]:6.1f} ms, {still[2]} errors")
    told = ", ".join(f"{count / WORKERS:.0f} {result}" for result, count in sorted(results.items()))
    print(f"{WORKERS} workers, reloads in {SECONDS} s ({told}): {rate:.0f} a second, p99 {p99:.1f} ms, {bad} errors")


def reloads() -> dict[str, float]:
    """Return how often a worker reloaded, by result."""
    with urllib.request.urlopen(f"http://localhost:{PORT}/metrics", timeout=5) as answer:
        page = answer.read().decode()
    found = re.findall(r'^compliance_reloads_total\{result="(\w+)"\} ([\d.]+)$', page, re.MULTILINE)
    if not found:
        sys.exit("the service does not tell how often it reloaded")
    return {result: float(count) for result, count in found}


def main() -> None:
    """Run both."""
    if shutil.which("wrk") is None:
        sys.exit("this measurement needs wrk: https://github.com/wg/wrk")
    with tempfile.TemporaryDirectory() as folder:
        side_by_side(Path(folder))
        while_lexicons_change(Path(folder))


if __name__ == "__main__":
    main()
