"""The commands that keep a store: add, remove, show, stats, repair, compact."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from store.atlas import draw
from store.compaction import compact
from store.errors import PaperNotFound, ReadError
from store.readers import Record, read_papers, source_files
from store.stats import Stats
from ui import terminal
from ui.opening import embed_anew, open_catalog, open_corpus, remake_on_server, take_collection
from ui.settings import Settings, settings_for
from ui.terminal.papers import print_added, print_paper, print_stats

STDIN = "-"
MEGABYTE = 1_000_000


def add(
    sources: Sequence[str],
    *,
    store: Path | None,
    strict: bool,
    as_json: bool,
    encoding: str | None = None,
) -> int:
    """Add the papers of `sources` and return the exit code.

    A source that cannot be read is reported and the others are added all the same.
    """
    terminal.show_messages()
    settings = settings_for(store=store)
    files = _sources(sources)
    _require_encoding(encoding)
    unreadable: list[ReadError] = []
    with open_corpus(settings, write=True, create=True) as corpus, terminal.counting("read") as bar:
        task = bar.add_task("adding", total=None)
        report = corpus.add(
            _records(files, unreadable, encoding), progress=lambda count: bar.advance(task, count)
        )
    print_added(report, as_json=as_json, unreadable=unreadable)
    if unreadable:
        return 2
    return 1 if strict and report.skipped else 0


def remove(paper_ids: Sequence[str], *, store: Path | None, as_json: bool) -> None:
    """Remove papers; none is removed where an id is unknown."""
    terminal.show_messages()
    with open_corpus(settings_for(store=store), write=True) as corpus:
        removed = corpus.remove(paper_ids)
    _say({"removed": removed}, f"{removed:,} removed", as_json=as_json)


def repair(
    *, store: Path | None, model: str | None, as_json: bool, former: str | None = None
) -> None:
    """Make both indexes anew, and where another `model` is given, the vectors first.

    With the identity of a `former` store, that one's collection becomes this store's.
    """
    terminal.show_messages()
    settings = settings_for(store=store, model=model)
    if former:
        take_collection(settings, former=former)
    remade = _embed_anew(settings) if model else False
    with open_corpus(settings, write=True) as corpus:
        if not remade:
            corpus.repair()
        figures = corpus.stats()
    _say(
        figures.model_dump(),
        f"both indexes made anew: {figures.papers:,} papers, {figures.chunks:,} chunks"
        + (f", embedded with {figures.model}" if remade else ""),
        as_json=as_json,
    )


def compact_store(*, store: Path | None, as_json: bool) -> None:
    """Erase what was removed from the disk."""
    terminal.show_messages()
    settings = settings_for(store=store)
    done = compact(settings.store, url=settings.database_url)
    remake_on_server(settings)
    _say(
        done._asdict(),
        f"compacted: {done.before / MEGABYTE:,.1f} MB before, {done.after / MEGABYTE:,.1f} MB now",
        as_json=as_json,
    )


def draw_map(*, store: Path | None, as_json: bool) -> None:
    """Draw the map of the papers, and keep it with the store."""
    terminal.show_messages()
    settings = settings_for(store=store)
    with closing(open_catalog(settings)) as catalog:
        drawn = draw(catalog, settings.store)
    sizes = {name: len(drawn.by_topic[name]) for name in drawn.names}
    lines = [f"{len(drawn):,} papers mapped; topics:", *(f"{n:>7,}  {t}" for t, n in sizes.items())]
    _say({"papers": len(drawn), "topics": sizes}, "\n".join(lines), as_json=as_json)


def stats(*, store: Path | None, as_json: bool) -> None:
    """Print the store's figures."""
    with closing(open_catalog(settings_for(store=store))) as catalog:
        figures = Stats.of(catalog)
    if as_json:
        terminal.out.print_json(figures.model_dump_json())
    else:
        print_stats(figures)


def show(paper_id: str, *, store: Path | None, as_json: bool) -> None:
    """Print one paper."""
    settings: Settings = settings_for(store=store)
    with closing(open_catalog(settings)) as catalog:
        paper = catalog.find([paper_id]).get(paper_id)
    if paper is None:
        raise PaperNotFound(f"no paper {paper_id!r} in {str(settings.store)!r}; check the id")
    if as_json:
        terminal.out.print_json(paper.model_dump_json())
    else:
        print_paper(paper)


def _embed_anew(settings: Settings) -> bool:
    with terminal.measuring("embedding") as bar:
        task = bar.add_task("embedding", total=None)
        return embed_anew(
            settings, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )


def _sources(sources: Sequence[str]) -> list[Path | str]:
    """Return the files to read, in order, and STDIN where it is asked for."""
    files: list[Path | str] = []
    for source in sources:
        files.extend([STDIN] if source == STDIN else source_files([Path(source)]))
    return files


def _require_encoding(name: str | None) -> None:
    try:
        "".encode(name or "utf-8")
    except LookupError as error:
        raise ReadError(
            "--encoding", None, f"no encoding is called {name!r}; name one such as cp1252"
        ) from error


def _records(
    files: Sequence[Path | str], unreadable: list[ReadError], encoding: str | None
) -> Iterator[Record]:
    for file in files:
        try:
            source = sys.stdin.buffer if isinstance(file, str) else file
            yield from read_papers(source, encoding=encoding)
        except ReadError as error:
            unreadable.append(error)


def _say(figures: object, text: str, *, as_json: bool) -> None:
    if as_json:
        terminal.out.print_json(json.dumps(figures))
    else:
        terminal.out.print(text, soft_wrap=True)
