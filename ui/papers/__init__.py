"""The papers beside the chat: browsed, searched, read, voted for, mapped and added."""
