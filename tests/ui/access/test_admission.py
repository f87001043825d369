"""Who gets in, asked of real servers: keys, logins, limits."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import bcrypt
import httpx
import openai
import pytest
from limits import parse

from assistant.assistant import Assistant
from store.errors import SettingsError
from tests.ui.test_server import converse, ordered
from ui.access.admission import Rules
from ui.access.keys import KEYS, Keys
from ui.access.login import PasswordLogin, ProxyLogin

ASKED = {"question": "What is HyenaDNA?"}
PROTECTED = (
    ("POST", "/api/v1/ask"),
    ("GET", "/api/v1/search?q=bees"),
    ("GET", "/api/v1/stats"),
    ("GET", "/api/v1/papers/title:1"),
    ("GET", "/api/v1/nothing"),
    ("GET", "/v1/models"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/mcp"),
    ("GET", "/metrics"),
)


class Closed(NamedTuple):
    """A server that needs a key."""

    base: str
    keys: Keys


@pytest.fixture(scope="module")
def closed(
    serving: Callable[..., str], assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Closed:
    keys = Keys(tmp_path_factory.mktemp("keys"))
    keys.add("first", ["read"])
    return Closed(serving(assistant, rules=Rules(keys=keys)), keys)


@pytest.fixture(scope="module")
def passwords(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("login") / "passwords"
    # As `htpasswd -B` writes it.
    hashed = bcrypt.hashpw("söße".encode(), bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$")
    file.write_text(f"# people\n\nanna:{hashed}\n", "utf-8")
    return file


@pytest.fixture(scope="module")
def guarded(
    serving: Callable[..., str],
    assistant: Assistant,
    passwords: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Closed:
    """A server whose chat has a login, and that knows one key."""
    keys = Keys(tmp_path_factory.mktemp("keys"))
    rules = Rules(keys=keys, login=PasswordLogin(passwords))
    return Closed(serving(assistant, rules=rules), keys)


@pytest.mark.parametrize(("method", "path"), PROTECTED)
def test_once_there_are_keys_every_surface_needs_one(
    closed: Closed, method: str, path: str
) -> None:
    got = httpx.request(method, closed.base + path, timeout=60)
    assert got.status_code == 401
    assert got.headers["www-authenticate"] == "Bearer"
    wrong = httpx.request(
        method, closed.base + path, headers={"authorization": "Bearer wrong"}, timeout=60
    )
    if path != "/metrics":
        assert wrong.status_code == 401


@pytest.mark.parametrize("path", ["/health", "/ready", "/openapi.json", "/", "/api/v1/health"])
def test_what_says_how_the_server_is_needs_none(closed: Closed, path: str) -> None:
    assert httpx.get(closed.base + path, timeout=60).status_code == 200


def test_a_key_opens_until_it_is_revoked(closed: Closed) -> None:
    bearer = {"authorization": f"Bearer {closed.keys.add('short', ['read'])}"}
    with httpx.Client(base_url=closed.base, headers=bearer, timeout=60) as client:
        assert client.post("/api/v1/ask", json=ASKED).status_code == 200
        assert client.get("/v1/models").status_code == 200
        closed.keys.revoke("short")
        assert client.post("/api/v1/ask", json=ASKED).status_code == 401


def test_openais_client_shows_its_key(closed: Closed) -> None:
    given = closed.keys.add("openai", ["read"])
    with openai.OpenAI(base_url=f"{closed.base}/v1", api_key=given) as client:
        assert [model.id for model in client.models.list()] == ["abstracts"]
    wrong = openai.OpenAI(base_url=f"{closed.base}/v1", api_key="wrong")
    with wrong, pytest.raises(openai.AuthenticationError) as raised:
        wrong.models.list()
    assert raised.value.code == "invalid_api_key"


def test_the_chat_exports_without_a_key(closed: Closed) -> None:
    assert httpx.post(f"{closed.base}/api/v1/export", json={}).status_code == 422


def test_damaged_keys_close_the_server(
    serving: Callable[..., str], assistant: Assistant, tmp_path: Path
) -> None:
    base = serving(assistant, rules=Rules(keys=Keys(tmp_path)))
    assert httpx.get(f"{base}/api/v1/stats", timeout=60).status_code == 200
    (tmp_path / KEYS).write_text("{")
    got = httpx.get(f"{base}/api/v1/stats", headers={"authorization": "Bearer x"}, timeout=60)
    assert (got.status_code, got.headers["content-type"]) == (503, "application/problem+json")
    assert httpx.get(f"{base}/api/v1/stats", timeout=60).status_code == 401


def test_only_who_is_logged_in_sees_the_chat(guarded: Closed) -> None:
    for path in ("/", "/config", "/gradio_api/info"):
        got = httpx.get(guarded.base + path, timeout=60)
        assert got.status_code == 401
        assert got.headers["www-authenticate"].startswith("Basic ")
        anna = httpx.get(guarded.base + path, auth=("anna", "söße"), timeout=60)
        assert anna.status_code == 200
    for wrong in (("anna", "süße"), ("otto", "söße"), ("", ""), ("anna", "x" * 100)):
        assert httpx.get(guarded.base, auth=wrong, timeout=60).status_code == 401
    assert httpx.get(f"{guarded.base}/health", timeout=60).status_code == 200


def test_a_login_closes_the_surfaces_for_programs_too(guarded: Closed) -> None:
    assert httpx.post(f"{guarded.base}/api/v1/ask", json=ASKED, timeout=60).status_code == 401
    anna = ("anna", "söße")
    got = httpx.post(f"{guarded.base}/api/v1/ask", json=ASKED, auth=anna, timeout=60)
    assert got.status_code == 200
    assert httpx.post(f"{guarded.base}/api/v1/export", json={}).status_code == 401
    assert httpx.post(f"{guarded.base}/api/v1/export", json={}, auth=anna).status_code == 422
    # Who may open the chat may not write.
    sent = {"papers": [{"title": "a", "abstract": "b"}]}
    refused = httpx.post(f"{guarded.base}/api/v1/papers", json=sent, auth=anna, timeout=60)
    assert refused.status_code == 403
    bearer = {"authorization": f"Bearer {guarded.keys.add('program', ['read'])}"}
    assert httpx.get(f"{guarded.base}/api/v1/stats", headers=bearer, timeout=60).status_code == 200
    assert httpx.get(guarded.base, headers=bearer, timeout=60).status_code == 401


def test_a_proxy_says_who_is_logged_in(serving: Callable[..., str], assistant: Assistant) -> None:
    base = serving(assistant, rules=Rules(login=ProxyLogin("X-User")))
    assert httpx.get(base, timeout=60).status_code == 401
    assert httpx.get(base, headers={"x-user": ""}, timeout=60).status_code == 401
    assert httpx.get(base, headers={"x-user": "anna"}, timeout=60).status_code == 200


@pytest.mark.parametrize("line", ["anna", "anna:secret", ":$2y$05$x", "anna:{SHA}x"])
def test_passwords_that_are_not_hashed_are_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "passwords"
    file.write_text(f"# people\n{line}\n")
    with pytest.raises(SettingsError, match=r"passwords:2: no name with a bcrypt hash"):
        PasswordLogin(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        PasswordLogin(tmp_path / "none")


def test_each_key_and_address_has_its_own_share(
    serving: Callable[..., str], assistant: Assistant, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    one, two = ({"authorization": f"Bearer {keys.add(name, ['read'])}"} for name in ("one", "two"))
    base = serving(assistant, rules=Rules(keys=keys, rate=parse("3/hour")))
    url = f"{base}/api/v1/stats"
    said = [httpx.get(url, headers=one, timeout=60).status_code for _ in range(4)]
    assert said == [200, 200, 200, 429]
    refused = httpx.get(url, headers=one, timeout=60)
    assert refused.headers["content-type"] == "application/problem+json"
    assert 3000 < int(refused.headers["retry-after"]) <= 3601
    assert httpx.get(url, headers=two, timeout=60).status_code == 200
    # Probes and pages are no questions.
    assert [httpx.get(f"{base}{path}", timeout=60).status_code for path in ("/health", "/")] == [
        200,
        200,
    ]


def test_questions_put_to_the_chat_count_too(
    serving: Callable[..., str], assistant: Assistant
) -> None:
    base = serving(assistant, rules=Rules(rate=parse("2/hour")))
    join = f"{base}/gradio_api/queue/join"
    said = [httpx.post(join, json={}, timeout=60).status_code for _ in range(3)]
    assert 429 not in said[:2]
    assert said[2] == 429


def test_a_conversation_that_is_opened_counts_as_its_questions(
    serving: Callable[..., str], assistant: Assistant
) -> None:
    base = serving(assistant, rules=Rules(rate=parse("4/hour")))
    with httpx.Client(base_url=base, timeout=60) as client:
        # Five are more than four; then three are left, and these are all of them.
        assert "More than 4 per 1 hour; wait" in converse(client, ordered(*["What is BASS?"] * 5))
        assert "aa-answer" in converse(client, ordered(*["What is BASS?"] * 3))
        with pytest.raises(httpx.HTTPStatusError, match="429"):
            converse(client, ordered("What is BASS?"))


def test_keys_cannot_be_guessed_at_leisure(
    serving: Callable[..., str], assistant: Assistant, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    bearer = {"authorization": f"Bearer {keys.add('own', ['read'])}"}
    url = f"{serving(assistant, rules=Rules(keys=keys))}/api/v1/stats"
    with httpx.Client(timeout=60) as client:
        wrong = [
            client.get(url, headers={"authorization": f"Bearer {n}"}).status_code for n in range(21)
        ]
        assert wrong == [401] * 20 + [429]
        assert client.get(url, headers=bearer).status_code == 429
