from typing import Any

import httpx
import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.verification.verify import Bundle

FIRST, SECOND = "What is HyenaDNA?", "What does it learn from?"


def ask(client: httpx.Client, question: str, **more: object) -> Answer:
    got = client.post("/api/v1/ask", json={"question": question, **more}).raise_for_status()
    return Answer.model_validate_json(got.content)


def test_the_answer_is_the_librarys_own(client: httpx.Client, assistant: Assistant) -> None:
    assert ask(client, FIRST, id="7") == assistant.ask(FIRST, id="7")


def test_a_follow_up_leans_on_its_history(client: httpx.Client, assistant: Assistant) -> None:
    answer = ask(client, SECOND, history=[FIRST])
    assert answer == assistant.converse(SECOND, [FIRST])
    assert answer.query == "What does HyenaDNA learn from?"


def test_a_session_keeps_what_was_asked(client: httpx.Client) -> None:
    opened = client.post("/api/v1/sessions")
    assert opened.status_code == 201
    session = opened.json()["id"]
    ask(client, FIRST, session=session)
    assert ask(client, SECOND, session=session) == ask(client, SECOND, history=[FIRST])
    assert client.delete(f"/api/v1/sessions/{session}").status_code == 204
    got = client.post("/api/v1/ask", json={"question": SECOND, "session": session})
    assert got.status_code == 404
    assert client.delete(f"/api/v1/sessions/{session}").status_code == 404


def test_session_and_history_exclude_each_other(client: httpx.Client) -> None:
    sent = {"question": FIRST, "session": "x", "history": [SECOND]}
    got = client.post("/api/v1/ask", json=sent)
    assert got.status_code == 422
    assert got.json()["detail"] == "both session and history are given; give one of them"


def test_a_question_in_the_query_is_answered_alike(client: httpx.Client) -> None:
    got = client.get("/api/v1/ask", params={"question": FIRST}).raise_for_status()
    assert Answer.model_validate_json(got.content) == ask(client, FIRST)
    filtered = client.get("/api/v1/ask", params={"question": FIRST, "paper_ids": "doi:10.1/none"})
    assert filtered.json()["coverage"]["papers_searched"] == 0


def test_a_search_gives_the_librarys_papers(client: httpx.Client, assistant: Assistant) -> None:
    got = client.get("/api/v1/search", params={"q": "clinical tokenisers", "k": 3}).json()
    wanted = assistant.search("clinical tokenisers", k=3)
    assert got["results"] == [result.model_dump(mode="json") for result in wanted]
    assert got["snapshot"] == assistant.corpus.snapshot


def test_what_has_not_changed_is_not_sent_again(client: httpx.Client) -> None:
    for path in ("/api/v1/search?q=tokenisers", "/api/v1/ask?question=tokenisers", "/api/v1/stats"):
        first = client.get(path).raise_for_status()
        again = client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def check(client: httpx.Client, text: str) -> dict[str, Any]:
    json = {"content-type": "application/json"}
    said: dict[str, Any] = client.post("/api/v1/verify", content=text, headers=json).json()
    return said


def test_answers_and_bundles_are_verified(client: httpx.Client, assistant: Assistant) -> None:
    answer = assistant.ask(FIRST)
    quotes = len(answer.quotes)
    said = check(client, answer.model_dump_json())
    assert said == {"verified": True, "answers": 1, "quotes": quotes, "problems": []}
    papers = assistant.corpus.get([citation.paper_id for citation in answer.citations])
    bundle = Bundle(answers=(answer, answer), papers=tuple(papers.values()))
    said = check(client, bundle.model_dump_json())
    assert (said["verified"], said["answers"], said["quotes"]) == (True, 2, 2 * quotes)
    said = check(client, answer.model_dump_json().replace("HyenaDNA is a", "HyenaDNA is no"))
    assert not said["verified"]
    assert "the text differs from the abstract" in said["problems"][0]


def test_answers_are_compared_as_the_library_does(
    client: httpx.Client, assistant: Assistant
) -> None:
    answer = assistant.ask(FIRST).model_dump(mode="json")
    fewer = {**answer, "quotes": answer["quotes"][:1]}
    said = client.post("/api/v1/diff", json={"before": [answer], "after": [answer]}).json()
    assert said["same"]
    said = client.post("/api/v1/diff", json={"before": [answer], "after": [fewer]}).json()
    removed = [quote["text"] for quote in said["differences"][0]["removed"]]
    assert removed == [quote["text"] for quote in answer["quotes"][1:]]


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/api/v1/nothing", 404, "Not Found"),
        ("GET", "/api/v2/ask", 404, "Not Found"),
        ("PUT", "/api/v1/search", 405, "Method Not Allowed"),
        ("GET", "/api/v1/verify", 405, "Method Not Allowed"),
        ("GET", "/api/v1/search", 422, "Unprocessable Entity"),
        ("GET", "/api/v1/search?q=a&k=0", 422, "Unprocessable Entity"),
        ("GET", "/api/v1/papers/doi:10.1/none", 404, "Not Found"),
    ],
)
def test_errors_are_problem_details(
    client: httpx.Client, method: str, path: str, status: int, title: str
) -> None:
    got = client.request(method, path)
    assert got.headers["content-type"] == "application/problem+json"
    problem = got.json()
    assert (got.status_code, problem["status"]) == (status, status)
    assert problem["title"].replace("Content", "Entity") == title
    assert problem["detail"] and "\n" not in problem["detail"]


def test_a_method_that_does_not_fit_names_those_that_do(client: httpx.Client) -> None:
    assert client.put("/api/v1/ask").headers["allow"] == "GET, POST"
    assert client.get("/api/v1/verify").headers["allow"] == "POST"


def test_a_text_that_is_no_json_is_refused(client: httpx.Client) -> None:
    got = client.post("/api/v1/ask", content=b"{", headers={"content-type": "application/json"})
    assert got.status_code == 422
    assert got.json()["errors"][0]["loc"] == ["body", 1]
