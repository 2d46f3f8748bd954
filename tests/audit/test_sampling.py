"""The sample for human review."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from compliance.audit.row import Role, Row
from compliance.audit.sampling import Sampler

SHARES = {"block": 0.4, "warn": 0.3, "none": 0.2, "note": 0.1}


def _messages(agents: dict[str, dict[str, int]]) -> list[tuple[Row, str]]:
    return [
        (Row(f"a.csv:{agent}{risk}{n}", Role.AGENT, f"第{n}句", shop="店", agent=agent), risk)
        for agent, risks in agents.items()
        for risk, number in risks.items()
        for n in range(number)
    ]


def _drawn(messages: list[tuple[Row, str]], size: int, seed: int = 1) -> list[dict[str, object]]:
    sampler = Sampler(size, seed, SHARES)
    for row, risk in messages:
        sampler.add(row, risk, "")
    return sampler.records()


PLENTY = _messages({agent: dict.fromkeys(SHARES, 50) for agent in ("小美", "小强")})


@pytest.mark.parametrize(
    ("agents", "size", "risks"),
    [
        ({"小美": dict.fromkeys(SHARES, 50)}, 20, {"block": 8, "warn": 6, "none": 4, "note": 2}),
        ({"小美": {"block": 2, "none": 100}}, 20, {"block": 2, "none": 18}),  # what is missing goes on
        ({"小美": {"warn": 100, "none": 100}}, 20, {"warn": 16, "none": 4}),  # block's 8 and note's 2 go to warn
        ({"小美": {"none": 3}}, 20, {"none": 3}),  # all there is
        ({}, 20, {}),
    ],
)
def test_risks_have_their_shares(agents: dict[str, dict[str, int]], size: int, risks: dict[str, int]) -> None:
    drawn = _drawn(_messages(agents), size)
    assert Counter(record["risk"] for record in drawn) == risks


def test_agents_take_turns_however_much_they_write() -> None:
    drawn = _drawn(_messages({"小美": {"none": 1000}, "小强": {"none": 10}, "小林": {"none": 2}}), 9)
    assert sorted(Counter(record["agent"] for record in drawn).values()) == [2, 3, 4]  # the one with two gives both


def test_the_same_seed_draws_the_same_in_any_order_and_another_seed_others() -> None:
    mixed = random.Random(0).sample(PLENTY, len(PLENTY))
    assert _drawn(PLENTY, 20) == _drawn(mixed, 20)
    sources = [{record["source"] for record in _drawn(PLENTY, 20, seed)} for seed in (1, 2)]
    assert sources[0] != sources[1]


def test_a_larger_sample_of_a_seed_holds_the_smaller_one() -> None:
    small, large = ({record["source"] for record in _drawn(PLENTY, size)} for size in (10, 40))
    assert small < large


def test_every_message_of_a_stratum_has_the_same_chance() -> None:
    messages = _messages({"小美": {"none": 10}})
    counts = Counter(record["source"] for seed in range(400) for record in _drawn(messages, 2, seed))
    assert len(counts) == 10
    assert all(45 < number < 120 for number in counts.values())  # 80 expected; fixed seeds, so no chance is left


def test_the_sizes_that_an_estimate_is_weighted_by_are_told() -> None:
    record = _drawn(_messages({"小美": {"none": 10}}), 4)[0]
    assert (record["stratum_size"], record["stratum_drawn"]) == (10, 4)
