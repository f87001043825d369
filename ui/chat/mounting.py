"""The page around the chat: its theme, its head, and how it is mounted in the app."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files

import gradio as gr
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

from ui.chat.blocks import build_chat
from ui.chat.first_paint import FirstPaint
from ui.service import Service

# Comes with Gradio and is served by this server. These are the two weights that it holds whole.
_SANS = gr.themes.LocalFont("Source Sans Pro", weights=(400, 700))

#: The script for pages of other sites.
EMBED = "/embed.js"
#: Where Gradio takes files, whether or not the page asks for any.
UPLOADS = tuple(
    f"/gradio_api/{name}"
    for name in ("upload", "process_recording", "component_server", "component_server/")
)

#: The styles of the chat's page, and its scripts in the order in which they hear of a key: what
#: lies on top of the page closes before what lies below it.
STYLES = (
    *("colors", "page", "chat", "answer", "sources", "peek", "taking", "talk", "drawer"),
    *("filters", "feedback", "frame"),
)
SCRIPTS = (
    *("frame", "page", "peek", "taking", "kept", "links", "filters", "choosing", "talk"),
    *("drawer", "feedback", "keys", "sources", "copying", "chat", "reach"),
)


def mount_chat(
    app: FastAPI,
    service: Service,
    *,
    title: str,
    examples: Sequence[str],
    ancestors: Sequence[str] = (),
    login: bool = False,
) -> None:
    """Mount the chat over `service` at `/` of `app`, behind the routes that `app` has.

    Pages of `ancestors` show it in a frame, by the script at `/embed.js` or one of their own. With
    a `login` people are known by it, and need no cookie for that.
    """
    app.add_middleware(FirstPaint)
    blocks = build_chat(service, title=title, examples=examples)
    # Gradio sets this only in launch(). Unset, it skips its check of which files a request may
    # name, and a forged message reads any file of the machine.
    blocks.has_launched = True
    for path in UPLOADS:
        app.add_api_route(path, _no_upload, methods=["POST"], include_in_schema=False)
    app.add_api_route(EMBED, _embed, include_in_schema=False)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=_theme(),
        head=_head(ancestors, login=login),
        footer_links=[],
        run_history=False,
        show_error=False,
        # Should a route of its own still take a file.
        max_file_size="1kb",
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
    )


def _no_upload() -> None:
    """Refuse a file: the chat takes none, so whoever sends one fills the disk."""
    raise HTTPException(403, "The chat takes no files.")


def _embed() -> FileResponse:
    """Return the script with which any page gets a button that opens the chat."""
    return FileResponse(
        str(files("ui") / "static" / "embed.js"),
        media_type="text/javascript",
        headers={"cache-control": "public, max-age=3600"},
    )


def _theme() -> gr.themes.Base:
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        font=[_SANS, "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    # The same as --aa-paper in colors.css: the page has it before its styles are there.
    return theme.set(body_background_fill="#fbfaf7", body_background_fill_dark="#151719")


def _head(ancestors: Sequence[str], *, login: bool) -> str:
    # In the head, for Gradio rewrites what it is given as css= and breaks its media queries.
    css = "".join(_text(f"{name}.css") for name in STYLES)
    scripts = "".join(f"<script>{_text(f'{name}.js')}</script>" for name in SCRIPTS)
    told = f'<meta name="aa-frame-ancestors" content="{escape(" ".join(ancestors))}">'
    told += '<meta name="aa-login" content="yes">' if login else ""
    return f"{told}<style>{css}</style>{scripts}"


def _text(name: str) -> str:
    return (files("ui") / "static" / name).read_text(encoding="utf-8")
