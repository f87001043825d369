"""Access: who may send which request, how many, and what every request has to keep to."""
