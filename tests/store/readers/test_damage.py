"""Bad input: whatever bytes come, records, reports or one ReadError, in bounded memory."""

import csv
import gzip
import io
import json
import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from store.errors import ReadError
from store.papers import Paper
from store.readers import Record, Skipped, read_papers
from store.readers.keys import KEYS
from store.readers.lines import LONGEST_RECORD

Read = Callable[..., list[Record]]
SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
# Shrinking a failure may take minutes.
UNSHRUNK = [phase for phase in Phase if phase is not Phase.shrink]
#: Bytes that mean something to one format or another.
PIECES = [b"", b"\0", b"\xff", b'"', b"{", b"}", b"<", b">", b"]]>", b"&", b"\n", b"\r", b"\\"]
PIECES += [b"@", b"TY  - ", b"ER  - ", b"PMID- ", b",", b"\t", b"1" * 400, b"[" * 400, b"\x1b[2J"]
PIECES += ["\u202e".encode(), b"\xef\xbb\xbf", b"\xed\xa0\x80", b"1e999", b"null", b"NaN"]


class Endless(io.RawIOBase):
    """A beginning, then a piece over and over, `size` bytes together, made as they are read."""

    def __init__(self, begin: bytes, piece: bytes, size: int) -> None:
        self._begin = begin
        self._piece = piece
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._left) if size >= 0 else self._left
        piece, self._begin = self._begin[:size], self._begin[size:]
        while len(piece) < size:
            piece += self._piece[: size - len(piece)]
        self._left -= size
        return piece


class Chained(io.RawIOBase):
    """Streams one after the other."""

    def __init__(self, *streams: Endless) -> None:
        self._streams = streams

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = next((piece for one in self._streams if (piece := one.read(len(buffer)))), b"")
        buffer[: len(piece)] = piece
        return len(piece)


def outcome(content: bytes, name: str) -> list[Record | ReadError]:
    """Read all that there is; any error but a ReadError fails the test."""
    found: list[Record | ReadError] = []
    records = read_papers(io.BytesIO(content), name=name)
    try:
        found.extend(records)
    except ReadError as error:
        found.append(error)
    for record in found:
        if not isinstance(record, Paper):
            assert str(record).startswith(name)
            assert "\n" not in str(record)
            assert len(str(record)) < 1000
        else:
            record.model_dump_json().encode()
    return found


@settings(max_examples=200, phases=UNSHRUNK)
@given(st.binary(max_size=300), st.sampled_from(["papers", "a.bib", "a.ris", "a.csv", "a.nbib"]))
def test_any_bytes(content: bytes, name: str) -> None:
    outcome(content, name)


@pytest.mark.parametrize("file", SAMPLES, ids=[file.name for file in SAMPLES])
@settings(max_examples=100, phases=UNSHRUNK)
@given(data=st.data())
def test_a_sample_cut_off_or_with_other_bytes_in_it(file: Path, data: st.DataObject) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 8))
        content[place : place + gone] = data.draw(st.sampled_from(PIECES))
    end = data.draw(st.sampled_from([len(content), data.draw(st.integers(0, len(content)))]))
    outcome(bytes(content[:end]), file.name)


@settings(max_examples=100, phases=UNSHRUNK)
@given(st.sampled_from(SAMPLES), st.integers(0, 400), st.binary(max_size=6))
def test_a_packed_sample_with_other_bytes_in_it(file: Path, place: int, bytes_: bytes) -> None:
    content = bytearray(gzip.compress(file.read_bytes()))
    content[place : place + len(bytes_)] = bytes_
    outcome(bytes(content), file.name + ".gz")


def nested(begin: str, end: str, depth: int) -> Any:
    return json.loads(begin * depth + "1" + end * depth)


#: The names that records are read by, those inside of objects, and those that hold a record.
NAMES = sorted(
    {name.partition(".")[0] for names in KEYS.values() for name in names}
    | {"versions", "authors_parsed", "abstract_inverted_index", "metadata", "paper", "data"}
)
INNER = ["name", "author", "given", "family", "raw", "literal", "date-parts", "title", "version"]
BIBTEX = ["title", "author", "journal", "month", "year", "date", "url", "doi", "eprint", "keywords"]
#: Values that have ended a reading, or might.
TRAPS: list[Any] = [10**400, -(10**400), 1e308, "[{[1]}]", "[{[]: 1}]", r"['a\i']", "²²/03/2024"]
TRAPS += [[[10**400]], {"date-parts": [[10**400]]}, "\ud800", "[" * 900, nested("[", "]", 900)]
TRAPS += [nested(f'{{"{name}":', "}", 900) for name in ("raw", "author", "name")]
TRAPS += [f"{sign * 2000}a{'}' * 2000}" for sign in ("{", "\\textbf{", "\\frac{", "$\\frac{")]
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ODD = st.recursive(
    PLAIN | st.sampled_from(TRAPS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner),
    max_leaves=6,
)


def require_those_beside(value: object) -> None:
    """Read records with this value in each field, and require that the last one is whole."""
    good = {"title": "Last", "abstract": "It works."}
    written = value if isinstance(value, str) else json.dumps(value)
    written = written.encode("utf-8", "replace").decode().replace("\0", "")
    lines = [json.dumps(good | {name: value}) for name in NAMES]
    table = io.StringIO()
    writer = csv.DictWriter(table, NAMES)
    writer.writeheader()
    writer.writerows([*(good | {name: written} for name in NAMES), good])
    entry = "@misc{{a,\n title = {{Last}},\n abstract = {{It works.}}{}\n}}\n"
    entries = [entry.format(f",\n {name} = {{{written}}}") for name in BIBTEX[1:]]
    entries.append(entry.replace("Last", "{}").format(written, ""))
    for text in ("\n".join([*lines, json.dumps(good)]), table.getvalue()):
        last = outcome(text.encode(), "papers")[-1]
        assert isinstance(last, Paper)
        assert last.title == "Last"
    outcome("".join(entries).encode(), "papers")


@settings(max_examples=20, phases=UNSHRUNK, deadline=None)
@given(ODD)
def test_an_odd_value_in_any_field_leaves_the_records_beside_it(value: object) -> None:
    require_those_beside(value)


def test_values_that_have_ended_a_reading_end_none(read: Read) -> None:
    for value in TRAPS:
        require_those_beside(value)
    deep, paper = read(
        f"@misc{{a,\n title = {{{'{' * 2000}A{'}' * 2000}}},\n abstract = {{It works.}}}}\n"
        "@misc{b,\n title = {B},\n abstract = {It works.}}\n"
    )
    assert str(deep) == "papers:1: cannot be read: a value lies too deep in others"
    assert isinstance(paper, Paper)


LINE = b"word " * 200 + b"\n"
#: What a record of a hundred megabytes begins with in each format, and the piece it goes on with.
HUGE = {
    "json array": (b'[{"title": "A", "abstract": "', b"word "),
    "json keys": (b'{"results": [{"a": [', b'{"b": 1}, '),
    "nested json": (b"", b"["),
    "xml text": (b"<PubmedArticleSet><PubmedArticle><Other>", b"word "),
    "xml elements": (b"<PubmedArticleSet><PubmedArticle>", b"<a>b</a>"),
    "nested xml": (b"<PubmedArticleSet>", b"<a>"),
    "nested bibtex": (b"@article{a, title={A}, abstract={", b"{"),
    "bibtex": (b"@article{a, title={A}, abstract={", LINE),
    "ris": (b"TY  - JOUR\nAB  - a", LINE),
    "nbib": (b"PMID- 1\nAB  - a", b"      " + LINE),
    "csv": (b'title,abstract\nA,"', b"word,"),
    "listing": (b"Subscribe\nA title\n", b"word "),
    "plain": (b"A title\n\n" + b"It works. " * 20, b"word "),
}


@pytest.mark.parametrize("form", HUGE)
def test_a_record_of_a_hundred_megabytes_is_refused_in_bounded_memory(form: str) -> None:
    begin, piece = HUGE[form]
    stream = Endless(begin, piece * (2**16 // len(piece)), 100 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(ReadError) as caught:
            for record in read_papers(stream, name="papers"):  # type: ignore[arg-type]
                assert isinstance(record, Skipped)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert peak < 16 * LONGEST_RECORD


def test_wrong_lines_of_json_are_passed_over_in_bounded_memory() -> None:
    good = b'{"title": "A", "abstract": "It works."}\n'
    begin = good + b'{"title": "\xe9"}\n' + good + b'{"title": "' + b"word " * 2**19
    long = Endless(begin, b"word " * 2**16, 100 * 2**20)
    last = Endless(b"\n" + good, b" ", 2 + len(good))
    stream = io.BufferedReader(Chained(long, last))
    tracemalloc.start()
    try:
        records = list(read_papers(stream, name="papers"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [type(record) for record in records] == [Paper, Skipped, Paper, Skipped, Paper]
    assert str(records[1]) == (
        "papers:2: not UTF-8 text (byte 0xe9); "
        "save the file as UTF-8, or name its encoding with assistant add --encoding"
    )
    assert str(records[3]).startswith("papers:4: a record of more than 4 MB is no abstract")
    assert peak < 8 * LONGEST_RECORD


def test_entities_that_grow_are_refused(read: Read) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for inside in (laughs, '<!ENTITY secret SYSTEM "file:///etc/passwd">'):
        text = (
            f'<!DOCTYPE PubmedArticleSet [<!ENTITY l0 "ha">{inside}]>\n'
            "<PubmedArticleSet><PubmedArticle>&l9;&secret;</PubmedArticle></PubmedArticleSet>"
        )
        with pytest.raises(
            ReadError, match=r"papers:\d: (declares XML entities of its own|not XML)"
        ):
            read(text)


def test_abbreviations_that_grow_are_refused(read: Read) -> None:
    begin = '@string{s0 = "0123456789abcdef"}\n'
    doubled = [f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 30)]
    # Up to s17 they are 16 * (2**18 - 1) characters, as many as a record may have; s18 is too many.
    with pytest.raises(ReadError, match=r"papers:19: a record of more than 4 MB"):
        read("".join((begin, *doubled)))
    many = "".join(f"f{n} = s10 # s10,\n" for n in range(200))
    with pytest.raises(ReadError, match=r"papers:12: a record of more than 4 MB"):
        read("".join((begin, *doubled[:10], "@article{a,\n", many, "title = {A}}")))
    again = "".join((begin, *doubled[:15])) * 9
    (paper,) = read(again + "@article{a, title = s0, abstract = {It works.}}")
    assert isinstance(paper, Paper)
    assert paper.title == "0123456789abcdef"


def test_an_entity_that_nothing_declares_is_the_reason(read: Read) -> None:
    item = "<item><title>{}</title><description>It works.</description></item>"
    items = item.format("A &foo; B") + item.format("C &amp; D")
    skipped, paper = read(f'<!DOCTYPE rss SYSTEM "x">\n<rss>{items}</rss>')
    assert str(skipped) == "papers:2: holds &foo;, which the document declares nowhere"
    assert isinstance(paper, Paper)
    assert paper.title == "C & D"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "shift_jis", "utf-16-le"])
def test_another_encoding_is_named_with_its_line_or_given(encoding: str) -> None:
    word = "Größe" if "jis" not in encoding else "岩石"
    text = f"TY  - JOUR\nTI  - {word}\nAB  - It works.\nER  - \n"
    raw = text.encode(encoding)
    if encoding != "utf-16-le":
        with pytest.raises(
            ReadError, match=r"papers:2: not UTF-8 text \(byte 0x.*save the file as"
        ):
            list(read_papers(io.BytesIO(raw), name="papers"))
    (paper,) = read_papers(io.BytesIO(raw), name="papers", encoding=encoding)
    assert isinstance(paper, Paper)
    assert paper.title == word
    with pytest.raises(ReadError, match=r"papers:3: not ASCII text \(byte 0xc3\)"):
        list(read_papers(io.BytesIO(b"TY  - \n\n\xc3\xa4"), name="papers", encoding="ascii"))


def test_control_and_bidi_characters_stay_in_the_text(read: Read) -> None:
    abstract = "A \x1b[31mred\x07 \u202eright\u202c \u2066mark\u2069. \x00 It works."
    written = read(Paper(id="title:x", title="A", abstract=abstract).model_dump_json())
    assert [record.abstract for record in written if isinstance(record, Paper)] == [abstract]


@settings(max_examples=20, phases=UNSHRUNK)
@given(st.integers(0, 2**32))
def test_many_records_with_some_damaged_keep_the_others(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    good = '{"title": "Paper %d", "abstract": "It works."}'
    lines: list[str] = []
    damaged = 0
    for number in range(30):
        line = good % number
        if rng.random() < 0.2:
            line, damaged = line[: rng.randrange(1, len(line) - 1)], damaged + 1
        lines.append(line)
    lines[0] = good % 0 if not lines[0].endswith("}") else lines[0]
    found = outcome("\n".join(lines).encode(), "papers")
    assert len(found) == 30
    assert sum(isinstance(record, Skipped) for record in found) in {damaged, damaged - 1}


def spaced(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield b'{"title": "Paper %d", "abstract": "It works."},\n' % number


def test_a_long_array_is_read_in_bounded_memory() -> None:
    raw = b"[" + b"".join(spaced(3_000)) + b"{}]"
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_papers(io.BytesIO(raw), name="papers"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 3_001
    assert peak < 2**21
