"""Feeds: new papers, and those that answer saved questions, as Atom and by mail."""
