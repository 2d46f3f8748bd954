"""Write ``docs/rules`` from the lexicons and ``docs/accuracy.md`` from the corpus, so that they cannot drift.

Run by ``make docs``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import read_lines, score
from compliance import PLATFORMS, Bundle, Checker, load_bundle
from compliance.cli.explain import cited, levels
from compliance.lexicon.bundle import InventoryRow, Rule
from docs.accuracy import accuracy_page

HERE = Path(__file__).parent / "rules"
_FATES = {
    "text": "一条消息的文字即可判断",
    "context": "需要订单或店铺信息，缺少时只提醒",
    "conversation": "需要多条消息，由聊天审计判断",
    "metric": "服务指标，由聊天审计统计",
    "invisible": "聊天文字中看不出来",
}


def pages(bundle: Bundle) -> dict[str, str]:
    """Return file name -> content."""
    by_category: dict[str, list[Rule]] = defaultdict(list)
    for rule in sorted(bundle.rules, key=lambda rule: rule.code):
        by_category[rule.category].append(rule)
    found = {f"{category}.md": "\n".join(_category_page(category, rules)) for category, rules in by_category.items()}
    found["README.md"] = "\n".join(_index(by_category))
    found["coverage.md"] = "\n".join(_coverage(bundle))
    return found


def _index(by_category: dict[str, list[Rule]]) -> Iterator[str]:
    yield "# 规则一览\n"
    yield "由 `make docs` 根据 `lexicons/` 生成；单条规则也可以用 `compliance explain 编号` 查看。\n"
    yield "| 类别 | 规则 |\n|---|---|"
    for category in sorted(by_category):
        names = "、".join(f"{rule.code} {rule.title}" for rule in by_category[category])
        yield f"| [{category}]({category}.md) | {names} |"
    yield "\n[176 条规则的去向](coverage.md)\n"


def _category_page(category: str, rules: list[Rule]) -> Iterator[str]:
    yield f"# {category}\n"
    for rule in rules:
        yield f"## {rule.code} {rule.title}（{rule.name}）\n"
        yield f"{rule.message.replace('{surface}', '……')}\n"
        yield f"**原因**　{rule.why}\n"
        if rule.exemptions:
            yield f"**豁免**　{rule.exemptions}\n"
        yield f"**平台**　{'、'.join(PLATFORMS[id_] for id_ in PLATFORMS if id_ in rule.platforms)}\n"
        yield f"**等级**　{levels(rule.severity)}\n"
        for need in rule.needs:
            yield f"**需要**　`{need.flag}` 为 {str(need.fires_if).lower()} 时成立，不知道时只提醒\n"
        printable = [clause for clause in rule.clauses if clause.printable]
        if printable:
            yield "**依据**\n"
            yield from (f"- {cited(clause)}" for clause in printable)
            yield ""
        for kind, title in (("hit", "会提示"), ("pass", "不提示")):
            yield f"**{title}**\n"
            yield from (f"- {_one_line(e.text)}" for e in rule.examples if e.kind == kind)
            yield ""
        fixes = [example for example in rule.examples if example.kind == "fix" and example.want]
        if fixes:
            yield "**改写**\n"
            yield from (f"- {_one_line(e.text)} → {_one_line(e.want or '')}" for e in fixes)
            yield ""
        if rule.rewrite.advice:
            yield f"**建议**　{rule.rewrite.advice}\n"


def _coverage(bundle: Bundle) -> Iterator[str]:
    served: dict[str, list[str]] = defaultdict(list)
    for rule in sorted(bundle.rules, key=lambda rule: rule.code):
        for row in rule.source:
            served[row].append(f"[{rule.code}]({rule.category}.md)")
    yield "# 规则清单的去向\n"
    yield "每条收集到的规则由什么承担。由 `make docs` 根据 `lexicons/inventory.yaml` 和各规则的 `source` 生成。\n"
    yield "| # | 规则 | 内容 | 核实 | 去向 | 承担的规则 | 说明 |\n|---|---|---|---|---|---|---|"
    for row in bundle.inventory:
        what = f"| {row.number} | {row.id} | {_one_line(row.rule)} | {row.verification} | {_fate(row)} |"
        yield f"{what} {' '.join(served[row.id])} | {_one_line(row.reason or '')} |"
    yield ""


def _fate(row: InventoryRow) -> str:
    needs = f"：{'、'.join(f'`{need}`' for need in row.needs)}" if row.needs else ""
    return f"{_FATES[row.fate]}{needs}"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def main() -> int:
    """Write all pages; remove pages that no longer belong."""
    bundle = load_bundle()
    found = pages(bundle)
    HERE.mkdir(exist_ok=True)
    for file in HERE.glob("*.md"):
        if file.name not in found:
            file.unlink()
    for name, content in found.items():
        (HERE / name).write_text(content, "utf-8")
    result = score(Checker(bundle), read_lines("breaches"), read_lines("ordinary"))
    (HERE.parent / "accuracy.md").write_text(accuracy_page(result), "utf-8")
    print(f"{len(found)} pages written to docs/rules, and docs/accuracy.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
