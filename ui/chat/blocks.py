"""The chat as Gradio Blocks: what stands where, and what each event does.

What a page shows lives in `gr.State`, on the server. The Chatbot is only ever an output: what a
browser sends back as its history is never read. It sends the questions that it wants shown over a
channel of its own, where they are checked: see `ui.conversations`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from starlette.exceptions import HTTPException

from assistant.answer import Answer
from ui.chat.greeting import Greeting, greeting
from ui.chat.taking import take_all_html
from ui.conversations.asked import Record, read_order
from ui.conversations.bar import bar_html
from ui.conversations.notes import actions_html, question_tools_html, stop_html
from ui.conversations.page import Exchanges, Page, Step, steps, suggested
from ui.render import masthead_html, question_html, waiting_html
from ui.render.sources import panel_html
from ui.service import Service

#: How long what a page shows is kept on the server after its last question, and of how many pages
#: at most. Later it is made anew from its questions.
STATE_SECONDS = 24 * 60 * 60
MOST_STATES = 500
#: Questions answered at the same time; each keeps about one core busy.
CONCURRENT_QUESTIONS = 4

# What static/talk.js speaks to the server by.
_CONNECT = "aa.talk.connect((order) => trigger('order', order), props, watch);"
_OPENER = (
    '<button type="button" id="aa-open-drawer" aria-haspopup="dialog" title="Conversations">'
    '<span class="aa-unseen">Conversations</span></button>'
)

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that events read or change."""

    page: gr.State
    chat: gr.Chatbot
    sources: gr.HTML
    box: gr.Textbox
    channel: gr.HTML


def build_chat(service: Service, *, title: str, examples: Sequence[str]) -> gr.Blocks:
    """Return the chat over the service's corpus; `examples` are questions that answer well."""
    blocks = gr.Blocks(title=title, fill_width=True, analytics_enabled=False)
    with blocks:
        parts = _laid_out(title, greeting(service.assistant, examples=examples))
        events = Events(service, examples)
        _listen(blocks, parts, events)
    blocks.queue(max_size=200, default_concurrency_limit=CONCURRENT_QUESTIONS)
    blocks.state_session_capacity = MOST_STATES
    return blocks


def messages(exchanges: Exchanges, *, judged: bool) -> list[Message]:
    """Return exchanges as Gradio's messages; only the last offers its follow-ups.

    With `judged` each answer can be called good or bad.
    """
    actions = actions_html(judged=judged)
    shown: list[Message] = []
    for exchange in exchanges:
        shown.append(_question(exchange.asked.question, tools=question_tools_html()))
        below = actions if exchange.answer else ""
        shown.append({"role": "assistant", "content": exchange.message + below})
    if exchanges and (follow_ups := exchanges[-1].follow_ups):
        shown[-1]["options"] = [{"value": text, "label": text} for text in follow_ups]
    return shown


class Events:
    """What each event of a page does; one for all pages."""

    def __init__(self, service: Service, examples: Sequence[str]) -> None:
        self._service = service
        self._examples = examples
        self._judged = service.feedback is not None

    def greet(self, request: gr.Request) -> tuple[gr.Chatbot, gr.Textbox]:
        """Greet with the papers as they are now, not as they were when the page was made."""
        paper_id = request.query_params.get("paper", "")
        now = greeting(self._service.assistant, examples=self._examples, paper_id=paper_id)
        return gr.Chatbot(**now.of_chat), gr.Textbox(placeholder=now.prompt)

    def converse(
        self, page: Page, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Show what the page orders: its chat, sources, record and question box.

        The page itself comes last: Gradio counts how long it is kept from what an event gives.
        """
        order = read_order(event._data)
        if isinstance(order, str):
            yield *_refused(order), page
            return
        charge = getattr(request.state, "charge", None)
        try:
            for step in steps(page, order, self._service.answers, note=self._note, charge=charge):
                yield *self._view(step), page
        except HTTPException as error:
            yield *_refused(error.detail.rstrip(".")), page
        # Gradio shows what came last once more at the end. By then a later order may have come.
        yield *(gr.skip(),) * 4, page

    def suggest(self, page: Page) -> Any:
        """Offer questions to ask next below the newest answer."""
        exchanges = suggested(page, self._service.answers)
        return gr.skip() if exchanges is None else messages(exchanges, judged=self._judged)

    def _view(self, step: Step) -> tuple[Any, ...]:
        shown = messages(step.exchanges, judged=self._judged)
        record = step.record.model_dump_json()
        if step.waiting:
            waiting = waiting_html(len(self._service.corpus)) + stop_html()
            shown.append(_question(step.waiting.question))
            shown.append({"role": "assistant", "content": waiting})
            return shown, gr.skip(), record, gr.skip()
        cards = [exchange.sources for exchange in step.exchanges if exchange.sources]
        back = gr.skip() if step.failed is None else step.failed
        return shown, panel_html(cards), record, back

    def _note(self, answer: Answer, seconds: float) -> None:
        self._service.note("chat", answer, seconds=seconds)


def _laid_out(title: str, greeted: Greeting) -> Parts:
    with gr.Row(elem_id="aa-header"):
        gr.HTML(_OPENER, apply_default_css=False, elem_id="aa-opener")
        gr.HTML(masthead_html(title), apply_default_css=False, elem_id="aa-masthead")
        gr.HTML(take_all_html(), apply_default_css=False, elem_id="aa-take")
        gr.Button("New chat", elem_id="aa-new", size="sm", scale=0, min_width=96)
    with gr.Row(elem_id="aa-main", equal_height=True):
        with gr.Column(elem_id="aa-chat-column", scale=3, min_width=320):
            chat = _chatbot(greeted)
            gr.HTML(bar_html(), elem_id="aa-bar", apply_default_css=False)
            box = _question_box(greeted)
        with gr.Column(elem_id="aa-source-column", scale=2, min_width=300):
            sources = gr.HTML(panel_html(()), elem_id="aa-sources", apply_default_css=False)
    # Shows nothing: what the page is told goes to its script, and is no markup.
    channel = gr.HTML("", html_template="", js_on_load=_CONNECT, elem_id="aa-channel")
    page = gr.State(Page(), time_to_live=STATE_SECONDS)
    return Parts(page=page, chat=chat, sources=sources, box=box, channel=channel)


def _refused(problem: str) -> tuple[Any, ...]:
    """Return what leaves the page as it is, and tells it why."""
    return gr.skip(), gr.skip(), Record(problem=problem).model_dump_json(), gr.skip()


def _question(text: str, *, tools: str = "") -> Message:
    return {"role": "user", "content": question_html(text) + tools}


def _chatbot(greeted: Greeting) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="aa-chat",
        show_label=False,
        label="Conversation",
        layout="panel",
        height="100%",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        allow_tags=False,
        group_consecutive_messages=False,
        # The page keeps the newest question at the top itself: see static/chat.js.
        autoscroll=False,
        **greeted.of_chat,
    )


def _question_box(greeted: Greeting) -> gr.Textbox:
    return gr.Textbox(
        elem_id="aa-box",
        label="Question",
        show_label=False,
        container=False,
        placeholder=greeted.prompt,
        lines=1,
        max_lines=6,
        submit_btn=True,
    )


def _listen(blocks: gr.Blocks, parts: Parts, events: Events) -> None:
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # By the page's own scripts, without the server.
    alone: dict[str, Any] = {**quiet, "fn": None, "queue": False}
    blocks.load(js="() => aa.talk.begin()", **alone)
    blocks.load(events.greet, None, [parts.chat, parts.box], queue=False, **quiet)
    parts.box.submit(
        inputs=parts.box, outputs=parts.box, js="(typed) => aa.talk.ask(typed)", **alone
    )
    conversed = parts.channel.order(
        events.converse,
        parts.page,
        [parts.chat, parts.sources, parts.channel, parts.box, parts.page],
        # A later order takes the place of one that is under way.
        trigger_mode="multiple",
        **quiet,
    )
    conversed.failure(js="() => aa.talk.fail()", **alone)
    # Found once the answer is on the page; one page's at a time, for they cost more than an answer,
    # and somebody waits for that.
    conversed.then(
        events.suggest,
        parts.page,
        parts.chat,
        trigger_mode="multiple",
        concurrency_limit=1,
        **quiet,
    )
