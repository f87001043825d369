"""Pages: templates into HTML in which every text of a paper or a person is escaped."""

from functools import cache
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from store.columns import day_of_year
from store.papers import Paper
from ui.wording.dates import dated
from ui.wording.outward import outward_links

# Tighter than the chat's: these pages hold no script and no style of their own.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)


def page(
    request: Request, template: str, *, status: int = 200, tab: str = "", **context: Any
) -> HTMLResponse:
    """Return a page made of `templates/{template}.html` and its context, under one of the tabs."""
    tabs: tuple[tuple[str, str], ...] = request.app.state.tabs
    html = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            root=root_of(request),
            site=request.app.title,
            tabs=tabs,
            tab=tab,
            feeds=request.app.state.feeds,
            **context,
        )
    )
    headers = {
        "content-security-policy": _POLICY,
        # A form must be able to show that it was sent from here.
        "referrer-policy": "same-origin",
        "cache-control": "no-cache",
    }
    return HTMLResponse(html, status_code=status, headers=headers)


def root_of(request: Request) -> str:
    """Return the path under which the server is reached, "" for the top."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def paper_path(paper_id: str) -> str:
    """Return the path of a paper's page."""
    return f"/paper/{quote(paper_id, safe=':/')}"


def own_address(address: str) -> str:
    """Return an address of this server that a form gave to go back to, or that of all papers."""
    own = address.startswith(("/papers", "/paper/")) and address.isprintable()
    return address if own and "\\" not in address else "/papers"


def when(paper: Paper) -> str:
    """Return the heading under which a paper stands among others by date."""
    if paper.published:
        return dated(paper.published)
    return f"Listed {max(paper.listed, key=day_of_year)}" if paper.listed else "Undated"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("ui.papers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        paper_path=paper_path, outward_links=outward_links, dated=dated, when=when
    )
    return templates
