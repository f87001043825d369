"""BibTeX, that of the ACL Anthology among it: entries with an `abstract`.

An abstract is all that stands between its delimiters, LaTeX included. Titles, names and venues,
where braces and commands are the format's way to write a letter, are decoded.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate
from typing import Any

from store.readers.dates import date_of, first_date
from store.readers.fields import one_line, record_of
from store.readers.lines import LONGEST_RECORD, MARK
from store.readers.names import authors
from store.readers.record import Record, Skipped
from store.readers.source import Source

NAME = "BibTeX"
SUFFIXES = (".bib", ".bibtex")
#: What BibLaTeX calls PubMed's ids.
_PUBMED = ("pmid", "pubmed")

_ENTRY = re.compile(r"\s*@\s*[A-Za-z]+\s*[{(]")
_START = re.compile(r"(?:\s*%[^\n]*\n)*\s*@\s*[A-Za-z]+\s*[{(]")
#: A sign that begins a comment to LaTeX, though in a title it is a percentage.
_PERCENT = re.compile(r"(?<!\\)%")
#: What stands in addresses and DOIs for LaTeX's sake.
_FOR_LATEX = re.compile(r"\\url(?=\{)|[{}]|\\(?=[_%&#~$])")
#: How a month is written with its day, "8 mar" or mar # "~8", and alone.
_MONTH = re.compile(r"(?:(\d{1,2})\W+)?([A-Za-z]{3,}|\d{1,2})(?:\W+(\d{1,2}))?")
#: What stands for a tilde over a letter meanwhile.
_TILDE = "\ue07e"
#: First names and, behind them, what BibTeX has before them, as ACM's exports write it.
_DEGREE = re.compile(r",([^,]*),( ?(?:Ph\.? ?D|M\.? ?D|[JS]r|I{2,3}|IV)\.?)$")
#: What follows initials in "Lee, A.a b , Kim, B.c".
_AFFILIATIONS = re.compile(r"(?<=\.) ?[a-z](?: ?[a-z])* ?(?=,|$)")
#: Where exports, which have one field a line, begin one; and one on the line of another.
_FIELD = re.compile(r"""^[ \t]*([A-Za-z][\w:.()-]*)[ \t]*=[ \t]*(?=[{"\w])""", re.MULTILINE)
_BESIDE = re.compile(r"""[}"]\s*,\s*[\w-]+\s*=\s*[{"]""")
_VALUE = re.compile(r"""\{.*\}|".*"|\w+""", re.DOTALL)
#: Signs of LaTeX's kernel that the library leaves out, or takes for accents.
_SIGNS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciicircum": "^",
}
#: Commands for journals that astronomers' records have, as ADS gives them out.
_JOURNALS = {
    "aap": "A&A",
    "aj": "AJ",
    "apj": "ApJ",
    "apjl": "ApJL",
    "apjs": "ApJS",
    "araa": "ARA&A",
    "grl": "GeoRL",
    "icarus": "Icarus",
    "jcap": "JCAP",
    "jgr": "JGR",
    "mnras": "MNRAS",
    "nat": "Nature",
    "pasj": "PASJ",
    "pasp": "PASP",
    "prd": "PhRvD",
    "prl": "PhRvL",
    "psj": "PSJ",
    "solphys": "SoPh",
    "ssr": "SSRv",
}
#: A part of a name as BibLaTeX may have it, "family=Ray, given=Bo, prefix=van".
_NAMED = re.compile(r"\b(family|given|prefix|suffix) ?= ?([^,]+)")


def recognises(head: str) -> bool:
    """Return whether an entry comes first, after comments at most."""
    return _START.match(head) is not None


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; an entry that holds none is Skipped with its first line."""
    strings = _Values(source)
    for line, text in _entries(source):
        yield from _records(text, line, source, strings)


def _entries(source: Source) -> Iterator[tuple[int, str]]:
    """Yield (line number, text) of each entry, from one line that begins one to the next."""
    entry: list[str] = []
    begun, size = 1, 0
    for number, line in enumerate(source.lines(), 1):
        if _ENTRY.match(line.removeprefix(MARK)):
            line = line.removeprefix(MARK)
            if entry:
                yield begun, "".join(entry)
            entry, begun, size = [], number, 0
        # The library knows no line ends without a line feed.
        entry.append(f"{line[:-1]}\n" if line.endswith("\r") else line)
        size += len(line)
        if size > LONGEST_RECORD:
            raise source.too_long(begun)
    if entry:
        yield begun, "".join(entry)


class _Values(dict[str, str]):
    """What the fields of an entry or the abbreviations of a file say: one record's length at most.

    Abbreviations made of abbreviations soon say more than memory holds.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._left = LONGEST_RECORD

    def note(self, name: str, raw: str, strings: Mapping[str, str], line: int) -> None:
        """Keep what a value says: without delimiters, abbreviations and "#" resolved."""
        parts = [
            part[1:-1] if part[:1] in ('"', "{") else strings.get(part.casefold(), part)
            for part in _parts(raw.strip())
        ]
        self._left += len(self.get(name, "")) - sum(map(len, parts))
        if self._left < 0:
            raise self._source.too_long(line)
        self[name] = "".join(parts)


def _records(text: str, line: int, source: Source, strings: _Values) -> Iterator[Record]:
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String

    # It would print by itself what is reported below.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    blocks = parse_string(text, parse_stack=[]).blocks
    if len(blocks) != 1 or isinstance(blocks[0], ParsingFailedBlock):
        # A brace too many ends the entry too early, or never.
        fields = _by_lines(text)
        if len(fields) > sum(len(block.fields) for block in blocks if isinstance(block, Entry)):
            yield record_of(_fields, fields, source, line)
            return
    for block in blocks:
        number = line + (block.start_line or 0)
        if isinstance(block, DuplicateFieldKeyBlock) and block.ignore_error_block is not None:
            block = block.ignore_error_block
        if isinstance(block, String):
            strings.note(block.key.casefold(), block.value, strings, number)
        elif isinstance(block, Entry):
            values = _Values(source)
            for field in block.fields:
                # A comment between two fields is taken for part of the second one's name.
                key = field.key.rpartition("\n")[2].strip().casefold()
                if key not in values:
                    values.note(key, field.value, strings, number)
            yield record_of(_fields, values, source, number)
        elif isinstance(block, ParsingFailedBlock):
            reason = "an entry that is not closed, or not BibTeX"
            yield Skipped(source.where, number, reason)


def _by_lines(text: str) -> dict[str, str]:
    """Return the fields of an entry that has one a line, whatever braces they hold.

    Empty where they are not all closed at the end of a line, and the entry behind them.
    """
    body = text.rstrip()
    starts = [*_FIELD.finditer(body)]
    ends = (*(start.start() for start in starts[1:]), len(body) - 1)
    found: dict[str, str] = {}
    for start, end in zip(starts, ends, strict=False):
        raw = body[start.end() : end].strip().removesuffix(",").rstrip()
        if not body.endswith("}") or not _VALUE.fullmatch(raw) or _BESIDE.search(raw):
            return {}
        found.setdefault(start[1].casefold(), raw[1:-1] if raw[:1] in ('"', "{") else raw)
    return found


def _fields(entry: Mapping[str, str]) -> dict[str, object]:
    values = {name: _bare(value) for name, value in entry.items()}
    venues = ("journal", "journaltitle", "booktitle")
    people = entry.get("author") or entry.get("editor") or ""
    of, eprint = values.get("archiveprefix", values.get("eprinttype", "")), values.get("eprint")
    return {
        "title": _decoded(values.get("title")),
        "abstract": values.get("abstract"),
        "authors": _names(_bare(people) if _is_list(_bare(people)) else people),
        "published": first_date(values.get("date"), _date(values), values.get("year")),
        "venue": _decoded(next((values[name] for name in venues if values.get(name)), None)),
        "url": _address(values.get("url") or values.get("adsurl")),
        "categories": _decoded(values.get("author_keywords") or values.get("keywords")),
        "arxiv": values.get("arxiv")
        or values.get("arxivid")
        or (eprint if of.casefold() == "arxiv" else None),
        "doi": _address(values.get("doi")),
        "pmid": values.get("pmid") or (eprint if of.casefold() in _PUBMED else None),
        # Without a word of what it is, an eprint's own form says whether it is arXiv's.
        "id": eprint if not of else None,
        "note": values.get("note"),
    }


def _bare(value: str) -> str:
    """Return a value without braces around all of it, which some exports put there once more."""
    inside = value.strip()
    if not (inside.startswith("{") and inside.endswith("}")):
        return value
    depths = accumulate((sign == "{") - (sign == "}") for sign in inside[:-1])
    return inside[1:-1] if min(depths, default=0) > 0 else value


def _is_list(people: str) -> bool:
    """Return whether people in braces are "Last, First" each, and not a group with its name."""
    return all(name.count(",") == 1 for name in people.split(" and "))


def _date(values: Mapping[str, str]) -> str | None:
    match = _MONTH.match(values.get("month", ""))
    before, month, after = match.groups() if match else (None, None, None)
    return date_of(values.get("year"), month, before or after or values.get("day"))


def _address(value: str | None) -> str | None:
    return _FOR_LATEX.sub("", value).strip() if value else None


def _parts(raw: str) -> Iterator[str]:
    """Yield what stands between the "#"s that are outside of braces and quotes."""
    depth = start = 0
    quoted = False
    for place, sign in enumerate(raw):
        depth += (sign == "{") - (sign == "}")
        quoted ^= sign == '"' and depth == 0
        if sign == "#" and depth == 0 and not quoted:
            yield raw[start:place].strip()
            start = place + 1
    yield raw[start:].strip()


def _names(text: str) -> list[str]:
    """Return the names in an author field as "First von Last Jr"."""
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    found: list[str] = []
    # The library takes each tilde for a blank.
    text = (one_line(text) or "").replace("\\~", f"\\{_TILDE}")
    for name in split_multiple_persons_names(text):
        if named := dict(_NAMED.findall(name)):
            parts_in_order = map(named.get, ("given", "prefix", "family", "suffix"))
            found.append(" ".join(filter(None, parts_in_order)))
            continue
        try:
            parts = parse_single_name_into_parts(_DEGREE.sub(r",\2,\1", name))
        except InvalidNameError:
            # Older exports of Scopus have no "and", and letters for the affiliations.
            found.extend(authors(_AFFILIATIONS.sub("", name)))
        else:
            found.append(" ".join((*parts.first, *parts.von, *parts.last, *parts.jr)))
    decoded = (_decoded(name.replace(_TILDE, "~")) for name in found)
    return [name for name in decoded if name and name != "others"]


def _decoded(text: str | None) -> str | None:
    """Return LaTeX as plain text on one line, formulas as they are."""
    if not text or not set(text) & set("\\{}$~"):
        return one_line(text)
    return one_line(str(_decoder().latex_to_text(_PERCENT.sub(r"\\%", text))))


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import (
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    known = get_default_latex_context_db()
    signs = [MacroTextSpec(name, sign) for name, sign in {**_SIGNS, **_JOURNALS}.items()]
    known.add_context_category("signs", prepend=True, macros=signs)
    return LatexNodes2Text(known, math_mode="verbatim", keep_comments=True)
