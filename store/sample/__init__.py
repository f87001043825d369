"""A small corpus written for this project: real titles, with summaries in our own words."""

from pathlib import Path

#: The sample papers, as JSON lines.
SAMPLE = Path(__file__).parent / "papers.jsonl"
