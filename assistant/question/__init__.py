"""Question: what is asked: its kind, what it wants, its sides, conditions and facts of record."""
