"""Reranking: question and sentence read together, by a cross-encoder."""
