"""The commands that back a store up and restore it."""

from pathlib import Path

from store import backup as backing_up
from store.backup import Manifest, back_up
from store.papers import shown_digest
from ui import terminal
from ui.opening import remake_on_server
from ui.settings import settings_for


def backup(destination: Path, *, store: Path | None, as_json: bool) -> None:
    """Write a backup of the store to a new file."""
    terminal.show_messages()
    settings = settings_for(store=store)
    manifest = back_up(settings.store, destination, url=settings.database_url)
    _print(manifest, "backed up", as_json=as_json)


def restore(source: Path, *, store: Path | None, replace: bool, as_json: bool) -> None:
    """Make the store what a backup holds."""
    terminal.show_messages()
    settings = settings_for(store=store)
    manifest = backing_up.restore(
        source, settings.store, url=settings.database_url, replace=replace
    )
    remake_on_server(settings)
    _print(manifest, "restored", as_json=as_json)


def _print(manifest: Manifest, done: str, *, as_json: bool) -> None:
    if as_json:
        terminal.out.print_json(manifest.model_dump_json())
        return
    stats = manifest.stats
    terminal.out.print(
        f"{done}: {stats.papers:,} papers, as of {manifest.made:%Y-%m-%d %H:%M} UTC, "
        f"snapshot {shown_digest(stats.snapshot)}",
        soft_wrap=True,
    )
