"""OpenAI's chat completions: the cited answer as text, for whatever speaks that protocol.

No model is pretended: the name of the "model" is the corpus's, no token is generated, so that all
usage is 0, and the answer as data comes along as `answer`.
"""

import json
import re
import time
import uuid
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Answer
from assistant.exports.markdown import body
from store.errors import QuestionError
from ui.api.forms import LONGEST_HISTORY
from ui.api.responses import OPENAI, errors
from ui.problems import refused
from ui.service import Service

_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_BEGUN = int(time.time())


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[_Part] | None = None

    @property
    def text(self) -> str:
        """What the message says, without its other parts."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class _StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class Completion(BaseModel):
    """What is asked for; options that only a generating model has are passed over."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[_Message] = Field(min_length=1)
    stream: bool = False
    stream_options: _StreamOptions | None = None
    n: Literal[1] | None = None


def add_openai(app: FastAPI, service: Service) -> None:
    """Add `/v1/chat/completions` and `/v1/models` to `app`."""
    model = {"id": service.name, "object": "model", "created": _BEGUN, "owned_by": "abstracts"}

    described: dict[str, Any] = {"tags": ["openai"], "responses": errors(404, form=OPENAI)}

    @app.get("/v1/models", name="list_models", **described)
    async def models() -> dict[str, object]:
        """Name the corpus, as the one model that there is."""
        return {"object": "list", "data": [model]}

    @app.get("/v1/models/{name:path}", name="get_model", **described)
    async def one_model(name: str) -> Response:
        """Return the model of that name, which is the corpus."""
        return JSONResponse(model) if name == service.name else _no_model(name, service)

    @app.post("/v1/chat/completions", name="create_chat_completion", **described)
    async def complete(wanted: Completion) -> Response:
        """Answer the last message, with the cited quotes as text, whole or as a stream.

        The answer as data comes along as `answer`, in a stream with the last piece.
        """
        if wanted.model != service.name:
            return _no_model(wanted.model, service)
        *history, question = _questions(wanted)
        given = await service.ask(question, surface="openai", history=history[-LONGEST_HISTORY:])
        answer = given.turn.answer
        if not wanted.stream:
            return JSONResponse(_whole(answer, service.name))
        usage = wanted.stream_options is not None and wanted.stream_options.include_usage
        events = _events(answer, service.name, usage=usage)
        return StreamingResponse(events, media_type="text/event-stream")


def _questions(wanted: Completion) -> list[str]:
    """Return what the user said, in order; the last is the question."""
    if wanted.messages[-1].role != "user":
        raise QuestionError("the last message is not the user's; end with a question")
    said = [message.text for message in wanted.messages if message.role == "user"]
    return [text for text in said[:-1] if text.strip()] + said[-1:]


def _no_model(name: str, service: Service) -> Response:
    return refused("/v1/", 404, f"There is no {name!r} here; the only name is {service.name!r}.")


def _whole(answer: Answer, name: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": body(answer), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {
        **_head("chat.completion", name),
        "choices": [choice],
        "usage": _USAGE,
        "answer": answer.model_dump(mode="json"),
    }


def _events(answer: Answer, name: str, *, usage: bool) -> Iterator[str]:
    """Yield the answer as server-sent events: a block of text each, the data with the last."""
    head = _head("chat.completion.chunk", name)

    def event(delta: dict[str, str], *, finish: str | None = None, **more: object) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return f"data: {json.dumps({**head, 'choices': [choice], **more})}\n\n"

    yield event({"role": "assistant", "content": ""})
    for block in re.split(r"(?<=\n\n)", body(answer)):
        yield event({"content": block})
    yield event({}, finish="stop", answer=answer.model_dump(mode="json"))
    if usage:
        yield f"data: {json.dumps({**head, 'choices': [], 'usage': _USAGE})}\n\n"
    yield "data: [DONE]\n\n"


def _head(kind: str, name: str) -> dict[str, object]:
    identifier = f"chatcmpl-{uuid.uuid4().hex}"
    return {"id": identifier, "object": kind, "created": int(time.time()), "model": name}
