"""Measures of retrieval and of answers, on a user's own questions."""
