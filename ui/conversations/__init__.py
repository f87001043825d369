"""Conversations: the questions that a page keeps, and what the server makes of them."""
