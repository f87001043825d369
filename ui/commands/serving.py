"""The commands that serve the chat: demo and serve."""

from pathlib import Path

from store.papers import Paper
from store.readers import read_papers
from store.sample import SAMPLE, SAMPLE_QUESTIONS
from ui import terminal
from ui.opening import open_assistant, open_corpus
from ui.settings import Settings, settings_for


def demo(*, host: str | None, port: int | None) -> None:
    """Serve the chat on the sample corpus, which is kept in the cache folder."""
    settings = settings_for(host=host, port=port)
    settings = settings.model_copy(update={"store": settings.cache / "demo", "database_url": None})
    _serve(settings, title="Sample corpus", examples=SAMPLE_QUESTIONS, sample=True)


def serve(*, store: Path | None, host: str | None, port: int | None) -> None:
    """Serve the chat and the REST service on a store."""
    settings = settings_for(store=store, host=host, port=port)
    _serve(settings, title="Abstract assistant", examples=None, sample=False)


def _serve(
    settings: Settings, *, title: str, examples: tuple[str, ...] | None, sample: bool
) -> None:
    terminal.show_messages()
    with open_corpus(settings, create=sample) as corpus:
        if sample and corpus.writable:
            papers = list(read_papers(SAMPLE))
            corpus.add(papers)
            wanted = {paper.id for paper in papers if isinstance(paper, Paper)}
            corpus.remove([i for i in corpus.select() if i not in wanted])
        assistant = open_assistant(corpus, settings)
        # Imported last: it loads the web framework, and must not delay a wrong store's message.
        from ui.server import make_app
        from ui.server import serve as run

        if examples is None:
            examples = assistant.examples()
        app = make_app(assistant, title=title, examples=examples)
        run(app, settings.host, settings.port, announce=_announce)


def _announce(address: str) -> None:
    terminal.err.print(f"Open {address} in a browser; stop with Ctrl+C.")
