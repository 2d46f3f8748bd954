"""False alarms on real agent messages, as they are and after innocent changes: a table of ``docs/quality.md``.

The messages lie beside the checkout and stay there: only numbers and rule codes reach the page. The changes are ours.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from compliance import Action, Checker, Verdict

__all__ = ["SHARED", "silence_table"]

SHARED = Path(__file__).parents[2] / "shared" / "corpus"
_GOODS = (
    "手机壳", "连衣裙", "四件套", "苹果", "奶粉", "洗衣液", "耳机", "面膜", "拖鞋", "茶叶",
    "手机", "冰箱", "空调", "电视", "洗衣机", "衣服", "裤子", "鞋子", "书", "电脑",
)  # fmt: skip
_NAMES = [f"{family}{title}" for family in "王李张刘陈杨赵黄周吴" for title in ("先生", "女士")]
_OPENINGS = ("亲，", "您好，", "亲亲 ", "嗯嗯，", "好的哦~", "抱歉久等了，")
_ENDINGS = ("哦", "呢", "~", "哈", "[微笑]", "😊", "🌹", "！", "。谢谢您", "，感谢支持", "，还有别的可以帮您的吗")
_FACES = "😊😄🌹💕👍🙏🎉☀"
_PLACE = re.compile(r"[，。,！!？?~ ]")

Change = Callable[[str, Random], str]


def _other_goods(text: str, random: Random) -> str:
    return re.sub("|".join(sorted(_GOODS, key=len, reverse=True)), lambda _: random.choice(_GOODS), text)


def _line_break(text: str, random: Random) -> str:
    place = random.choice([m.end() for m in _PLACE.finditer(text)] or [len(text)])
    return f"{text[:place]}\n{text[place:]}"


def changes(messages: Sequence[str]) -> dict[str, Change]:
    """Return the innocent changes by name; one of them puts another of the messages behind."""
    return {
        "unchanged": lambda text, _: text,
        "other numbers": lambda text, random: re.sub(r"\d", lambda _: random.choice("123456789"), text),
        "other goods": _other_goods,
        "goods in front": lambda text, random: f"关于{random.choice(_GOODS)}：{text}",
        "a name in front": lambda text, random: f"{random.choice(_NAMES)}，{text}",
        "a polite opening": lambda text, random: random.choice(_OPENINGS) + text,
        "a polite ending": lambda text, random: text + random.choice(_ENDINGS),
        "a number behind": lambda text, random: f"{text} {random.choice((38, 250, 66, 108, 1314))}",
        "a line break": _line_break,
        "spaces for commas": lambda text, _: re.sub("[，,]", " ", text),
        "pictographs": lambda text, random: text.replace("，", f"{random.choice(_FACES)}，") + random.choice(_FACES),
        "another message behind": lambda text, random: f"{text}\n{random.choice(messages)}",
    }


def silence_table(checker: Checker) -> str:
    """Check all real messages under every change; return the section as Markdown."""
    rows = [json.loads(line) for line in (SHARED / "agent_messages_dev.jsonl").read_text("utf-8").splitlines()]
    quiet, loud = [], []
    for row in rows:
        (loud if _flags(checker.check(row["text"], platform=row["platform"])) else quiet).append(row)
    by_platform = {row["platform"]: [other["text"] for other in quiet if other["platform"] == row["platform"]]
                   for row in quiet}  # fmt: skip
    return "\n".join(_table(checker, quiet, loud, by_platform))


def _table(
    checker: Checker, quiet: Sequence[dict[str, str]], loud: Sequence[dict[str, str]], texts: dict[str, list[str]]
) -> Iterator[str]:
    total = len(quiet) + len(loud)
    yield (
        f"Of {total} real agent messages {len(loud)} are flagged ({100 * len(loud) / total:.2f} %). Every message was "
        "changed in innocent ways and checked again: how many of the quiet ones are flagged now, by which rules, and "
        "how many of the flagged ones still are.\n"
    )
    yield "| change | newly flagged | share | by | still flagged |\n|---|---|---|---|---|"
    for name in changes(()):
        codes: Counter[str] = Counter()
        newly = still = 0
        for number, row in enumerate((*quiet, *loud)):
            change = changes(texts[row["platform"]])[name]
            text = change(row["text"], Random(f"{name} {number}"))
            flags = _flags(checker.check(text, platform=row["platform"]))
            if number >= len(quiet):
                still += bool(flags)
            elif flags:
                newly += 1
                codes.update(flags)
        by = ", ".join(f"{code} {count}" for code, count in codes.most_common())
        yield f"| {name} | {newly} | {100 * newly / len(quiet):.2f} % | {by} | {still} of {len(loud)} |"


def _flags(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings if finding.action is not Action.NOTE}
