"""The commands that keep a store's keys: add, list, revoke."""

import json
from pathlib import Path

from store.opening import require_store
from ui import terminal
from ui.access.keys import Key, Keys
from ui.settings import settings_for


def add(name: str, *, write: bool, store: Path | None, as_json: bool) -> None:
    """Make a key and print it; it is not kept and cannot be printed again."""
    keys = _keys(store)
    given = keys.add(name, ("read", "write") if write else ("read",))
    if as_json:
        terminal.out.print_json(json.dumps({"name": name, "key": given}))
    else:
        terminal.out.print(given, soft_wrap=True)
        terminal.err.print("Keep it: it is not shown again.")


def show(*, store: Path | None, as_json: bool) -> None:
    """Print every key but for the key itself."""
    keys = _keys(store).all()
    if as_json:
        listed = [key.model_dump(exclude={"sha256"}) for key in keys]
        terminal.out.print_json(json.dumps(listed))
        return
    for key in keys:
        terminal.out.print(_line(key), soft_wrap=True, markup=False)


def revoke(name: str, *, store: Path | None, as_json: bool) -> None:
    """Take a key back."""
    keys = _keys(store)
    key = keys.revoke(name)
    if as_json:
        terminal.out.print_json(json.dumps({"revoked": key.name}))
    else:
        terminal.out.print(f"revoked {key.name}", soft_wrap=True, markup=False)
    if not keys.all():
        terminal.err.print(
            "That was the last key. Programs still need one: make another with assistant keys add, "
            f"or delete {keys.file} to open the API to everybody again.",
            soft_wrap=True,
            markup=False,
        )


def _line(key: Key) -> str:
    return f"{key.prefix}...  {'+'.join(key.scopes):<10}  {key.created[:10]}  {key.name}"


def _keys(store: Path | None) -> Keys:
    settings = settings_for(store=store)
    require_store(settings.store, url=settings.database_url)
    return Keys(settings.store)
