"""Real advertising messages and forum posts, which are no talk of agents: two tables of ``docs/quality.md``."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from benchmarks.silence import SHARED
from compliance import Action, Checker, Verdict

__all__ = ["abuse_table", "spam_table"]

_CONTACT = {"offsite_contact", "third_party_link", "qr_code", "offsite_payment"}
_ABUSE = {"abuse", "threat", "harassment"}
# What a reader would look for, first match wins; kept apart from the recognisers on purpose.
_CARRIED = {
    "a mobile number": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "a link": re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|top|cc|me|vip)\b"),
    "WeChat, QQ or Telegram": re.compile(r"微信|薇信|威信|(?<![a-z])(?:vx|wx|qq)|扣扣|企鹅|@[a-z]\w{4}|飞机|电报"),
    "a 400 or 800 number": re.compile(r"(?<!\d)[48]00\d{7}(?!\d)"),
    "a number with area code": re.compile(r"(?<!\d)0\d{9,11}(?!\d)"),
    "a card or account": re.compile(r"(?<!\d)\d{15,19}(?!\d)"),
    "a local number of 7 or 8 digits": re.compile(r"(?<!\d)[2-9]\d{6,7}(?!\d)"),
    "other digits, nine or more": re.compile(r"\d{9}"),
}


def carried(text: str) -> str:
    """Name the contact detail that a plain reading sees in a message."""
    plain = unicodedata.normalize("NFKC", text).lower()
    joined = re.sub(r"(?<=\d)[-\s_.一~*]{1,3}(?=\d)", "", plain)
    return next((name for name, found in _CARRIED.items() if found.search(joined)), "nothing a plain reading sees")


def spam_table(checker: Checker) -> str:
    """Return how many of the messages with a contact detail get a finding of it, by kind of detail."""
    total, found = Counter[str](), Counter[str]()
    for row in _rows("spam_contact_dev.jsonl"):
        kind = carried(row["text"])
        total[kind] += 1
        found[kind] += bool(_categories(checker.check(row["text"], platform="pdd")) & _CONTACT)
    return "\n".join(_spam(total, found))


def _spam(total: Counter[str], found: Counter[str]) -> Iterator[str]:
    yield "| carries | messages | found | share |\n|---|---|---|---|"
    for kind in (*_CARRIED, "nothing a plain reading sees"):
        yield f"| {kind} | {total[kind]} | {found[kind]} | {100 * found[kind] / max(1, total[kind]):.1f} % |"
    carriers, met = (sum(count[kind] for kind in _CARRIED) for count in (total, found))
    yield f"| together, without the last row | {carriers} | {met} | {100 * met / carriers:.1f} % |"


def abuse_table(checker: Checker) -> str:
    """Return precision and recall against the labels of the source, and how often each of its kinds is flagged."""
    met = [(row, bool(_categories(checker.check(row["text"], platform="pdd")) & _ABUSE))
           for row in _rows("abuse_dev.jsonl")]  # fmt: skip
    flagged = sum(hit for _, hit in met)
    right = sum(hit for row, hit in met if row["label"])
    wanted = sum(bool(row["label"]) for row, _ in met)
    precision, recall = f"{right / flagged:.2f}", f"{right / wanted:.2f}"
    lines = [
        f"Precision {precision} ({right} of {flagged} flagged), recall {recall} ({right} of {wanted} labelled).\n",
        "| kind, as the source gives it | label | posts | flagged |\n|---|---|---|---|",
    ]
    for kind, label in sorted({(row["kind"], row["label"]) for row, _ in met}):
        hits = [hit for row, hit in met if (row["kind"], row["label"]) == (kind, label)]
        lines.append(f"| {kind.replace('_', ' ')} | {label} | {len(hits)} | {sum(hits)} |")
    return "\n".join(lines)


def _rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (SHARED / name).read_text("utf-8").splitlines()]


def _categories(verdict: Verdict) -> set[str]:
    return {finding.category for finding in verdict.findings if finding.action is not Action.NOTE}
