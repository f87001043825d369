"""Fetching: papers from arXiv, PubMed and daily-papers pages, by id, query or date."""

from store.fetching.client import Client
from store.fetching.naming import fetched, requests_of
from store.fetching.request import Page, Request
from store.fetching.sources import SOURCES, pages

__all__ = ["SOURCES", "Client", "Page", "Request", "fetched", "pages", "requests_of"]
