"""Write a chat log of any length, shaped like the exports of shops: many conversations at once, in the order of time.

What agents say comes from the messages of the bench; some of it says a number of its own, as orders and times do, so
that it occurs once, and a small part is a breach from the test corpus. The same seed writes the same log.
"""

from __future__ import annotations

import csv
import heapq
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.__main__ import messages
from benchmarks.corpus import read_lines

__all__ = ["HEADINGS", "rows", "write_log"]

HEADINGS = ("时间", "平台", "店铺", "角色", "客服", "买家", "内容")
SHOPS, AGENTS = 3, 8
AT_ONCE = 150
"""Conversations that go on at the same time."""
OWN_NUMBER, BREACH = 0.5, 0.02
"""Shares of the agents' messages."""
ASKED = (
    *("在吗", "多少钱？", "什么时候发货？", "能便宜点吗", "质量怎么样", "好的", "谢谢", "有货吗", "怎么还没到"),
    *("可以退吗？", "发什么快递", "尺码偏大吗", "嗯", "收到了", "我再看看"),
)
Said = Mapping[str, list[str]]
"""Texts by platform."""
Row = tuple[datetime, str, str, str, str, str, str]


def rows(number: int, seed: int = 1) -> Iterator[Row]:
    """Yield messages: time, platform, shop, role, agent, buyer and text."""
    draw = random.Random(seed)
    said = _by_platform(messages()[1])
    breaches = _by_platform((line.platform, line.text) for line in read_lines("breaches"))
    time = datetime(2026, 11, 2, 8)
    going: list[tuple[Row, int, Iterator[Row]]] = []
    for which in range(number):
        while len(going) < AT_ONCE:
            begin = time + timedelta(seconds=draw.randrange(600))
            conversation = _conversation(draw, which * AT_ONCE + len(going), begin, said, breaches)
            heapq.heappush(going, (next(conversation), which, conversation))
        row, _, conversation = heapq.heappop(going)
        time = row[0]
        yield row
        if (following := next(conversation, None)) is not None:
            heapq.heappush(going, (following, which, conversation))


def _by_platform(texts: Iterable[tuple[str, str]]) -> Said:
    found: dict[str, list[str]] = {}
    for platform, text in texts:
        found.setdefault(platform, []).append(text)
    return found


def _conversation(draw: random.Random, which: int, time: datetime, said: Said, breaches: Said) -> Iterator[Row]:
    platform = draw.choice(sorted(said))
    shop, agent, buyer = f"{platform}店{draw.randrange(SHOPS)}", f"客服{draw.randrange(AGENTS)}", f"买家{which}"
    for _ in range(min(40, int(draw.expovariate(1 / 4)) + 1)):
        yield time, platform, shop, "买家", "", buyer, draw.choice(ASKED)
        for _ in range(draw.choice((1, 1, 1, 2))):
            time += timedelta(seconds=int(draw.expovariate(1 / 40)) + 2)
            breaks = platform in breaches and draw.random() < BREACH
            text = draw.choice(breaches[platform] if breaks else said[platform])
            if draw.random() < OWN_NUMBER:
                text = f"{text}，第{draw.randrange(10**6)}单"
            yield time, platform, shop, "客服", agent, buyer, text
        time += timedelta(seconds=int(draw.expovariate(1 / 60)) + 2)


def write_log(file: Path, number: int, seed: int = 1) -> None:
    """Write a CSV of so many messages."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(HEADINGS)
        table.writerows((row[0].strftime("%Y-%m-%d %H:%M:%S"), *row[1:]) for row in rows(number, seed))
