"""How fast a message is checked, beside a raw scan and other products, in one run: ``make bench``.

Only ratios mean something: contenders take turns, several rounds over the same messages, and the median over the
rounds is shown. Messages are fresh string objects in every round, because CPython keeps a string's UTF-8 form.
"""

from __future__ import annotations

import json
import re
import resource
import statistics
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from compliance import Checker, Context, load_bundle
from compliance.detect.automaton import PyAhoCorasick, build_automaton
from compliance.fold import View

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "corpus" / "agent_messages_dev.jsonl"
ROUNDS = 9
SLOW_ROUNDS = 2
Sample = Sequence[tuple[str, str]]
"""(platform, text) pairs."""
Work = Callable[[Sample], object]


def messages() -> tuple[str, Sample]:
    """Return what the messages are, and the messages."""
    if REAL.is_file():
        name, files = "real agent messages", [REAL]
    else:
        name, files = "ordinary messages of the test corpus", sorted((ROOT / "tests/corpus/ordinary").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return name, [(row["platform"], row["text"]) for row in rows]


def contenders(checker: Checker) -> dict[str, Work]:
    """Return what is timed."""
    bundle, tables = checker.bundle, checker.bundle.tables
    fast, plain = build_automaton(bundle.needles), PyAhoCorasick(bundle.needles)
    words = sorted(
        {term for _, targets, *_ in bundle.keys for _, ways, _ in targets for term, _ in ways.values() if len(term) > 1}
    )

    def over(work: Callable[[str], object]) -> Work:
        def run(sample: Sample) -> None:
            for _, text in sample:
                work(text)

        return run

    def pipeline(sample: Sample) -> None:
        for platform, text in sample:
            checker.check(text, platform=platform)

    found: dict[str, Work] = {
        "whole pipeline": pipeline,
        "raw automaton scan": over(lambda text: fast.scan(text.encode("utf-8", "surrogatepass"))),
        "raw scan, pyahocorasick": over(lambda text: plain.scan(text.encode("utf-8", "surrogatepass"))),
        "fold and scan": over(lambda text: fast.scan(View(text, tables).data)),
        "ordinary way": over(_ordinary_way(words)),
    }
    for label, build in (("flashtext, same words", _flashtext), ("presidio, same words", _presidio)):
        try:
            found[label] = over(build(words))
        except ImportError as error:
            print(f"{label}: left out, {error.name} is not installed")
    return found


def _ordinary_way(words: Sequence[str]) -> Callable[[str], object]:
    """NFKC, lower case, an automaton on text and a few expressions for contact details: what most projects do."""
    automaton = import_module("ahocorasick").Automaton()
    for word in words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    phone, account = re.compile(r"1[3-9]\d{9}"), re.compile(r"[a-z][-_a-z0-9]{5,19}")
    link, email = re.compile(r"(?:https?://|www\.)\S+"), re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")

    def check(text: str) -> object:
        folded = unicodedata.normalize("NFKC", text).lower()
        return list(automaton.iter(folded)), *(e.findall(folded) for e in (phone, account, link, email))

    return check


def _flashtext(words: Sequence[str]) -> Callable[[str], object]:
    processor = import_module("flashtext").KeywordProcessor()
    processor.add_keywords_from_list(list(words))
    found: Callable[[str], object] = processor.extract_keywords
    return found


def _presidio(words: Sequence[str]) -> Callable[[str], object]:
    module = import_module("presidio_analyzer")
    recogniser = module.PatternRecognizer(
        supported_entity="WORD", deny_list=list(words), supported_language="zh", name="deny list"
    )
    return lambda text: recogniser.analyze(text, ["WORD"], None)


def fresh(sample: Sample) -> Sample:
    """Return the messages as new string objects."""
    return [(platform, f"{text} "[:-1]) for platform, text in sample]


def compare(timed: dict[str, Work], sample: Sample) -> None:
    """Print microseconds per message, and how many times as long the pipeline takes."""
    seconds: dict[str, list[float]] = {label: [] for label in timed}
    for number in range(-1, ROUNDS):
        for label, work in timed.items():
            if label.startswith("presidio") and number >= SLOW_ROUNDS:
                continue
            data = fresh(sample)
            begin = time.perf_counter()
            work(data)
            if number >= 0:  # the first round warms up
                seconds[label].append(time.perf_counter() - begin)
    base = seconds["whole pipeline"]
    print(f"{'':28}{'us per message':>16}{'pipeline takes':>16}")
    for label, times in seconds.items():
        ratio = statistics.median(ours / theirs for ours, theirs in zip(base, times, strict=False))
        print(f"{label:28}{statistics.median(times) / len(sample) * 1e6:16.2f}{ratio:15.2f}x")


def quiet(checker: Checker, sample: Sample) -> Sample:
    """Return the messages in which nothing is even looked at."""
    nothing = []
    for platform, text in sample:
        found = checker.examine(text, platform, checker.profile.complete(Context()))
        if not found.kept and not found.dropped:
            nothing.append((platform, text))
    return nothing


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
    name, sample = messages()
    flagged = sum(bool(checker.check(text, platform=platform).findings) for platform, text in sample)
    print(f"{len(sample)} {name}, {flagged} with findings; {len(checker.bundle.keys)} keys in the automaton")
    timed = contenders(checker)
    compare(timed, sample)
    silent = quiet(checker, sample)
    print(f"\nthe {len(silent)} of them in which there is nothing to judge")
    compare({label: timed[label] for label in ("whole pipeline", "raw automaton scan")}, silent)
    print()
    cold_start()
    print(f"peak memory of this run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
