"""Retrieval: which papers a question is about: ranked, near to one, or called by their name."""
