import json
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.exports.formats import Format
from assistant.exports.writing import write_answers
from assistant.verification.verify import Bundle, verify
from store.errors import ServerError
from tests.ui.conftest import Reciter
from ui.access.guards import LONGEST_BODY, LimitBody
from ui.problems import add_problems
from ui.server import make_app, serve

QUESTION = "How much training data does K-Tokeniser need?"
#: What a browser sends in place of a text to make Gradio take a file of the server for its own.
FORGED = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


def converse(client: httpx.Client, order: object, *, data: object = None) -> str:
    """Send an order to the chat's own endpoint, past the page, and return all that it says.

    `data` stands where a page sends nothing.
    """
    config = client.get("/config").json()
    (event,) = [one for one in config["dependencies"] if one["api_name"] == "converse"]
    session = secrets.token_hex(8)
    joined = {
        "data": [data],
        "event_data": order,
        "fn_index": event["id"],
        "trigger_id": event["targets"][0][0],
        "session_hash": session,
    }
    client.post("/gradio_api/queue/join", json=joined).raise_for_status()
    said = []
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as lines:
        for line in lines.iter_lines():
            said.append(line)
            if '"process_completed"' in line:
                break
    return "\n".join(said)


def ordered(*questions: str, **more: object) -> dict[str, object]:
    """Return the order of a page that asks these questions."""
    turns = [{"question": question} for question in questions]
    return {"number": 1, "conversation": "c", "turns": turns, **more}


def test_health_says_what_is_answered_from(client: httpx.Client) -> None:
    health = client.get("/health").raise_for_status().json()
    assert health["status"] == "ok"
    assert health["papers"] > 100
    assert health["snapshot"]


def test_ask_returns_the_whole_answer(client: httpx.Client) -> None:
    sent = {"question": QUESTION, "id": "q1"}
    got = client.post("/api/v1/ask", json=sent).raise_for_status()
    answer = Answer.model_validate_json(got.content)
    assert (answer.id, answer.question, answer.status) == ("q1", QUESTION, "answered")
    assert answer.quotes and answer.citations


def test_a_follow_up_leans_on_its_history_unless_asked_to_stand_alone(
    client: httpx.Client,
) -> None:
    sent = {"question": "How long are its contexts?", "history": ["What is HyenaDNA?"]}
    leaning = Answer.model_validate(client.post("/api/v1/ask", json=sent).json())
    assert leaning.query == "How long are HyenaDNA's contexts?"
    assert leaning.focus is not None
    sent_alone = {**sent, "standalone": True}
    alone = Answer.model_validate(client.post("/api/v1/ask", json=sent_alone).json())
    assert (alone.query, alone.focus) == ("How long are its contexts?", None)


def test_a_history_has_a_limit(client: httpx.Client) -> None:
    sent = {"question": QUESTION, "history": [QUESTION] * 21}
    assert client.post("/api/v1/ask", json=sent).status_code == 422


def test_filters_narrow_what_is_searched(client: httpx.Client) -> None:
    whole = Answer.model_validate(client.post("/api/v1/ask", json={"question": QUESTION}).json())
    cited = whole.citations[0].paper_id
    sent = {"question": QUESTION, "filters": {"paper_ids": [cited]}}
    answer = Answer.model_validate(client.post("/api/v1/ask", json=sent).json())
    assert (answer.coverage.papers_searched, answer.citations[0].paper_id) == (1, cited)
    assert answer.filters is not None
    assert whole.filters is None


@pytest.mark.parametrize(("filters", "searched"), [({"paper_ids": []}, 0), ({}, 108), (None, 108)])
def test_a_list_without_ids_is_a_filter_that_nothing_passes(
    client: httpx.Client, filters: dict[str, object] | None, searched: int
) -> None:
    got = client.post("/api/v1/ask", json={"question": QUESTION, "filters": filters})
    answer = Answer.model_validate(got.json())
    assert answer.coverage.papers_searched == searched
    assert (answer.status == "answered") == (searched > 0)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"since": "May"}, "'May' is no date; give YYYY, YYYY-MM or YYYY-MM-DD"),
        ({"year": 2024}, "Extra inputs are not permitted"),
    ],
)
def test_a_filter_that_cannot_be_used_is_refused(
    client: httpx.Client, filters: dict[str, object], message: str
) -> None:
    got = client.post("/api/v1/ask", json={"question": QUESTION, "filters": filters})
    assert got.status_code == 422
    assert got.json()["errors"] == [{"loc": ["body", "filters", *filters], "msg": message}]


@pytest.mark.parametrize("question", ["", "  \n", "x" * 100_000])
def test_a_question_that_cannot_be_asked_is_refused_in_one_line(
    client: httpx.Client, question: str
) -> None:
    got = client.post("/api/v1/ask", json={"question": question})
    assert got.status_code == 422
    assert "\n" not in got.json()["detail"]
    assert "question" in got.json()["detail"]


def test_asked_to_explain_it_tells_the_share_of_every_feature(client: httpx.Client) -> None:
    question = {"question": "What is HyenaDNA?"}
    plain = client.post("/api/v1/ask", json=question).json()["quotes"][0]["why"]
    told = client.post("/api/v1/ask", json={**question, "explain": True}).json()["quotes"][0]["why"]
    assert plain["features"] is None
    assert {**told, "features": None} == plain
    assert told["features"]["terms"] > 0


@pytest.mark.parametrize(
    ("to", "media_type", "name"),
    [
        ("markdown", "text/markdown; charset=utf-8", "answer.md"),
        ("bundle", "application/json", "answer.json"),
        ("bibtex", "application/x-bibtex; charset=utf-8", "answer.bib"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "answer.ris"),
        ("csl", "application/vnd.citationstyles.csl+json", "answer.csl.json"),
    ],
)
def test_an_answer_is_exported_as_a_file_of_each_format(
    client: httpx.Client, assistant: Assistant, to: str, media_type: str, name: str
) -> None:
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    got = client.post("/api/v1/export", json={"answers": [answer], "to": to}).raise_for_status()
    assert got.headers["content-type"] == media_type
    assert got.headers["content-disposition"] == f'attachment; filename="{name}"'
    whole = Answer.model_validate(answer)
    papers = assistant.corpus.get([one.paper_id for one in whole.citations])
    assert got.content.decode() == write_answers([whole], papers, to=Format(to))


def test_a_conversation_is_exported_as_one_bundle_that_verifies(client: httpx.Client) -> None:
    asked = [
        client.post("/api/v1/ask", json={"question": one}).json()
        for one in (QUESTION, "What is HyenaDNA?")
    ]
    got = client.post("/api/v1/export", json={"answers": asked, "to": "bundle"})
    assert 'filename="answers.json"' in got.headers["content-disposition"]
    bundle = Bundle.model_validate_json(got.content)
    papers = {paper.id: paper for paper in bundle.papers}
    assert [verify(answer, papers) for answer in bundle.answers] == [[], []]
    # What was not answered from these papers is given no bundle.
    asked[0]["quotes"][0]["text"] = "Forged."
    refused = client.post("/api/v1/export", json={"answers": asked, "to": "bundle"})
    assert refused.status_code == 422
    assert "would not verify: quote 1 (" in refused.json()["detail"]


@pytest.mark.parametrize(
    "sent", [{"answers": []}, {"answers": [{}]}, {"answers": 1}, {}, {"to": "docx"}]
)
def test_what_cannot_be_exported_is_refused_with_the_reason(
    client: httpx.Client, sent: dict[str, object]
) -> None:
    got = client.post("/api/v1/export", json=sent)
    assert got.status_code == 422
    assert got.json()["errors"][0]["loc"][:2] in (["body", "answers"], ["body", "to"])


def test_answers_are_not_exported_as_papers(client: httpx.Client) -> None:
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    got = client.post("/api/v1/export", json={"answers": [answer], "to": "jsonl"})
    assert got.status_code == 422
    assert got.json()["detail"].startswith("answers cannot be written as jsonl; choose one of: ")


def test_a_body_that_is_too_long_is_refused(client: httpx.Client) -> None:
    def unannounced() -> Iterator[bytes]:
        for _ in range(LONGEST_BODY // 50_000 + 1):
            yield b"x" * 50_000

    for path in ("/api/v1/ask", "/api/v1/export", "/gradio_api/queue/join", "/gradio_api/upload"):
        assert client.post(path, content=b"x" * (LONGEST_BODY + 1)).status_code == 413
    json = {"content-type": "application/json"}
    got = client.post("/api/v1/ask", content=unannounced(), headers=json)
    assert got.status_code == 413


def test_a_body_that_does_not_come_is_not_waited_for(run_app: Callable[[FastAPI], str]) -> None:
    app = FastAPI()
    app.add_middleware(LimitBody, seconds=0.2)
    add_problems(app)

    @app.post("/api/echo")
    def echo(body: dict[str, int]) -> dict[str, int]:
        return body

    base = run_app(app)
    assert httpx.post(f"{base}/api/echo", json={"a": 1}, timeout=60).json() == {"a": 1}
    host, _, port = base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as slow:
        slow.sendall(
            b"POST /api/echo HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 40\r\n\r\n{"
        )
        assert slow.recv(200).startswith(b"HTTP/1.1 408 ")


def test_an_answer_that_takes_too_long_is_not_waited_for(
    serving: Callable[..., str], assistant: Assistant
) -> None:
    got = httpx.post(
        f"{serving(assistant, timeout=1e-6)}/api/v1/ask", json={"question": QUESTION}, timeout=60
    )
    assert got.status_code == 503
    assert got.headers["retry-after"]
    assert got.json()["detail"] == "no answer within 1e-06 seconds; try again in a moment"


@pytest.mark.parametrize(
    "path",
    [
        "upload",
        "upload/",
        "upload?upload_id=1",
        "process_recording",
        "component_server",
        "component_server/",
    ],
)
def test_the_chat_takes_no_file(client: httpx.Client, uploads: Path, path: str) -> None:
    sent = {"files": ("a.txt", b"a file of nobody's")}
    got = client.post(f"/gradio_api/{path}", files=sent, follow_redirects=True)
    assert (got.status_code, got.text) == (403, "The chat takes no files.")
    assert not list(uploads.rglob("a.txt"))


@pytest.mark.parametrize(
    "forged",
    [
        (FORGED, None),
        (ordered(QUESTION, bar=FORGED), None),
        (ordered(QUESTION), FORGED),
        (ordered(QUESTION), {"exchanges": [{"message": FORGED}]}),
        ({**ordered(QUESTION), "turns": [{"question": FORGED}]}, None),
        ({**ordered(QUESTION), "turns": [{"question": QUESTION, "limits": FORGED}]}, None),
    ],
    ids=["order", "bar", "state", "history", "question", "limits"],
)
def test_a_forged_file_is_neither_read_nor_kept(
    client: httpx.Client, uploads: Path, forged: tuple[object, object]
) -> None:
    order, data = forged
    said = converse(client, order, data=data)
    assert "root:" not in said
    assert not list(uploads.rglob("*passwd*")), "Gradio has copied a file of the server"


def test_a_file_of_the_server_is_not_served(client: httpx.Client) -> None:
    for path in ("/etc/passwd", str(Path(__file__).resolve()), "../../../../etc/passwd"):
        assert client.get(f"/gradio_api/file={path}").status_code in (403, 404)


def test_what_a_page_shows_is_not_kept_for_ever(run_app: Callable[[FastAPI], str]) -> None:
    app = make_app(Reciter(["One."]), title="Kept")  # type: ignore[arg-type]
    with httpx.Client(base_url=run_app(app)) as client:
        converse(client, ordered("What?"))
    (chat,) = [one.app for one in app.routes if hasattr(getattr(one, "app", None), "state_holder")]
    ((_, session),) = chat.state_holder.session_data.items()
    ((kept, page, over),) = session.state_components
    assert [one.asked.question for one in page.exchanges] == ["What?"]
    assert (kept.time_to_live, over) == (24 * 60 * 60, False)


def test_a_forged_history_is_ignored(client: httpx.Client) -> None:
    history = [{"role": "user", "content": "forged words"}]
    for data in (history, {"exchanges": history}):
        said = converse(client, ordered(QUESTION), data=data)
        assert "forged words" not in said
        assert "Verified" in said


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (None, "Input should be a valid dictionary"),
        ("ask", "Input should be a valid dictionary"),
        ({}, "number: Field required"),
        ({**ordered(), "number": 0}, "number: Input should be greater than or equal to 1"),
        ({**ordered(), "number": "1"}, "number: Input should be a valid integer"),
        (ordered(*["Why?"] * 51), "turns: Tuple should have at most 50 items"),
        (ordered("x" * 20_001), "turns.0.question: String should have at most 20000 characters"),
        (ordered(more=1), "more: Extra inputs are not permitted"),
        (
            {**ordered(), "turns": [{"question": "Why?", "answer": "forged words"}]},
            "turns.0.answer: Extra inputs are not permitted",
        ),
        (
            {**ordered(), "turns": [{"question": "Why?", "limits": {"from": "May"}}]},
            "from: 'May' is no date; give YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        (
            {**ordered(), "turns": [{"question": "Why?", "limits": {"venue": ["x" * 301]}}]},
            "venue.0: String should have at most 300 characters",
        ),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_with_the_reason(
    client: httpx.Client, order: object, reason: str
) -> None:
    said = converse(client, order)
    assert json.dumps(reason)[1:-1] in said.replace('\\\\"', '"').replace('\\"', '"')
    assert "aa-question" not in said
    assert "Traceback" not in said


def test_what_a_seal_claims_changes_no_answer(client: httpx.Client) -> None:
    seal = {"snapshot": "<b>no</b>", "version": "none", "quotes": "none"}
    turn = {"question": QUESTION, "then": seal, "tell": True}
    said = converse(client, {**ordered(), "turns": [turn]})
    assert "The papers have changed since then, and so have the quotes." in said
    assert "<b>no" not in said
    assert "Verified" in said


def test_an_empty_question_is_told_so(client: httpx.Client) -> None:
    assert "holds no word" in converse(client, ordered(" \n"))


@pytest.mark.parametrize("path", ["/", "/health", "/config", "/gradio_api/info"])
def test_no_other_site_may_read_the_answers(client: httpx.Client, path: str) -> None:
    foreign = {"origin": "https://elsewhere.example"}
    got = client.get(path, headers=foreign)
    assert got.status_code == 200
    assert not [name for name in got.headers if name.startswith("access-control")]
    asks = {**foreign, "access-control-request-method": "POST"}
    refused = client.options("/gradio_api/queue/join", headers=asks)
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers


def test_a_name_of_another_site_reaches_nothing(client: httpx.Client) -> None:
    for path in ("/", "/health", "/gradio_api/info"):
        got = client.get(path, headers={"host": "rebound.example:80"})
        assert got.status_code == 400
        assert "does not answer to 'rebound.example:80'" in got.text
        assert "ASSISTANT_HOSTS" in got.text
    for host in ("localhost:1", "127.0.0.1", "[::1]:7860"):
        assert client.get("/health", headers={"host": host}).status_code == 200
    for host in ("", "[::1", "rebound.localhost"):
        assert client.get("/health", headers={"host": host}).status_code == 400


def test_head_is_answered_as_get_without_the_body(client: httpx.Client) -> None:
    for path in ("/health", "/api/v1/stats", "/embed.js", "/papers"):
        got, asked = client.get(path), client.head(path)
        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers["content-type"] == got.headers["content-type"]
    assert client.head("/api/v1/nothing").status_code == 404


def test_a_body_that_is_no_json_is_told_so(client: httpx.Client) -> None:
    form = client.post("/api/v1/ask", data={"question": "What is HyenaDNA?"})
    assert (form.status_code, form.json()["detail"]) == (
        422,
        "body: this is application/x-www-form-urlencoded; "
        "send JSON, with the header Content-Type: application/json",
    )
    typed = {"content-type": "application/json"}
    broken = client.post("/api/v1/ask", content=b"{bad", headers=typed).json()
    assert broken["detail"].startswith("body.1: this is no JSON: Expecting property name")


def test_a_body_that_cannot_be_repeated_is_refused_with_the_reason(client: httpx.Client) -> None:
    body = b'{"question": "What is \\ud800?"}'
    got = client.post("/api/v1/ask", content=body, headers={"content-type": "application/json"})
    assert got.status_code == 422
    assert "question" in got.text


def test_pages_keep_to_their_own_server(client: httpx.Client) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/redoc").status_code == 404, "the stock page loads from elsewhere"


def test_the_server_calls_nobody(client: httpx.Client, calls_abroad: list[str]) -> None:
    client.post("/api/v1/ask", json={"question": QUESTION}).raise_for_status()
    converse(client, ordered(QUESTION))
    assert calls_abroad == []


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            ServerError, match=rf"127\.0\.0\.1:{port}: .*address already in use; .*--port"
        ):
            serve(FastAPI(), port=port)


def test_a_host_that_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(ServerError, match=r"cannot serve on 192\.0\.2\.1:0: [^\n]*$"):
        serve(FastAPI(), "192.0.2.1", 0)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=lambda stop: stop.name)
def test_serving_says_where_and_returns_when_it_is_stopped(stop: signal.Signals) -> None:
    script = (
        "from fastapi import FastAPI; from ui.server import serve;"
        "serve(FastAPI(), port=0, announce=lambda address: print(address, flush=True));"
        "print('tidied up')"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout
    address = started.stdout.readline().strip()
    # The port is taken before the server answers on it; meanwhile the connection waits.
    assert httpx.get(f"{address}/nothing", timeout=30).status_code == 404
    started.send_signal(stop)
    assert started.communicate(timeout=20) == ("tidied up\n", "")
    assert started.returncode == 0


#: A server that prints its address, and when its one answer has begun, and that it has tidied up.
STOPPED = """
import sys, time
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from ui.operation.draining import Draining
from ui.server import serve

app = FastAPI()
app.add_middleware(Draining)

@app.get("/slow")
def slow():
    print("begun", flush=True)
    time.sleep(1)
    return "whole"

@app.get("/gradio_api/heartbeat/{page}")
async def heartbeat(page: str):
    import asyncio
    async def beats():
        while True:
            yield "data: ALIVE"
            await asyncio.sleep(15)
    return StreamingResponse(beats(), media_type="text/event-stream")

serve(app, port=0, announce=lambda address: print(address, flush=True))
print("tidied up")
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=lambda stop: stop.name)
def test_a_server_that_stops_finishes_its_answers_and_leaves_open_pages(
    stop: signal.Signals,
) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout
    base = started.stdout.readline().strip()
    with (
        ThreadPoolExecutor() as pool,
        httpx.stream("GET", f"{base}/gradio_api/heartbeat/x", timeout=60) as page,
    ):
        beats = page.iter_text()
        assert next(beats) == "data: ALIVE"
        answer = pool.submit(httpx.get, f"{base}/slow", timeout=60)
        assert started.stdout.readline() == "begun\n"
        started.send_signal(stop)
        assert answer.result().json() == "whole"
        assert list(beats) == []
    assert started.communicate(timeout=60) == ("tidied up\n", "")
    assert started.returncode == 0


def test_rendering_needs_no_server(heavy: Callable[[str], set[str]]) -> None:
    assert heavy("ui.render") == set()
    assert heavy("ui.render.sources") == set()
    assert "gradio" not in heavy("ui.server")


@pytest.fixture
def heavy() -> Callable[[str], set[str]]:
    """Which of the large libraries the import of a module brings with it."""

    def imported(module: str) -> set[str]:
        script = (
            f"import sys, {module};"
            "print(*{'gradio', 'fastapi', 'torch', 'chromadb'} & sys.modules.keys())"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        return set(done.stdout.split())

    return imported
