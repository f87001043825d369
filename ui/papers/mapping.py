"""Mapping: the map that the pages show, drawn in the background where there is none."""

import logging
import threading
from collections.abc import Sequence

import numpy as np

from store import atlas
from store.atlas import PaperMap
from store.corpus import Corpus

#: Papers up to which a map is drawn without being asked for: that takes about a minute at most.
DRAWN_UNASKED = 20_000
#: Both coordinates of a point go from 0 to this.
_FURTHEST = 65535

_log = logging.getLogger(__name__)


class Mapping:
    """The map of a corpus; the one that is kept serves until it is drawn anew."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._known: PaperMap | None = None
        self._lock = threading.Lock()
        self._drawing: threading.Thread | None = None
        # The snapshot whose map could not be drawn: it is not tried again and again.
        self._failed = ""

    @property
    def known(self) -> PaperMap | None:
        """The map last drawn, perhaps of papers that have changed since, or None."""
        if self._known is None:
            self._known = atlas.kept(self._corpus.folder)
        return self._known

    @property
    def is_drawing(self) -> bool:
        """Whether a map is being drawn."""
        return self._drawing is not None and self._drawing.is_alive()

    @property
    def topics(self) -> dict[str, frozenset[str]]:
        """The ids of the papers of each topic; none where there is no map."""
        return self.known.by_topic if self.known else {}

    def current(self) -> PaperMap | None:
        """Return the map last drawn; have a new one drawn where the papers have changed since."""
        snapshot = self._corpus.snapshot
        known = self.known
        if known is not None and known.snapshot != snapshot:
            # It may have been drawn by the command meanwhile.
            known = self._known = atlas.kept(self._corpus.folder) or known
        if (known is None or known.snapshot != snapshot) and len(self._corpus) <= DRAWN_UNASKED:
            self._draw(snapshot)
        return known

    def _draw(self, snapshot: str) -> None:
        with self._lock:
            if not self.is_drawing and self._failed != snapshot:
                self._drawing = threading.Thread(target=self._run, args=[snapshot], daemon=True)
                self._drawing.start()

    def _run(self, snapshot: str) -> None:
        try:
            self._known = self._corpus.draw_map()
        except Exception:
            # The pages do without; whoever runs the server finds the cause in its log.
            _log.exception("The map could not be drawn")
            self._failed = snapshot


def packed(drawn: PaperMap) -> bytes:
    """Return a map for the browser: x and y of every paper, 16 bits each, then its topics, 8 bits.

    Numbers are little-endian, and y grows downwards.
    """
    points = (drawn.points * _FURTHEST).round().astype("<u2")
    return points.tobytes() + drawn.topics.astype(np.uint8).tobytes()


def legend(drawn: PaperMap) -> Sequence[tuple[str, int]]:
    """Return the name of each topic and how many papers it has, in the order of its number."""
    return [(name, len(drawn.by_topic[name])) for name in drawn.names]
