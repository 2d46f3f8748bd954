"""The module inside a real Synapse: what the buyer can read is what was allowed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("synapse", reason="matrix-synapse is not installed")

from tests.hooks.homeserver import User, homeserver, register

AGENTS = ["@agent.*:shop\\.test"]
_NAMES = itertools.count()


def _module(**config: Any) -> list[dict[str, Any]]:
    return [
        {
            "module": "compliance.hooks.synapse.ComplianceModule",
            "config": {"platform": "pdd", "agents": AGENTS, **config},
        }
    ]


def _edit(text: str, event: str) -> dict[str, Any]:
    return {
        "msgtype": "m.text",
        "body": f"* {text}",
        "m.new_content": {"msgtype": "m.text", "body": text},
        "m.relates_to": {"rel_type": "m.replace", "event_id": event},
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with homeserver(tmp_path_factory.mktemp("synapse"), _module(replace="safe")) as base:
        yield base


@pytest.fixture
def chat(server: str) -> tuple[User, User, str]:
    number = next(_NAMES)
    agent, buyer = register(server, f"agent{number}"), register(server, f"buyer{number}")
    room = agent.create_room(buyer.id)
    buyer.join(room)
    return agent, buyer, room


def test_a_clean_message_arrives(chat: tuple[User, User, str]) -> None:
    agent, buyer, room = chat
    assert agent.send(room, "亲，这款今天发货")[0] == 200
    assert [content["body"] for content in buyer.read(room)] == ["亲，这款今天发货"]


@pytest.mark.parametrize(
    "content",
    [
        "加我微信 abc12345 发您图片",
        {
            "msgtype": "m.text",
            "body": "看这里",
            "format": "org.matrix.custom.html",
            "formatted_body": "加<b>微</b>信聊",
        },
        {
            "msgtype": "m.text",
            "body": "点这里",
            "format": "org.matrix.custom.html",
            "formatted_body": '<a href="https://item.taobao.com/item.htm?id=1">点这里</a>',
        },
    ],
    ids=["plain", "formatted", "link"],
)
def test_a_refused_message_never_arrives(chat: tuple[User, User, str], content: Any) -> None:
    agent, buyer, room = chat
    status, answer = agent.send(room, content)
    assert (status, answer["errcode"]) == (403, "M_FORBIDDEN")
    assert "依据" in answer["error"]
    assert answer["org.compliance.verdict"]["decision"] == "block"
    assert buyer.read(room) == []


def test_a_safe_rewrite_arrives_instead(chat: tuple[User, User, str]) -> None:
    agent, buyer, room = chat
    assert agent.send(room, "这款是全网最好的面料哦")[0] == 200
    (content,) = buyer.read(room)
    assert content["body"] == "这款是很不错的面料哦"


def test_edits_are_checked_like_new_messages(chat: tuple[User, User, str]) -> None:
    agent, buyer, room = chat
    event = agent.send(room, "亲，在的")[1]["event_id"]
    assert agent.send(room, _edit("加我微信聊", event))[0] == 403
    assert agent.send(room, _edit("这款是全网最好的面料哦", event))[0] == 200
    _, edited = buyer.read(room)
    assert edited["m.new_content"]["body"] == "这款是很不错的面料哦"
    assert "最好" not in edited["body"]


def test_only_agents_are_checked(chat: tuple[User, User, str]) -> None:
    agent, buyer, room = chat
    assert buyer.send(room, "能加个微信吗")[0] == 200
    assert [content["body"] for content in agent.read(room)] == ["能加个微信吗"]


def test_encrypted_messages_of_agents_are_refused_because_nobody_can_check_them(chat: tuple[User, User, str]) -> None:
    agent, _, room = chat
    status, answer = agent.send(room, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, "m.room.encrypted")
    assert status == 403
    assert "加密" in answer["error"]
