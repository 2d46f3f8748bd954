"""How fast a log is audited: beside single checks, with one process and two, how much memory, and after kills.

``make bench-audit`` writes a log of a million messages, which takes some minutes on two cores. Rates of one process
are by processor time, so that other work on the machine changes little; the gain of two processes is by the clock.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

from benchmarks.chatlog import write_log
from compliance import Checker, load_bundle
from compliance.audit import audit

WARM, CHECKED = 3000, 10_000
KILLS = 3
SAME = ("findings.jsonl", "findings.csv", "metrics.json", "scores.json", "quarantine.jsonl", "manifest.json")


def single_rate(log: Path, lexicons: Path | None) -> tuple[float, int, int]:
    """Return messages per second of processor time of one checker, how many messages, and how many kinds."""
    with log.open(encoding="utf-8", newline="") as stream:
        said = [(row["平台"], row["内容"]) for row in csv.DictReader(stream) if row["角色"] == "客服"]
    checker = Checker(load_bundle(lexicons))
    drawn = random.Random(1).choices(said, k=WARM + CHECKED)
    for number, (platform, text) in enumerate(drawn):
        if number == WARM:  # patterns compile when they are first met
            begin = time.process_time()
        checker.check(text, platform=platform)
    return CHECKED / (time.process_time() - begin), len(said), len(set(said))


def run(log: Path, out: Path, jobs: int, lexicons: Path | None) -> None:
    """Audit, and print what it took as JSON."""
    begin = time.perf_counter()
    result = audit([log], out, jobs=jobs, lexicons=lexicons)
    told = {
        "seconds": time.perf_counter() - begin,
        "processor": time.process_time(),
        "agent": result.messages["agent"],
        "rows": sum(result.messages.values()),
        "peak": _peak(),
        "worker_peak": getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    print(json.dumps(told))


def _peak() -> float:
    """Return the most memory in MB that this process ever had; unlike that of getrusage, not that of its parent."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


def command(log: Path, out: Path, jobs: int, lexicons: Path | None) -> list[str]:
    """Return the command that audits in a process of its own."""
    chosen = ["--lexicons", str(lexicons)] if lexicons else []
    return [sys.executable, "-m", "benchmarks.audit", *chosen, "--run", str(log), str(out), str(jobs)]


def measured(log: Path, out: Path, jobs: int, lexicons: Path | None) -> dict[str, Any]:
    """Audit in a process of its own; print and return what it took."""
    done = subprocess.run(command(log, out, jobs, lexicons), check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    print(
        f"{told['rows']:>9,} rows, {jobs} process{'es' if jobs > 1 else '  '}: {told['seconds']:6.0f} s, "
        f"{told['rows'] / told['seconds']:6,.0f} rows/s, peak {told['peak']:.0f} MB"
        + (f", of a worker {told['worker_peak']:.0f} MB" if jobs > 1 else ""),
        flush=True,
    )
    return told


def killed(log: Path, out: Path, seconds: float, lexicons: Path | None) -> None:
    """Start an audit with two processes that takes so many seconds, and kill it three times, then let it end."""
    draw = random.Random()
    for _ in range(KILLS):
        delay = seconds * draw.uniform(0.1, 0.3)
        process = subprocess.Popen(command(log, out, 2, lexicons), stdout=subprocess.DEVNULL)
        try:
            process.wait(delay)
            print("it ended before it was killed")
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            state = json.loads((out / ".unfinished" / "checkpoint.json").read_text("utf-8"))
            print(f"killed after {delay:.0f} s, with {state['runs']:,} runs of messages checked", flush=True)
    measured(log, out, 2, lexicons)


def digests(out: Path) -> dict[str, str]:
    """Return the SHA-256 of results that hold no time of their own."""
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in SAME}


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="of the large log")
    parser.add_argument("--few", type=int, default=100_000, help="of the small one")
    parser.add_argument("--lexicons", type=Path, help="folder to use instead of that of the package")
    parser.add_argument("--run", nargs=3, metavar=("LOG", "OUT", "JOBS"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.run:
        run(Path(chosen.run[0]), Path(chosen.run[1]), int(chosen.run[2]), chosen.lexicons)
        return
    with tempfile.TemporaryDirectory() as name:
        folder, lexicons = Path(name), chosen.lexicons
        few, many = folder / "few.csv", folder / "many.csv"
        write_log(few, chosen.few)
        write_log(many, chosen.messages)
        rate, said, kinds = single_rate(few, lexicons)
        print(f"small log: {said:,} messages of agents, {kinds:,} of them different; load {os.getloadavg()[0]:.1f}")
        print(f"one by one: {rate:,.0f} messages per second of processor time", flush=True)
        small = measured(few, folder / "few", 1, lexicons)
        one = measured(many, folder / "one", 1, lexicons)
        two = measured(many, folder / "two", 2, lexicons)
        print(
            f"one process, beside one by one: {one['agent'] / one['processor'] / rate:.2f}x messages of agents, all in"
        )
        print(f"two processes, beside one: {one['seconds'] / two['seconds']:.2f}x; load {os.getloadavg()[0]:.1f}")
        print(f"peak memory, large log beside small: {one['peak'] / small['peak']:.2f}x")
        killed(many, folder / "killed", two["seconds"], lexicons)
        same = digests(folder / "one") == digests(folder / "two") == digests(folder / "killed")
        print(f"one process, two, and killed three times: {'the same results' if same else 'RESULTS DIFFER'}")


if __name__ == "__main__":
    main()
