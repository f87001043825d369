"""The commands that serve the chat: demo and serve."""

from contextlib import closing, suppress
from pathlib import Path

from store.errors import StoreBusy
from store.folder import CATALOG
from store.papers import Paper
from store.popularity import Popularity
from store.readers import read_papers
from store.sample import SAMPLE, SAMPLE_QUESTIONS
from ui import terminal
from ui.opening import embed_anew, open_assistant, open_corpus
from ui.settings import Settings, settings_for


def demo(*, host: str | None, port: int | None) -> None:
    """Serve the chat on the sample corpus, which is kept in the cache folder."""
    terminal.show_messages()
    settings = settings_for(host=host, port=port)
    settings = settings.model_copy(update={"store": settings.cache / "demo", "database_url": None})
    _keep_sample(settings)
    _serve(settings, title="Sample corpus", examples=SAMPLE_QUESTIONS)


def serve(*, store: Path | None, host: str | None, port: int | None) -> None:
    """Serve the chat and the REST service on a store."""
    terminal.show_messages()
    settings = settings_for(store=store, host=host, port=port)
    _serve(settings, title="Abstract assistant", examples=None)


def _serve(settings: Settings, *, title: str, examples: tuple[str, ...] | None) -> None:
    with open_corpus(settings) as corpus, closing(Popularity(corpus.folder)) as popularity:
        corpus.load()
        assistant = open_assistant(corpus, settings)
        # Imported last: it loads the web framework, and must not delay a wrong store's message.
        from ui.server import hosts_for, make_app
        from ui.server import serve as run

        if examples is None:
            examples = assistant.examples()
        app = make_app(
            assistant,
            title=title,
            examples=examples,
            popularity=popularity,
            hosts=hosts_for(settings.host),
        )
        run(app, settings.host, settings.port, announce=_announce)


def _keep_sample(settings: Settings) -> None:
    """Make the demo's store hold the sample and nothing else."""
    papers = list(read_papers(SAMPLE))
    wanted = {paper.id for paper in papers if isinstance(paper, Paper)}
    # Another demo that is making the same store will be done in a moment.
    with suppress(StoreBusy):
        if (settings.store / CATALOG).exists():
            # This store is the command's own, so it follows the model that is set.
            embed_anew(settings)
        with open_corpus(settings, write=True, create=True) as corpus:
            corpus.add(papers)
            corpus.remove([paper_id for paper_id in corpus.select() if paper_id not in wanted])


def _announce(address: str) -> None:
    terminal.err.print(f"Open {address} in a browser; stop with Ctrl+C.")
