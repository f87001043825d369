"""The chat as Gradio Blocks: what stands where, and what each event does.

The conversation lives in `gr.State`, on the server, one for each page that is open. The Chatbot
is only ever an output: what a browser sends back as its history is never read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.query import Filters
from ui.exchange import Exchange, followed_up, number_after, put
from ui.render import about_html, masthead_html, question_html, waiting_html
from ui.sources import panel_html
from ui.taking import take_all_html

#: Exchanges that a page keeps; the oldest go first, with their sources.
EXCHANGES_KEPT = 50
#: How long a conversation that nobody continues is kept on the server.
STATE_SECONDS = 24 * 60 * 60
#: Questions answered at the same time; each keeps about one core busy.
CONCURRENT_QUESTIONS = 4

Conversation = tuple[Exchange, ...]
Message = dict[str, Any]


@dataclass(slots=True)
class Newest:
    """The number of the exchange that a page began last; every event of it sees the same one."""

    number: int = 0


def build_chat(
    assistant: Assistant,
    *,
    title: str,
    examples: Sequence[str],
    given: Callable[[Answer], None],
) -> gr.Blocks:
    """Return the chat over `assistant`'s corpus; `examples` are questions that answer well.

    `given` is called with each answer. The address `?paper=ID` opens a chat about that paper only.
    """
    papers = len(assistant.corpus)
    blocks = gr.Blocks(title=title, fill_width=True, analytics_enabled=False)
    with blocks:
        conversation = gr.State((), time_to_live=STATE_SECONDS)
        scope = gr.State(None, time_to_live=STATE_SECONDS)
        with gr.Row(elem_id="aa-header"):
            gr.HTML(masthead_html(title), apply_default_css=False, elem_id="aa-masthead")
            gr.HTML(take_all_html(), apply_default_css=False, elem_id="aa-take")
            new = gr.Button("New chat", elem_id="aa-new", size="sm", scale=0, min_width=96)
        with gr.Row(elem_id="aa-main", equal_height=True):
            with gr.Column(elem_id="aa-chat-column", scale=3, min_width=320):
                chat = _chatbot(papers, examples)
                about = gr.HTML("", elem_id="aa-about", apply_default_css=False)
                box = _question_box(papers)
            with gr.Column(elem_id="aa-source-column", scale=2, min_width=300):
                sources = gr.HTML(
                    panel_html((), papers=papers), elem_id="aa-sources", apply_default_css=False
                )
        # Out of sight: the page presses it for the × beside what a question was taken to be about.
        drop = gr.Button("Search just what was typed", elem_id="aa-drop")
        _listen(assistant, conversation, scope, chat, box, sources, new, drop, given)

        def aim(request: gr.Request) -> tuple[Filters | None, str]:
            return _aim(assistant, request.query_params.get("paper", ""))

        blocks.load(
            aim,
            None,
            [scope, about],
            show_progress="hidden",
            api_visibility="private",
            queue=False,
        )
    blocks.queue(max_size=200, default_concurrency_limit=CONCURRENT_QUESTIONS)
    return blocks


def messages(conversation: Conversation) -> list[Message]:
    """Return a conversation as Gradio's messages; only the last offers its follow-ups."""
    shown: list[Message] = []
    for exchange in conversation:
        shown.append({"role": "user", "content": question_html(exchange.question)})
        shown.append({"role": "assistant", "content": exchange.message})
    if conversation and (follow_ups := conversation[-1].follow_ups):
        shown[-1]["options"] = [{"value": text, "label": text} for text in follow_ups]
    return shown


def _chatbot(papers: int, examples: Sequence[str]) -> gr.Chatbot:
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
        placeholder=(
            f'<h2 class="aa-welcome">Ask {papers:,} paper abstracts</h2>'
            "<p>Every answer is made of sentences quoted from them, letter for letter, "
            "each with its source. Where they hold no answer, you are told so.</p>"
        ),
        examples=[{"text": text} for text in examples],
    )


def _question_box(papers: int) -> gr.Textbox:
    return gr.Textbox(
        elem_id="aa-box",
        label="Question",
        show_label=False,
        container=False,
        placeholder=f"Ask {papers:,} abstracts a question",
        lines=1,
        max_lines=6,
        submit_btn=True,
    )


def _listen(
    assistant: Assistant,
    conversation: gr.State,
    scope: gr.State,
    chat: gr.Chatbot,
    box: gr.Textbox,
    sources: gr.HTML,
    new: gr.Button,
    drop: gr.Button,
    given: Callable[[Answer], None],
) -> None:
    papers = len(assistant.corpus)
    newest = gr.State(Newest(), time_to_live=STATE_SECONDS)

    def ask(
        typed: str | None,
        so_far: Conversation,
        newest: Newest,
        about: Filters | None,
        event: gr.EventData,
    ) -> Iterator[tuple[Any, ...]]:
        dropped = event.target is drop
        question = _last(so_far) if dropped else _chosen(event) or typed or ""
        if not question.strip():
            yield (gr.skip(),) * 4
            return
        newest.number = number_after(so_far)
        waiting = [
            {"role": "user", "content": question_html(question)},
            {"role": "assistant", "content": waiting_html(papers)},
        ]
        yield so_far, [*messages(so_far), *waiting], gr.skip(), gr.skip() if dropped else ""
        exchange = put(assistant, question, earlier=so_far, standalone=dropped, filters=about)
        if exchange.turn:
            given(exchange.turn.answer)
        after = (*so_far, exchange)[-EXCHANGES_KEPT:]
        panel = panel_html([one.sources for one in after if one.sources], papers=papers)
        yield after, messages(after), panel, gr.skip() if exchange.turn else question

    def suggest(so_far: Conversation, newest: Newest) -> tuple[Any, Any]:
        followed = followed_up(assistant, so_far[-1]) if so_far else None
        # By now the next question may be on its way: its answer must not be written over.
        if not followed or not followed.follow_ups or followed.number != newest.number:
            return gr.skip(), gr.skip()
        after = (*so_far[:-1], followed)
        return after, messages(after)

    def clear(newest: Newest) -> tuple[Conversation, list[Message], str, str]:
        newest.number = 0
        return (), [], panel_html((), papers=papers), ""

    outputs = [conversation, chat, sources, box]
    # One listener for the four ways to ask: while it runs, the page holds back the next.
    answered = gr.on(
        [box.submit, chat.option_select, chat.example_select, drop.click],
        ask,
        [box, conversation, newest, scope],
        outputs,
        trigger_mode="once",
        show_progress="hidden",
        api_visibility="private",
    )
    # Found once the answer is on the page.
    answered.then(
        suggest,
        [conversation, newest],
        [conversation, chat],
        # Else those of an answer are dropped while the ones of the last are still looked for.
        trigger_mode="multiple",
        show_progress="hidden",
        api_visibility="private",
    )
    new.click(
        clear, [newest], outputs, show_progress="hidden", api_visibility="private", queue=False
    )


def _last(conversation: Conversation) -> str:
    """Return the question asked last, or "" where there is none."""
    return conversation[-1].question if conversation else ""


def _aim(assistant: Assistant, paper_id: str) -> tuple[Filters | None, str]:
    """Return the filter that leaves one paper alone, and what shows it; or none and nothing."""
    paper = assistant.corpus.get([paper_id]).get(paper_id) if paper_id else None
    return (Filters(paper_ids=(paper.id,)), about_html(paper.title)) if paper else (None, "")


def _chosen(event: gr.EventData) -> str:
    """Return the question that was clicked, or "" where one was typed.

    The browser sends this, so nothing about its form is taken for granted.
    """
    data = event._data
    value = data.get("value") if isinstance(data, dict) else None
    if isinstance(value, dict):
        value = value.get("text")
    return value if isinstance(value, str) else ""
