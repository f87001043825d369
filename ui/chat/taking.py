"""Taking answers away from the chat: the controls, and each answer as the data behind them.

The page sends the answers that it holds to the server, which writes them: see static/taking.js.
"""

from base64 import b64encode

from assistant.answer import Answer
from assistant.exports.formats import OF_ANSWERS, Format

#: What people call the formats.
NAMES = {
    Format.MARKDOWN: "Markdown",
    Format.BUNDLE: "Bundle",
    Format.BIBTEX: "BibTeX",
    Format.RIS: "RIS",
    Format.CSL: "CSL-JSON",
}
_ABOUT = {
    Format.MARKDOWN: "The answers with their sources, as text",
    Format.BUNDLE: "The answers with the papers, to check offline: assistant verify",
    Format.BIBTEX: "The cited papers, for LaTeX",
    Format.RIS: "The cited papers, for EndNote and others",
    Format.CSL: "The cited papers, for Zotero and pandoc",
}


def take_one_html(number: int) -> str:
    """Return what opens to take the `number`th answer away."""
    return _menu(f"aa-take-{number}", "Take this answer away")


def take_all_html() -> str:
    """Return what opens to take the whole conversation away; hidden until there is one."""
    menu = _menu("aa-take-every", "Take the whole conversation away")
    return f'<div id="aa-take-all" hidden>{menu}</div>'


def data_html(answer: Answer, *, number: int) -> str:
    """Return the `number`th answer as data that a page holds and does not show.

    In base64, for whatever a text holds, nothing on its way takes that for markup.
    """
    data = b64encode(answer.model_dump_json().encode("utf-8")).decode("ascii")
    return f'<span class="aa-data" id="aa-data-{number}" hidden>{data}</span>'


def _menu(identity: str, about: str) -> str:
    buttons = "".join(
        f'<button type="button" class="aa-export" name="{to.value}" title="{_ABOUT[to]}">'
        f"{NAMES[to]}</button>"
        for to in OF_ANSWERS
    )
    return (
        f'<details class="aa-take" id="{identity}"><summary title="{about}">Take away</summary>'
        '<div class="aa-formats"><button type="button" class="aa-export aa-to-clipboard"'
        f' name="markdown">Copy as Markdown</button>{buttons}'
        '<span class="aa-taken" role="status"></span></div></details>'
    )
