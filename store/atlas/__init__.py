"""The map of the papers: each at a point of the plane near those like it, and its topic."""

from store.atlas.paper_map import PaperMap, draw, kept

__all__ = ["PaperMap", "draw", "kept"]
