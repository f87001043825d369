"""Verification: an answer checked with nothing but the abstracts, or set beside another."""
