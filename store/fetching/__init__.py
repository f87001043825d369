"""Fetching: papers from arXiv, PubMed and daily-papers pages, by id, query or date."""

from store.fetching.client import Client
from store.fetching.naming import Named, fetched, named
from store.fetching.request import Page, Request
from store.fetching.sources import SOURCES, pages

__all__ = ["SOURCES", "Client", "Named", "Page", "Request", "fetched", "named", "pages"]
