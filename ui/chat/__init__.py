"""Chat: the page itself, what stands on it, and what each event does."""
