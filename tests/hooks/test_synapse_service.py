"""The module asks the service, which is killed and started again: nothing that is not allowed may arrive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("synapse", reason="matrix-synapse is not installed")

from tests.hooks.homeserver import homeserver, register
from tests.hooks.service import Service

_TRIES = 500
_CLEAN, _BREACH = "亲，这款今天发货 {}", "亲，加我微信聊 {}"


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    running.start()
    yield running
    running.kill()


def _config(service: Service, unavailable: str) -> list[dict[str, object]]:
    config = {"platform": "pdd", "agents": ["@agent:shop\\.test"], "service": service.url, "unavailable": unavailable}
    return [{"module": "compliance.hooks.synapse.ComplianceModule", "config": config}]


def test_fail_closed_lets_nothing_through_while_the_service_is_killed_and_restarted(
    service: Service, tmp_path: Path
) -> None:
    with homeserver(tmp_path, _config(service, "refuse")) as base:
        agent, buyer = register(base, "agent"), register(base, "buyer")
        room = agent.create_room(buyer.id)
        buyer.join(room)
        allowed = []
        for number in range(_TRIES):
            if number in (150, 350):
                service.kill()
            if number in (250, 420):
                service.start()
            text = (_BREACH if number % 2 else _CLEAN).format(number)
            status, _ = agent.send(room, text)
            assert not (number % 2 and status == 200), text
            if status == 200:
                allowed.append(text)
        assert [content["body"] for content in buyer.read(room)] == allowed
        assert len(allowed) == sum(
            1 for n in range(0, _TRIES, 2) if n not in range(150, 250) and n not in range(350, 420)
        )


def test_fail_open_counts_and_logs_every_unchecked_message_by_id(service: Service, tmp_path: Path) -> None:
    with homeserver(tmp_path, _config(service, "send")) as base:
        agent, buyer = register(base, "agent"), register(base, "buyer")
        room = agent.create_room(buyer.id)
        buyer.join(room)
        assert agent.send(room, _BREACH.format(0))[0] == 403
        service.kill()
        passed = [agent.send(room, text) for text in ("亲，在的", _BREACH.format(1))]
    assert [status for status, _ in passed] == [200, 200]
    log = "".join(file.read_text("utf-8") for file in tmp_path.glob("*.log"))
    log += (tmp_path / "console.txt").read_text("utf-8")
    logged = re.findall(r"event (\S+) passed unchecked", log)
    assert set(logged) == {answer["event_id"] for _, answer in passed}
    assert "微信" not in log
