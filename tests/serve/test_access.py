"""Keys, scopes, rates, loads, and who may call without a key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from compliance import Checker, InputError
from compliance.serve import create_app
from compliance.serve.engine import Serving, Shops
from compliance.serve.keys import Key, Keyring, load_keyring, new_key, to_toml
from compliance.serve.limits import InFlight, RateLimit
from compliance.serve.problems import ProblemError
from compliance.serve.settings import Settings

REQUEST = {"text": "亲，在的", "platform": "pdd"}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    made = {
        "erp": new_key("erp", ["lint"], None, None),
        "slow": new_key("slow", ["lint"], 0.5, None),
        "old": new_key("old", ["lint"], None, date(2020, 1, 1)),
    }
    file = tmp_path_factory.mktemp("keys") / "keys.toml"
    file.write_text("".join(to_toml(key) for _, key in made.values()), "utf-8")
    return {name: presented for name, (presented, _) in made.items()} | {"file": str(file)}


@pytest.fixture(scope="module")
def client(checker: Checker, secrets: dict[str, str]) -> TestClient:
    settings = Settings(keys=Path(secrets["file"]), burst=2, watch=False)
    return TestClient(create_app(settings=settings, serving=Serving.build(checker, Shops())))


def _auth(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    ("owner", "path", "status", "kind"),
    [
        (None, "/v1/lint", 401, "no-key"),
        ("nobody", "/v1/lint", 401, "wrong-key"),
        ("old", "/v1/lint", 401, "wrong-key"),
        ("erp", "/v1/lint", 200, None),
        ("erp", "/v1/reload", 403, "not-allowed"),
        ("erp", "/integrations/message?platform=pdd", 200, None),
        (None, "/integrations/message?platform=pdd", 401, "no-key"),
    ],
)
def test_a_key_opens_what_its_scopes_allow(
    client: TestClient, secrets: dict[str, str], owner: str | None, path: str, status: int, kind: str | None
) -> None:
    headers = _auth(secrets.get(owner, "cmp_nobody_x")) if owner else {}
    body = {"text": "亲，在的"} if "integrations" in path else REQUEST
    answer = client.post(path, json=body, headers=headers)
    assert answer.status_code == status
    if kind:
        assert answer.json()["type"].endswith(kind)
        assert (status != 401) or answer.headers["www-authenticate"] == "Bearer"


def test_a_key_with_the_secret_of_another_is_refused(client: TestClient, secrets: dict[str, str]) -> None:
    erp, slow = secrets["erp"].split("_", 2), secrets["slow"].split("_", 2)
    assert client.post("/v1/lint", json=REQUEST, headers=_auth("_".join([*erp[:2], slow[2]]))).status_code == 401


def test_chat_tools_that_know_only_an_address_may_put_the_key_there(
    client: TestClient, secrets: dict[str, str]
) -> None:
    address = f"/integrations/message?platform=pdd&key={secrets['erp']}"
    assert client.post(address, json={"text": "亲，在的"}).status_code == 200
    assert client.post(f"/v1/lint?key={secrets['erp']}", json=REQUEST).status_code == 401


def test_health_needs_no_key(client: TestClient) -> None:
    assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [200, 200, 401]


def test_a_fast_caller_is_told_when_to_come_back(client: TestClient, secrets: dict[str, str]) -> None:
    answers = [client.post("/v1/lint", json=REQUEST, headers=_auth(secrets["slow"])) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "2"


def test_the_bucket_fills_again_with_time() -> None:
    now = [0.0]
    limit = RateLimit(10, 1, clock=lambda: now[0])
    limit.take("a")
    limit.take("b")
    with pytest.raises(ProblemError):
        limit.take("a")
    now[0] = 0.1
    limit.take("a")


def test_more_requests_than_allowed_at_the_same_time_are_refused() -> None:
    limit = InFlight(1, "requests")
    with limit.one():
        with pytest.raises(ProblemError) as refused, limit.one():
            pass
        assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "1"})
    with limit.one():
        pass


def test_only_a_digest_is_kept(secrets: dict[str, str]) -> None:
    kept = Path(secrets["file"]).read_text("utf-8")
    assert all(presented.split("_", 2)[2] not in kept for name, presented in secrets.items() if name != "file")
    assert load_keyring(Path(secrets["file"])).find(secrets["erp"], date(2026, 1, 1)) is not None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[key]]\nid = 'a'", "entry 1: sha256"),
        ("[[key]]\nid = 'a b'", "entry 1: id"),
        (f"[[key]]\nid = 'a'\nsha256 = '{'0' * 64}'\nscopes = ['root']", "entry 1: scopes"),
        ("x = 1", "nothing but"),
        ("[", "not TOML"),
    ],
)
def test_a_bad_key_file_is_told_by_entry(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(InputError, match=told):
        load_keyring(file)


def test_a_wrong_secret_and_an_unknown_id_are_refused_alike() -> None:
    ring = Keyring({"a": Key("a", "", "0" * 64, frozenset({"lint"}))})
    assert ring.find("cmp_a_x", date(2026, 1, 1)) is None
    assert ring.find("cmp_b_x", date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("server", "headers", "status"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:8321"}, 200),
        ("127.0.0.1", {"host": "localhost:8321", "origin": "http://localhost:8321"}, 200),
        ("127.0.0.1", {"host": "localhost:8321", "origin": "chrome-extension://abc"}, 200),
        ("127.0.0.1", {"host": "localhost:8321", "origin": "https://shop.example"}, 403),
        ("127.0.0.1", {"host": "rebound.example:8321"}, 403),
        ("::1", {"host": "[::1]:8321"}, 200),
        ("10.0.0.5", {"host": "10.0.0.5:8321"}, 401),
    ],
)
def test_without_keys_only_this_machine_and_no_foreign_page_may_call(
    checker: Checker, server: str, headers: dict[str, str], status: int
) -> None:
    name = f"[{server}]" if ":" in server else server
    app = create_app(settings=Settings(watch=False), serving=Serving.build(checker, Shops()))
    client = TestClient(app, base_url=f"http://{name}:8321")
    assert client.post("/v1/lint", json=REQUEST, headers=headers).status_code == status
