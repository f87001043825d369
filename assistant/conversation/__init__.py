"""Conversation: what a question means that was asked after others."""

from assistant.conversation.resolution import Reading, readings
from assistant.conversation.turn import Turn

__all__ = ["Reading", "Turn", "readings"]
