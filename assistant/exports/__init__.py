"""Answers and papers in the formats that other programs read."""
