"""Show a day of verdicts: python demo/show.py DAY.jsonl VERDICTS.jsonl."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

LABELS = {"block": "✗ 不能发送", "warn": "! 建议修改", "pass": "✓ 可以发送"}


def main(day: str, verdicts: str) -> None:
    """Print every conversation that is not in order, then a count by shop and by rule."""
    records = [json.loads(line) for line in Path(day).read_text("utf-8").splitlines()]
    answers = [json.loads(line) for line in Path(verdicts).read_text("utf-8").splitlines()]
    shops: dict[str, Counter[str]] = {}
    rules: Counter[str] = Counter()
    for record, verdict in zip(records, answers, strict=True):
        shops.setdefault(record["id"].split()[0], Counter())[verdict["decision"]] += 1
        rules.update({f"{f['code']} {f['name']}" for f in verdict["findings"] if f["action"] != "note"})
        if verdict["decision"] != "pass":
            print(show(record, verdict))
    print("店铺        不能发送  建议修改  可以发送")
    for shop, count in shops.items():
        print(f"{shop:　<5}{count['block']:>8}{count['warn']:>10}{count['pass']:>10}")
    print("\n最常见的规则")
    for rule, count in rules.most_common(8):
        print(f"{count:>4}  {rule}")


def show(record: dict[str, Any], verdict: dict[str, Any]) -> str:
    """Return one conversation with its findings."""
    lines = [f"{LABELS[verdict['decision']]}  {record['id']}"]
    lines += [
        f"  {'买家' if message['role'] == 'buyer' else '客服'}：{message['text']}" for message in record["messages"]
    ]
    for finding in verdict["findings"]:
        lines.append(f"    {finding['code']} “{finding['surface']}” {finding['message']}")
        lines += [
            f"      依据 {c['document']}{c['clause'] or ''}（{c['verification']}）" for c in finding["citations"][:1]
        ]
        lines += [f"      可改 {s['text']}" for s in finding["suggestions"][:1] if s["tier"] != "advice"]
    if verdict["rewrite"]:
        lines.append(f"    改为：{verdict['rewrite']['text']}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
