"""Operation: what a running server tells of itself, and how it stops."""
