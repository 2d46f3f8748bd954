"""The packed Rocket.Chat app, loaded as the server's runtime loads it, against a real service."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compliance.model import PLATFORMS
from integrations.rocketchat.pack import HERE, pack
from tests.hooks.service import Service

if shutil.which("node") is None or shutil.which("npm") is None or not (HERE / "node_modules").is_dir():
    pytest.skip(f"needs Node.js and: npm ci --ignore-scripts --prefix {HERE.name}", allow_module_level=True)

CLEAN, BREACH, MILD, HEALED = "亲，这款今天发货", "亲，加我微信聊", "这款是最好的面料哦", "这款是很不错的面料哦"
HEAL = {"replace": "safe", "refuse": "warn"}
EVENTS = ("PreMessageSent", "PreMessageUpdated")
_HOST = Path(__file__).parent / "rocketchat" / "host.cjs"
_TRIES, _KILLED = 500, range(150, 300)
_NOBODY = "http://127.0.0.1:9"


class Server:
    """The stand-in for a Rocket.Chat server."""

    def __init__(self, package: Path, folder: Path, service: Service) -> None:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        engine = HERE / "node_modules" / "@rocket.chat" / "apps-engine"
        command = ["node", _HOST, folder / "ComplianceApp.js", engine, folder / "app.json"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.service = service

    def send(self, text: str | None, *, event: str = EVENTS[0], between: str | None = None, **given: Any) -> Any:
        """Send as an agent; ``between`` is what another app makes of the text after ours has looked."""
        settings = {"service": self.service.url, "platform": "pdd", **given.pop("settings", {})}
        sender = {"id": "agent", "roles": ["user", *given.pop("roles", ["livechat-agent"])]}
        message = {"id": "m1", "room": {"id": "r1"}, "sender": sender, "text": text, **given}
        question = {"event": event, "message": message, "settings": settings}
        question |= {} if between is None else {"between": between}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question).encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer["thrown"] == []
        return answer


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pack(tmp_path_factory.mktemp("packed"))


@pytest.fixture(scope="module")
def server(package: Path, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(package, tmp_path_factory.mktemp("installed"), service)
    yield running
    assert running.process.stdin is not None
    assert running.process.stdout is not None
    running.process.stdin.close()
    running.process.wait(10)
    running.process.stdout.close()


@pytest.mark.parametrize("event", EVENTS)
def test_a_clean_message_and_edit_arrive_as_they_are(server: Server, event: str) -> None:
    answer = server.send(CLEAN, event=event)
    assert (answer["arrived"]["text"], answer["notices"], answer["logs"]) == (CLEAN, [], [])


@pytest.mark.parametrize("event", EVENTS)
def test_a_refused_message_and_edit_do_not_arrive_and_only_the_agent_reads_why(server: Server, event: str) -> None:
    answer = server.send(BREACH, event=event)
    assert answer["arrived"] is None
    [notice] = answer["notices"]
    assert notice["to"] == "agent"
    assert "依据" in notice["text"]
    assert answer["logs"] == []


@pytest.mark.parametrize("event", EVENTS)
def test_a_rewrite_that_keeps_the_meaning_is_sent_instead_where_the_shop_allows_it(server: Server, event: str) -> None:
    assert server.send(MILD, event=event, settings={"refuse": "warn"})["arrived"] is None
    answer = server.send(MILD, event=event, settings=HEAL)
    assert answer["arrived"]["text"] == HEALED
    assert "改写后发送" in answer["notices"][0]["text"]


@pytest.mark.parametrize(
    "parts",
    [
        {"text": None, "attachments": [{"description": BREACH}]},
        {"text": CLEAN, "attachments": [{"title": {"value": BREACH}}]},
        {"text": CLEAN, "attachments": [{"fields": [{"title": "联系", "value": BREACH}]}]},
        {"text": "", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": BREACH}}]},
        {"text": "加我微", "attachments": [{"text": "信"}]},
        {"text": "Y2lwaGVydGV4dA==", "type": "e2e"},
    ],
    ids=["caption", "title", "field", "block", "split over two texts", "encrypted"],
)
def test_a_breach_is_found_in_every_text_of_a_message(server: Server, parts: dict[str, Any]) -> None:
    assert server.send(parts.pop("text"), **parts)["arrived"] is None


def test_attachments_are_healed_and_blocks_which_cannot_be_are_refused(server: Server) -> None:
    healed = server.send(CLEAN, attachments=[{"text": MILD, "imageUrl": "/a.png"}], settings=HEAL)["arrived"]
    assert (healed["text"], healed["attachments"]) == (CLEAN, [{"text": HEALED, "imageUrl": "/a.png"}])
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": MILD}}]
    assert server.send("", blocks=blocks, settings=HEAL)["arrived"] is None


@pytest.mark.parametrize(
    ("roles", "wanted", "arrives"),
    [(["guest"], "livechat-agent", True), (["bot"], "livechat-agent, bot", False), (["guest"], "", False)],
)
def test_only_the_roles_that_were_named_are_checked_and_everybody_if_none_was(
    server: Server, roles: list[str], wanted: str, arrives: bool
) -> None:
    assert (server.send(BREACH, roles=roles, settings={"roles": wanted})["arrived"] is not None) is arrives


def test_what_another_app_makes_of_the_text_afterwards_is_checked_too(server: Server) -> None:
    assert server.send(CLEAN, between=BREACH)["arrived"] is None
    assert server.send(CLEAN, between=MILD, settings=HEAL)["arrived"]["text"] == HEALED


@pytest.mark.parametrize(
    "wrong", [{"platform": "ebay"}, {"service": _NOBODY}, {"service": "no address"}, {"profile": "none"}]
)
def test_wrong_settings_refuse_and_are_logged_without_a_word_of_the_message(
    server: Server, wrong: dict[str, str]
) -> None:
    answer = server.send(CLEAN, settings=wrong)
    assert answer["arrived"] is None
    assert "暂时无法检查" in answer["notices"][0]["text"]
    [logged] = answer["logs"]
    assert "message m1 refused without a verdict" in logged
    assert CLEAN not in logged


def test_fail_closed_lets_no_breach_through_while_the_service_is_killed_and_restarted(server: Server) -> None:
    arrived = []
    for number in range(_TRIES):
        if number == _KILLED.start:
            server.service.kill()
        if number == _KILLED.stop:
            server.service.start()
        text = f"{BREACH if number % 2 else CLEAN} {number}"
        if server.send(text, id=f"m{number}")["arrived"] is not None:
            arrived.append(number)
    assert arrived == [n for n in range(0, _TRIES, 2) if n not in _KILLED]


def test_fail_open_sends_and_logs_each_unchecked_message_once_by_id(server: Server) -> None:
    open_ = {"service": _NOBODY, "unavailable": "send", **HEAL}
    answers = [server.send(BREACH, id=f"u{n}", settings=open_) for n in (1, 2)]
    assert [answer["arrived"]["text"] for answer in answers] == [BREACH, BREACH]
    logged = [line for answer in answers for line in answer["logs"]]
    assert [line.partition(" passed")[0] for line in logged] == [f"warn message u{n} in room r1" for n in (1, 2)]
    assert logged[1].endswith("; 2 since the start")
    assert "微信" not in "".join(logged)


def test_a_service_that_does_not_answer_is_not_waited_for_longer_than_the_server_waits_for_us(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        silent = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        answer = server.send(CLEAN, settings={"service": silent, "timeout": 60_000})
    assert answer["arrived"] is None
    assert answer["milliseconds"] < 1000


def test_the_package_is_complete(package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        info = json.loads(archive.read("app.json"))
        names = set(archive.namelist())
        languages = {name: json.loads(archive.read(name)) for name in names if name.startswith("i18n/")}
    assert {info["classFile"], "i18n/en.json", "i18n/zh.json"} < names
    assert "essentials" not in info
    assert languages["i18n/en.json"].keys() == languages["i18n/zh.json"].keys()
    assert all(f"platform_{platform}" in languages["i18n/en.json"] for platform in PLATFORMS)
    with zipfile.ZipFile(pack(tmp_path, essential=True)) as archive:
        assert json.loads(archive.read("app.json"))["essentials"] == info["implements"]
