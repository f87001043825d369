"""OpenAI's own client, against the real server."""

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.exports.markdown import body

FIRST, SECOND = "What is HyenaDNA?", "What does it learn from?"
NAME = "abstracts"


@pytest.fixture
def completions(base: str) -> Iterator[Any]:
    with openai.OpenAI(base_url=f"{base}/v1", api_key="any", max_retries=0) as client:
        yield client.chat.completions


def user(text: object) -> dict[str, object]:
    return {"role": "user", "content": text}


def test_the_only_model_is_the_corpus(base: str) -> None:
    with openai.OpenAI(base_url=f"{base}/v1", api_key="any") as client:
        assert [model.id for model in client.models.list()] == [NAME]
        assert client.models.retrieve(NAME).id == NAME
        with pytest.raises(openai.NotFoundError, match="no 'gpt-4'"):
            client.models.retrieve("gpt-4")


def test_the_answer_comes_as_text_and_as_data(completions: Any, assistant: Assistant) -> None:
    got = completions.create(model=NAME, messages=[user(FIRST)])
    answer = assistant.ask(FIRST)
    [choice] = got.choices
    assert choice.message.content == body(answer)
    assert "” [1]\n" in choice.message.content
    assert f"1. {answer.citations[0].title}" in choice.message.content
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert Answer.model_validate(got.model_extra["answer"]) == answer
    assert (got.usage.prompt_tokens, got.usage.completion_tokens, got.usage.total_tokens) == (
        0,
    ) * 3
    assert got.model == NAME


def test_streamed_it_is_the_same(completions: Any, assistant: Assistant) -> None:
    chunks = list(
        completions.create(
            model=NAME, messages=[user(FIRST)], stream=True, stream_options={"include_usage": True}
        )
    )
    *said, last, usage = chunks
    answer = assistant.ask(FIRST)
    assert "".join(chunk.choices[0].delta.content for chunk in said) == body(answer)
    assert said[0].choices[0].delta.role == "assistant"
    assert last.choices[0].finish_reason == "stop"
    assert Answer.model_validate(last.model_extra["answer"]) == answer
    assert (usage.choices, usage.usage.total_tokens) == ([], 0)
    assert len({chunk.id for chunk in chunks}) == 1


def test_earlier_questions_are_the_history(completions: Any, assistant: Assistant) -> None:
    messages = [
        {"role": "system", "content": "You are a pirate."},
        user(FIRST),
        {"role": "assistant", "content": "Something else altogether."},
        user([{"type": "text", "text": SECOND}]),
    ]
    got = completions.create(model=NAME, messages=messages, temperature=0.7, max_tokens=5)
    answer = Answer.model_validate(got.model_extra["answer"])
    assert answer == assistant.converse(SECOND, [FIRST])


def test_what_the_papers_do_not_say_is_said_so(completions: Any) -> None:
    got = completions.create(model=NAME, messages=[user("How long should sourdough proof?")])
    assert got.choices[0].message.content.startswith("Not in these abstracts.")
    assert got.model_extra["answer"]["status"] == "no_answer"


@pytest.mark.parametrize(
    ("sent", "error", "message"),
    [
        ({"model": "gpt-4"}, openai.NotFoundError, "the only name is 'abstracts'"),
        ({"messages": []}, openai.UnprocessableEntityError, "body.messages"),
        ({"messages": [user(" ")]}, openai.UnprocessableEntityError, "holds no word"),
        (
            {"messages": [user(FIRST), {"role": "assistant", "content": "So."}]},
            openai.UnprocessableEntityError,
            "the last message is not the user's",
        ),
        ({"n": 2}, openai.UnprocessableEntityError, "body.n"),
    ],
    ids=["model", "none", "blank", "not the user's", "two"],
)
def test_errors_are_openais(
    completions: Any, sent: dict[str, Any], error: type[openai.APIStatusError], message: str
) -> None:
    with pytest.raises(error) as raised:
        completions.create(**{"model": NAME, "messages": [user(FIRST)], **sent})
    assert message in raised.value.message
    assert raised.value.type == "invalid_request_error"


def test_other_paths_of_the_protocol_are_not_there(client: httpx.Client) -> None:
    got = client.post("/v1/embeddings", json={})
    assert got.status_code == 404
    assert got.json()["error"]["type"] == "invalid_request_error"
    assert client.get("/v1/chat/completions").status_code == 405
