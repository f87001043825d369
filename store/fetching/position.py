"""Position: how far a request had got when it was interrupted, kept beside the store."""

import json
from dataclasses import asdict
from pathlib import Path

from store.fetching.request import Request
from store.papers import sha256

#: The file in the store's folder; it is there only while a request is unfinished.
NAME = "fetching.json"


class Position:
    """The position of one request in one store's folder."""

    def __init__(self, folder: Path, source: str, request: Request) -> None:
        self._file = folder / NAME
        self._key = sha256(json.dumps([source, asdict(request)], sort_keys=True))[:16]

    def start(self) -> int:
        """Return where to go on; 0 for a request that is new or was finished."""
        return self._all().get(self._key, 0)

    def reached(self, start: int) -> None:
        """Note that everything before `start` is durable in the store."""
        self._write({**self._all(), self._key: start})

    def finished(self) -> None:
        """Forget the request: asked again, it begins anew."""
        self._write({key: start for key, start in self._all().items() if key != self._key})

    def _all(self) -> dict[str, int]:
        try:
            kept = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        items = kept.items() if isinstance(kept, dict) else ()
        return {key: start for key, start in items if isinstance(start, int) and start >= 0}

    def _write(self, positions: dict[str, int]) -> None:
        if positions:
            self._file.write_text(json.dumps(positions), "utf-8")
        else:
            self._file.unlink(missing_ok=True)
