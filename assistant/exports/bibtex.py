"""BibTeX: references as LaTeX reads them, in UTF-8.

A title is set in braces, so that no style changes its case, and is typeset as it is stored, but
for what it holds of LaTeX: simple formulas, accents and escaped characters stay LaTeX.
"""

import re
from collections.abc import Iterable, Iterator

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from assistant.exports.reference import Name, Reference, Sort

TYPES: dict[Sort, str] = {
    "journal": "article",
    "conference": "inproceedings",
    "preprint": "misc",
    "other": "misc",
}
#: The field that names the venue in each type.
VENUES = {"article": "journal", "inproceedings": "booktitle", "misc": "howpublished"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# BibTeX counts braces even after a backslash, so \{ would leave an entry open.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{character: f"\\{character}" for character in "$&#%_"},
    }
)
#: What a formula in a title may call: what is not here may do anything, such as read a file.
COMMANDS = """
    mathcal mathbb mathbf mathrm mathsf mathit mathfrak mathscr text textbf textit textrm emph
    boldsymbol bm operatorname hat tilde bar vec dot overline underline sqrt frac log ln exp min
    max sum prod int lim sup inf sin cos tan deg det dim arg times cdot div pm mp star ast circ
    bullet dagger infty ell partial nabla le ge leq geq ne neq ll gg lesssim gtrsim approx sim
    simeq equiv propto to rightarrow leftarrow leftrightarrow Rightarrow mapsto in notin subset
    subseteq cup cap setminus emptyset forall exists neg land lor oplus otimes mid parallel perp
    angle lfloor rfloor lceil rceil langle rangle dots ldots cdots prime alpha beta gamma delta
    epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho sigma
    varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi
    Psi Omega
"""
_LATEX = re.compile(
    r"(?P<math>\$(?=\S)(?:[^$\\]|\\[A-Za-z]+|\\[,;:! ])+(?<=\S)\$(?!\d))"
    r"""|(?P<other>\\[%&$#_]|\\['"`^~=.](?:\{\\?[A-Za-z]\}|[A-Za-z])|\\[cvuHkbdr]\{[A-Za-z]\}"""
    r"|\\(?:ss|ae|AE|oe|OE|aa|AA|[oOlLij])(?![A-Za-z])(?:\{\})?)"
)
_BRACES = re.compile(r"[{}]")
#: What would end a field, or the escape of what ends it.
_BREAKING = re.compile(r"[{}\\]")


def bibtex(references: Iterable[Reference]) -> Iterator[str]:
    """Yield each reference as an entry."""
    for one in references:
        yield write_string(Library([_entry(one)]))


def latex(text: str) -> str:
    """Return LaTeX, of balanced braces, that typesets `text`; what is LaTeX in it stays so."""
    parts, at = [], 0
    for match in _LATEX.finditer(text):
        if match["math"] and not _is_harmless(match["math"]):
            continue
        parts += [text[at : match.start()].translate(_ESCAPES), match[0]]
        at = match.end()
    return "".join([*parts, text[at:].translate(_ESCAPES)])


def _is_harmless(formula: str) -> bool:
    """Return whether a formula calls only what it may and closes the braces that it opens."""
    # Two carets in a row are another way to write any character, a backslash too.
    known = set(re.findall(r"\\([A-Za-z]+)", formula)) <= set(COMMANDS.split())
    return _is_balanced(formula) and known and "^^" not in formula and "%" not in formula


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in _BRACES.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _untouched(text: str) -> str:
    """Return `text` as it is wherever it neither ends its field nor is read in two ways."""
    # Programs do not agree on whether a brace after a backslash counts.
    is_safe = _is_balanced(text) and not re.search(r"\\[{}]|\\$", text)
    return text if is_safe else latex(text)


def _entry(one: Reference) -> Entry:
    kind = TYPES[one.sort]
    fields = {
        "title": f"{{{latex(one.title)}}}",
        "author": " and ".join(map(_name, one.names)),
        "year": f"{one.date[0]:04}" if one.date else "",
        "month": MONTHS[one.date[1] - 1] if len(one.date) > 1 else "",
        VENUES[kind]: latex(one.venue or ""),
        "eprint": one.arxiv or "",
        "archivePrefix": "arXiv" if one.arxiv else "",
        "primaryClass": latex(one.categories[0]) if one.arxiv and one.categories else "",
        "note": one.note or "",
        "keywords": latex(", ".join(one.categories)),
        # What follows is read letter by letter, not typeset: nothing in it is escaped.
        "doi": _BREAKING.sub(lambda match: f"%{ord(match[0]):02X}", one.doi or ""),
        "pmid": one.pmid or "",
        "url": one.url or "",
        "abstract": _untouched(one.abstract or ""),
    }
    # The name of a month is a macro of every style, and so in no braces.
    bare = {"month": "no-enclosing"}
    known = [Field(name, text, enclosing=bare.get(name)) for name, text in fields.items() if text]
    return Entry(kind, one.key, known)


def _name(name: Name) -> str:
    """Return "von Family, Suffix, Given", in which no word or comma is taken for another part."""
    if not name.given:
        return f"{{{latex(' '.join(filter(None, (name.particle, name.family))))}}}"
    family = " ".join(filter(None, (latex(name.particle), latex(name.family))))
    return ", ".join(filter(None, (family, latex(name.suffix), latex(name.given))))
