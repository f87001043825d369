"""Terminal: what the commands print, for people."""

from ui.terminal.console import counting, err, measuring, out, show_messages

__all__ = ["counting", "err", "measuring", "out", "show_messages"]
