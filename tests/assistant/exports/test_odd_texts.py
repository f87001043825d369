"""Whatever a text holds, other parsers read it back from each format as it was."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from assistant.exports.bibtex import bibtex, latex
from assistant.exports.csl import csl_json
from assistant.exports.markdown import escaped, link
from assistant.exports.reference import on_one_line, reference
from assistant.exports.ris import ris
from store.papers import Paper

MakePaper = Callable[..., Paper]

#: Any text that a paper may have for its title, with what formats trip over made likely.
ODD = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("\\{}$&#_%~^<>|`*[]()!=+-.1'\",;:@\n\t\u2028\x85 "),
    min_size=1,
).filter(lambda text: bool(text.strip()))
#: Commands of LaTeX's kernel that the reader of LaTeX does not know, or shows as accents.
KERNEL = {
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbraceleft": r"\{",
    "textbraceright": r"\}",
}


def typeset(source: str) -> str:
    """Return what LaTeX shows for `source`, in which words are parted by one blank."""
    for name, character in KERNEL.items():
        source = source.replace(rf"\{name}{{}}", character)
    shown = LatexNodes2Text(keep_comments=True).latex_to_text(source)
    return " ".join(shown.split())


def shown(source: str, dialect: str = "commonmark") -> str:
    """Return the text of a page made from Markdown."""
    page = MarkdownIt(dialect, {"linkify": False, "html": True}).render(source)
    return unescape(re.sub(r"<[^>]*>", "", page))


@given(title=ODD, abstract=ODD, author=ODD)
def test_bibtex_is_read_back_and_no_text_ends_an_entry(
    paper: MakePaper, title: str, abstract: str, author: str
) -> None:
    odd = paper(title=title, abstract=abstract, authors=(author, author), venue=title)
    written = "\n".join(bibtex(map(reference, (odd, paper(id="title:next")))))
    found = parse_string(written, "bibtex")
    entry, after = found.entries.values()
    one = reference(odd)
    assert entry.fields["title"] == f"{{{' '.join(latex(one.title).split())}}}"
    assert after.fields["title"] == "{Long context}"
    assert len(entry.persons.get("author", ())) == len(one.names)


@given(ODD)
def test_a_text_without_latex_is_typeset_letter_for_letter(text: str) -> None:
    # What LaTeX joins into another character, or takes for its own, is tested below.
    plain = re.sub(r"[\\`'\"-]|\$.*\$|[!?]`", "", on_one_line(text), flags=re.DOTALL)
    assert typeset(latex(plain)) == " ".join(plain.split())


def test_accents_and_escapes_that_are_latex_are_typeset() -> None:
    assert typeset(latex(r"50\% of Erd\H{o}s \& \'et\'e")) == "50% of Erdős & été"
    assert latex(r"{\'e}") == r"\textbraceleft{}\'e\textbraceright{}"


@given(title=ODD, author=ODD)
def test_ris_is_read_back_and_no_text_ends_a_record(
    paper: MakePaper, title: str, author: str
) -> None:
    odd, plain = paper(title=title, authors=(author,)), paper(id="title:next")
    first, second = rispy.loads("\n".join(ris(map(reference, (odd, plain)))))
    assert first["title"] == reference(odd).title
    assert second["title"] == "Long context"


@given(st.lists(ODD, max_size=3))
def test_a_processor_of_csl_takes_in_any_text(paper: MakePaper, titles: list[str]) -> None:
    papers = [
        paper(id=f"title:{number}", title=title, authors=(title,))
        for number, title in enumerate(titles)
    ]
    source = CiteProcJSON(json.loads("".join(csl_json(map(reference, papers)))))
    assert [str(source[f"title:{n}"]["title"]) for n in range(len(titles))] == [
        reference(one).title for one in papers
    ]


@pytest.mark.parametrize("dialect", ["commonmark", "gfm-like"])
@pytest.mark.parametrize("block", ["## {}", "> “{}” [1]", "- {}", "1. {}"])
@given(text=ODD)
def test_markdown_shows_any_text_letter_for_letter(dialect: str, block: str, text: str) -> None:
    linked = block.startswith("1.")
    made = shown(block.format(link(text, "https://a.org") if linked else escaped(text)), dialect)
    expected = on_one_line(text)
    if block.startswith(">"):
        expected = f"“{expected}” [1]"
    assert made.split() == expected.split()
