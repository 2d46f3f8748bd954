"""``make bench``: cost of the whole pipeline beside its parts and beside other tools, in one run, as ratios.

All contenders see the same messages in the same rounds, interleaved; the median of the per-round ratios is shown,
because single figures move with the machine. ``flashtext`` and ``presidio-analyzer`` get the same words as a deny
list; they look for exact words only, so they do far less than the pipeline.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from compliance import Checker, load_bundle
from compliance.detect.automaton import PyAhoCorasick, build_automaton
from compliance.fold import View

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "corpus" / "agent_messages_dev.jsonl"
ROUNDS = 7


def messages() -> tuple[str, list[tuple[str, str]]]:
    """Return what the messages are, and (platform, text) pairs."""
    if REAL.is_file():
        name, files = "real agent messages", [REAL]
    else:
        name, files = "ordinary messages of the test corpus", sorted((ROOT / "tests/corpus/ordinary").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return name, [(row["platform"], row["text"]) for row in rows]


def contenders(checker: Checker, sample: Sequence[tuple[str, str]]) -> dict[str, Callable[[], None]]:
    """Return what is timed; each runs over the whole sample once."""
    bundle, tables = checker.bundle, checker.bundle.tables
    fast, plain = build_automaton(bundle.needles), PyAhoCorasick(bundle.needles)
    raw = [text.encode("utf-8", "surrogatepass") for _, text in sample]

    def over(work: Callable[[str], object]) -> Callable[[], None]:
        def run() -> None:
            for _, text in sample:
                work(text)

        return run

    def pipeline() -> None:
        for platform, text in sample:
            checker.check(text, platform=platform)

    def raw_scan() -> None:
        for data in raw:
            fast.scan(data)

    found = {
        "whole pipeline": pipeline,
        "raw automaton scan": raw_scan,
        "raw scan, pyahocorasick": lambda: [plain.scan(data) for data in raw] and None,
        "fold and scan": over(lambda text: fast.scan(View(text, tables).data)),
    }
    words = sorted({entry.term for entry in bundle.entries if len(entry.term) > 1})
    try:
        from flashtext import KeywordProcessor

        processor = KeywordProcessor()
        processor.add_keywords_from_list(words)
        found["flashtext, same words"] = over(processor.extract_keywords)
    except ImportError:
        print("flashtext is not installed: left out")
    try:
        from presidio_analyzer import PatternRecognizer

        recogniser = PatternRecognizer(supported_entity="WORD", deny_list=words, supported_language="zh")
        found["presidio, same words"] = over(lambda text: recogniser.analyze(text, ["WORD"], None))
    except ImportError:
        print("presidio-analyzer is not installed: left out")
    return found


def compare(checker: Checker) -> None:
    """Print microseconds per message and ratios."""
    name, sample = messages()
    timed = contenders(checker, sample)
    seconds: dict[str, list[float]] = {label: [] for label in timed}
    for label, work in timed.items():
        if not label.startswith("presidio"):
            work()  # warm up
        seconds[label].clear()
    for number in range(ROUNDS):
        for label, work in timed.items():
            if label.startswith("presidio") and number >= 2:
                continue
            begin = time.perf_counter()
            work()
            seconds[label].append(time.perf_counter() - begin)
    base = seconds["whole pipeline"]
    flagged = sum(bool(checker.check(text, platform=platform).findings) for platform, text in sample)
    print(f"{len(sample)} {name}, {flagged} with findings; {len(checker.bundle.needles)} keys in the automaton")
    print(f"{'':28}{'us per message':>16}{'pipeline takes':>16}")
    for label, times in seconds.items():
        ratio = statistics.median(ours / theirs for ours, theirs in zip(base, times, strict=False))
        print(f"{label:28}{statistics.median(times) / len(sample) * 1e6:16.2f}{ratio:15.2f}x")


def cold_start() -> None:
    """Print the time of a whole command beside ``import pydantic``, both as new processes."""

    def best(words: list[str]) -> float:
        times = []
        for _ in range(7):
            begin = time.perf_counter()
            subprocess.run([sys.executable, *words], check=False, capture_output=True)
            times.append(time.perf_counter() - begin)
        return min(times)

    empty = best(["-c", "pass"])
    pydantic = best(["-c", "import pydantic"]) - empty
    command = best(["-m", "compliance", "check", "亲，今天就能发货哦", "--platform", "pdd"]) - empty
    print(f"cold start: {command * 1e3:.0f} ms beyond the interpreter, {command / pydantic:.2f}x `import pydantic`")


def main() -> None:
    """Run all measurements."""
    checker = Checker(load_bundle())
    compare(checker)
    cold_start()
    print(f"peak memory of this run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
