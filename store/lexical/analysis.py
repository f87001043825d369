"""Analysis: a text taken apart into what the lexical index holds, papers and questions alike."""

import re
from collections.abc import Collection
from functools import cache, lru_cache

import tantivy

from store.lexical.spelling import WORDS, one_spelling

#: Characters of the longest token that is indexed.
LONGEST_TOKEN = 80
#: Words that say nothing of what a text is about, those that questions are made of included.
FUNCTION_WORDS = """
    a about all also am an and any are as at be been being both but by can could did do does done
    each either else for from get give gives had has have having he hello her here hers hey hi him
    his how i if in into is it its just may me might mine more most must my no nor not of ok okay on
    one or other our ours out over own please shall she should so some such tell than thank thanks
    that the their theirs them then there these they this those to too us use used uses using very
    was we were what when where whether which while who whom whose why will with would yet you your
    yours
"""
#: Words of the longest name that a title gives its subject.
LONGEST_NAME = 6
#: Exact words of which it is remembered what names they hold.
KEPT = 1 << 16

_HYPHENS = "-\u2010\u2011"
#: A raised or lowered part of a name, as LaTeX and people type it: "Co$^2$", "Co^{2}", "Co^2".
_SCRIPT = re.compile(r"(?<=[^\W\d_])\$?[\^_]\{?([^\W_]+)\}?\$?")
#: Plurals of acronyms, which the stemmer leaves: "LLMs", "GPUs", and in lower case "llms", "gpus".
_ACRONYMS = re.compile(r"\b([A-Z][A-Za-z0-9]*[A-Z0-9]|[b-df-hj-np-tv-xz]{3,}|[cgt]pu)s\b")
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(rf"[^\W_]+(?:[{_HYPHENS}][^\W_]+)*")
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_EXACT = re.compile(r"[^\W_]+(?:[-.+][^\W_]+)*")
#: A part of a word with no capital but its first, and no digit: not what a name is known by.
_PLAIN = re.compile(r"[^\W\d_]?[^\W\dA-Z_]+")
#: What joins the parts of an exact word.
_MARK = re.compile(r"[-.+]")
_BESIDE_DIGITS = re.compile(r"(?<=\d)-(?=[^\W\d_])|(?<=[^\W\d_])-(?=\d)")
_NAME_PART = re.compile(r"-|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
#: "Name: what it is", the common form of a title that names something.
_NAMED_TITLE = re.compile(r"([^:?]{2,60}):\s")


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Return what folds and stems a text whose spelling is already one; texts are given its terms.

    Name one that is changed anew in the index.
    """
    keep = tantivy.Filter
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(keep.remove_long(LONGEST_TOKEN))
        .filter(keep.lowercase())
        .filter(keep.ascii_fold())
        .filter(keep.custom_stopword(FUNCTION_WORDS.split()))
        .filter(keep.stemmer("english"))
        .build()
    )


def terms(text: str) -> list[str]:
    """Return the index terms of `text` in order: one spelling, folded, stemmed, no stop words."""
    return analyzer().analyze(" ".join(map(one_spelling, words(_bare(text).lower()))))


def words(text: str) -> list[str]:
    """Return the words of `text` as written, in order, split as the index splits them."""
    return _WORD.findall(text)


def indexed_terms(text: str) -> str:
    """Return the index terms of a paper, with blanks between: each compound in every form.

    "pre-training" is found by "pretraining", and "GPT4" by "GPT-4", either way round.
    """
    return " ".join(map(_indexed, _compounds(text)))


def sought(text: str) -> list[list[list[str]]]:
    """Return what to look for in the index: for each compound its forms, each a list of terms.

    One compound is sought once, and so is one form of it.
    """
    analyze = analyzer().analyze
    every: dict[tuple[tuple[str, ...], ...], None] = {}
    for compound in _compounds(text):
        forms = {tuple(analyze(form)): None for form in _forms(compound)}
        if kept := tuple(form for form in forms if form):
            every[kept] = None
    return [[list(form) for form in forms] for forms in every]


def exact_words(text: str) -> list[str]:
    """Return the words of `text` letter for letter, in order; hyphens and inner dots hold."""
    return [word for word in _EXACT.findall(_bare(text)) if len(word) <= LONGEST_TOKEN]


def names(text: str) -> list[str]:
    """Return the exact words that look like names: "GPT-4", "MAGNeT", "v4", and not "Octopus"."""
    found = (word for word in exact_words(text) if _looks_like_a_name(word))
    return list(dict.fromkeys(found))


def name_parts(name: str) -> list[str]:
    """Return the parts of a name that are written in one or apart, as in "GPT-4" and "GPT 4"."""
    return [part for part in _NAME_PART.split(name) if part]


def forms_of_name(name: str) -> frozenset[str]:
    """Return the forms that a name is sought in: "GPT-4" as "GPT4", "EMS-SD" as "EMSSD" too."""
    return frozenset({name, _unhyphened(name), name.replace("-", "")})


@lru_cache(KEPT)
def names_within(word: str) -> frozenset[str]:
    """Return the forms of all names that an exact word speaks of: itself, and parts at its marks.

    "GPT" stands in "GPT-4", and not in "GPTQ"; "GPT-3" does not stand in "GPT-3.5".
    """
    starts = [0, *(mark.end() for mark in _MARK.finditer(word))]
    ends = [
        *(mark.start() for mark in _MARK.finditer(word) if not _in_number(word, mark)),
        len(word),
    ]
    parts = {word[start:end] for start in starts for end in ends if start < end}
    return frozenset(form for part in parts for form in (part, _unhyphened(part)))


def holds_name(name: str, written: Collection[str]) -> bool:
    """Return whether the exact words `written` hold the name, in one or in its parts."""
    forms = forms_of_name(name)
    held = any(not forms.isdisjoint(names_within(word)) for word in written)
    return held or frozenset(written) >= {*name_parts(name)}


def printed_name(title: str) -> str | None:
    """Return the name that a title gives its subject ("BASS: Batched ..." -> "BASS"), if any."""
    match = _NAMED_TITLE.match(title)
    return match[1].strip() if match else None


def title_name(title: str) -> str | None:
    """Return the name that a title gives its subject, in exact words, if it is a short one."""
    found = exact_words(printed_name(title) or "")
    return " ".join(found) if 0 < len(found) <= LONGEST_NAME else None


def possible_names(text: str) -> list[str]:
    """Return each run of exact words in `text` that could be a title's name, longest first."""
    found = exact_words(text)
    return [
        " ".join(found[start : start + length])
        for length in range(LONGEST_NAME, 0, -1)
        for start in range(len(found) - length + 1)
    ]


def _bare(text: str) -> str:
    """Return `text` without what only typesets a name or puts it in the plural."""
    if "^" in text or "_" in text:
        text = _SCRIPT.sub(r"\1", text)
    return _ACRONYMS.sub(r"\1", text)


def _compounds(text: str) -> list[str]:
    return _COMPOUND.findall(_bare(text).lower())


def _looks_like_a_name(word: str) -> bool:
    parts = re.split(r"[-.+]", word)
    return len(word) > 1 and any(
        not _PLAIN.fullmatch(part) and not part.isdecimal() for part in parts
    )


@lru_cache(maxsize=WORDS)
def _forms(compound: str) -> tuple[str, ...]:
    """Return a compound as its parts, in one word, and with letters and digits apart."""
    if compound.isalpha():
        return (one_spelling(compound),)
    parts = [one_spelling(part) for part in _HYPHEN.split(compound)]
    if all(part.isdecimal() for part in parts):
        return (" ".join(parts),)
    fine = [run for part in parts for run in _RUN.findall(part)]
    return tuple(dict.fromkeys((" ".join(parts), "".join(parts), " ".join(fine))))


@lru_cache(maxsize=WORDS)
def _indexed(compound: str) -> str:
    return " ".join(analyzer().analyze(" ".join(_forms(compound))))


def _unhyphened(name: str) -> str:
    """Return a name without the hyphens between letters and digits: "GPT-4" is "GPT4"."""
    return _BESIDE_DIGITS.sub("", name)


def _in_number(word: str, mark: re.Match[str]) -> bool:
    """Return whether a mark is the point of a number, as in "3.5"."""
    return mark[0] == "." and word[mark.end() : mark.end() + 1].isdigit()
