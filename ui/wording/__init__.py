"""Wording: what every surface tells a reader in the same words."""
