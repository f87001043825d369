"""Retrieval measured on a BEIR folder: the papers, the queries, and which are relevant."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.retrieval.ranking import MODES, Mode, rank
from store.corpus import Corpus
from store.errors import MissingExtra, ReadError
from store.papers import Paper
from store.readers import Record, Skipped
from store.readers.lines import text_lines

#: Papers ranked for a query.
DEPTH = 100
#: In front of a collection's own document ids, which name nothing outside it.
PREFIX = "beir:"
#: Characters of the text that stand in for a missing title.
TITLE_CHARACTERS = 80

Run = dict[str, dict[str, float]]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Collection:
    """A test collection: queries by id, and the grade of each judged paper by query id."""

    folder: Path
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]

    def records(self) -> Iterator[Record]:
        """Yield the documents as papers; one that cannot be kept as a paper is Skipped."""
        path = self.folder / "corpus.jsonl"
        for number, document in _json_lines(path):
            text, title = str(document.get("text") or ""), str(document.get("title") or "")
            if not text.strip():
                yield Skipped(path, number, "no text")
                continue
            try:
                yield Paper(
                    id=f"{PREFIX}{document['_id']}",
                    title=title if title.strip() else text.strip()[:TITLE_CHARACTERS],
                    abstract=text,
                )
            except ValidationError as error:
                first = error.errors()[0]
                reason = first["msg"].removeprefix("Value error, ")
                yield Skipped(path, number, f"{first['loc'][0]}: {reason}")


def read_collection(folder: Path, *, split: str = "test") -> Collection:
    """Read a BEIR folder: `corpus.jsonl`, `queries.jsonl` and the judgements of `split`.

    Judgements are `qrels/{split}.tsv`, `qrels.{split}.tsv` or, for the test split, `qrels.tsv`;
    a `queries.{split}.jsonl` goes before `queries.jsonl`. Raises ReadError where one is missing.
    """
    plain = ["qrels.tsv"] if split == "test" else []
    judged = _existing(folder, [f"qrels/{split}.tsv", f"qrels.{split}.tsv", *plain])
    asked = _existing(folder, [f"queries.{split}.jsonl", "queries.jsonl"])
    _existing(folder, ["corpus.jsonl"])
    qrels = _qrels(judged)
    queries = {
        str(query["_id"]): _text(query, asked, number)
        for number, query in _json_lines(asked)
        if str(query["_id"]) in qrels
    }
    if not queries:
        raise ReadError(
            judged, None, f"judges none of the queries of {asked.name}; check the split"
        )
    return Collection(folder, queries, {key: qrels[key] for key in queries})


def measure(
    corpus: Corpus, collection: Collection, *, progress: Progress | None = None
) -> dict[Mode, dict[str, float]]:
    """Return the measures of each way of searching, as ir-measures names and computes them."""
    try:
        import ir_measures
    except ModuleNotFoundError as error:
        raise MissingExtra("eval", "ir_measures") from error
    runs: dict[Mode, Run] = {mode: {} for mode in MODES}
    for query_id, text in collection.queries.items():
        for mode in MODES:
            ranking = rank(corpus, text, k=DEPTH, mode=mode)
            # By place, not by score: of equal scores some measures take the first id first, others
            # the last one, and neither asks which of them was shown first.
            runs[mode][query_id] = {
                key.removeprefix(PREFIX): float(DEPTH - place)
                for place, (key, _) in enumerate(ranking)
            }
        if progress:
            progress(1)
    names = [ir_measures.parse_measure(name) for name in ("nDCG@10", "R@10", "R@100", "RR@10")]
    qrels = {key: dict(grades) for key, grades in collection.qrels.items()}
    return {
        mode: {str(name): float(value) for name, value in _sorted(ir_measures, names, qrels, run)}
        for mode, run in runs.items()
    }


def _sorted(
    ir_measures: Any, names: list[Any], qrels: dict[str, dict[str, int]], run: Run
) -> list[tuple[Any, float]]:
    values = ir_measures.calc_aggregate(names, qrels, run)
    return [(name, values[name]) for name in names]


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for number, line in _lines(path):
        row = line.rstrip("\r\n").split("\t")
        try:
            query, document, grade = row
            qrels[query][document] = int(grade)
        except ValueError as error:
            if number > 1:  # the first line is the header
                reason = f"expected query, document and grade, tab-separated, found {row!r}"
                raise ReadError(path, number, reason) from error
    return qrels


def _existing(folder: Path, names: list[str]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise ReadError(folder, None, f"holds no {' or '.join(names)}; give a BEIR folder")


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ReadError(path, number, f"not JSON: {error}") from error
        if not isinstance(record, dict) or "_id" not in record:
            raise ReadError(path, number, "not a BEIR record: expected an object with an _id")
        yield number, record


def _text(query: dict[str, Any], path: Path, number: int) -> str:
    text = query.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ReadError(path, number, f"query {query['_id']} has no text")
    return text


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, each with its number."""
    with path.open("rb") as stream:
        for number, line in enumerate(text_lines(stream, path), 1):
            if line.strip():
                yield number, line
