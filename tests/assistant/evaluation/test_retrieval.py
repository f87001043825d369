"""Retrieval measured: a small BEIR folder read, refused where it is wrong, measured by hand."""

import json
import math
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.evaluation.retrieval import Collection, measure, read_collection
from assistant.retrieval.ranking import MODES
from store.corpus import Corpus
from store.errors import ReadError
from store.papers import Paper
from store.readers import Skipped

Run = Callable[..., subprocess.CompletedProcess[str]]

DOCUMENTS = {
    "1": ("Tides", "The moon raises the tides of the sea."),
    "2": ("Bread", "Yeast makes the dough of bread rise."),
    "3": ("Clocks", "A pendulum keeps the time of a clock."),
    "4": ("Tides again", "The moon raises the tides. The sun raises smaller ones."),
}
QUERIES = {"a": "moon tides", "b": "bread yeast", "c": "unjudged"}
HEADER = "query-id\tcorpus-id\tscore\n"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def lines(records: list[dict[str, object]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """A folder of four documents and three queries, two of them judged."""
    folder = tmp_path / "beir"
    documents = [{"_id": key, "title": t, "text": x} for key, (t, x) in DOCUMENTS.items()]
    write(folder, "corpus.jsonl", lines([dict(document) for document in documents]))
    write(folder, "queries.jsonl", lines([{"_id": k, "text": t} for k, t in QUERIES.items()]))
    write(folder, "qrels/test.tsv", f"{HEADER}a\t1\t1\na\t4\t2\nb\t2\t1\n")
    return folder


def test_a_folder_is_read_with_the_judged_queries_alone(beir: Path) -> None:
    collection = read_collection(beir)
    assert collection.queries == {"a": "moon tides", "b": "bread yeast"}
    assert collection.qrels == {"a": {"1": 1, "4": 2}, "b": {"2": 1}}
    assert list(collection.records())[1] == Paper(
        id="beir:2", title="Bread", abstract="Yeast makes the dough of bread rise."
    )


@pytest.mark.parametrize("name", ["qrels/train.tsv", "qrels.train.tsv"])
def test_another_split_has_its_own_judgements_and_queries(beir: Path, name: str) -> None:
    write(beir, name, "c\t3\t1\n")
    write(beir, "queries.train.jsonl", '\ufeff{"_id": "c", "text": "keeping time"}\n\n')
    collection = read_collection(beir, split="train")
    assert collection.queries == {"c": "keeping time"}
    assert collection.qrels == {"c": {"3": 1}}


def test_a_plain_qrels_file_judges_the_test_split_only(beir: Path) -> None:
    (beir / "qrels/test.tsv").rename(beir / "qrels.tsv")
    assert set(read_collection(beir).qrels) == {"a", "b"}
    with pytest.raises(ReadError, match=r"holds no qrels/dev\.tsv or qrels\.dev\.tsv; give a BEIR"):
        read_collection(beir, split="dev")


def test_numbers_as_ids_and_blank_lines_are_taken(beir: Path) -> None:
    write(beir, "queries.jsonl", '{"_id": 7, "text": "time"}\r\n\n')
    write(beir, "qrels/test.tsv", "7\t3\t1\r\n\n")
    collection = read_collection(beir)
    assert collection.queries == {"7": "time"}
    assert collection.qrels == {"7": {"3": 1}}


def test_a_document_that_is_no_paper_is_skipped_with_its_line(beir: Path) -> None:
    path = write(
        beir,
        "corpus.jsonl",
        '{"_id": "1", "title": "Empty", "text": " "}\n'
        '{"_id": "2", "title": null, "text": null}\n'
        '{"_id": "3", "title": "Half", "text": "a \\ud800 b"}\n'
        f'{{"_id": "4", "title": null, "text": "{" " * 90}No title."}}\n'
        '{"_id": "5", "text": "Neither has this."}\n',
    )
    *skipped, fourth, fifth = read_collection(beir).records()
    assert skipped == [
        Skipped(path, 1, "no text"),
        Skipped(path, 2, "no text"),
        Skipped(path, 3, "abstract: holds '\\ud800', half a character"),
    ]
    assert fourth == Paper(id="beir:4", title="No title.", abstract=" " * 90 + "No title.")
    assert fifth == Paper(id="beir:5", title="Neither has this.", abstract="Neither has this.")


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(beir: Path, missing: str) -> None:
    (beir / missing).unlink()
    with pytest.raises(ReadError, match=rf"beir: holds no .*{missing}.*; give a BEIR folder"):
        read_collection(beir)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("queries.jsonl", '{"_id": "a", "text": "x"}\n{oops\n', r"queries\.jsonl:2: not JSON"),
        ("queries.jsonl", '["_id"]\n', r"queries\.jsonl:1: not a BEIR record"),
        ("queries.jsonl", '"_id"\n', r"queries\.jsonl:1: not a BEIR record"),
        ("queries.jsonl", '{"id": "a"}\n', r"queries\.jsonl:1: .*an object with an _id"),
        ("queries.jsonl", '{"_id": "a"}\n', r"queries\.jsonl:1: query a has no text"),
        ("queries.jsonl", '{"_id": "a", "text": " "}\n', r"jsonl:1: query a has no text"),
        ("queries.jsonl", b'\n{"_id": "\xff"}\n', r"queries\.jsonl:2: not UTF-8 text \(byte 0xff"),
        ("queries.jsonl", "[" * 100_000, r"queries\.jsonl:1: not JSON"),
        ("qrels/test.tsv", HEADER + "a\t1\n", r"test\.tsv:2: expected .* found \['a', '1'\]"),
        ("qrels/test.tsv", "a\t1\t1\na\t4\thigh\n", r"test\.tsv:2: expected query, document"),
        ("qrels/test.tsv", b"a\t1\t1\na\t\xff\t1\n", r"test\.tsv:2: not UTF-8 text"),
        ("qrels/test.tsv", HEADER + "z\t1\t1\n", r"judges none of the queries of queries\.jsonl"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    beir: Path, name: str, text: str | bytes, reason: str
) -> None:
    write(beir, name, text)
    with pytest.raises(ReadError, match=reason):
        read_collection(beir)


def filled(corpus: Corpus, folder: Path) -> Collection:
    collection = read_collection(folder)
    corpus.add(collection.records())
    return collection


def test_the_measures_of_a_ranking_known_by_its_words(empty: Corpus, beir: Path) -> None:
    # By words alone, "clock" finds document 3 and nothing else; what is relevant is 3 and 1.
    write(beir, "queries.jsonl", '{"_id": "q", "text": "clock"}\n{"_id": "r", "text": "zebra"}\n')
    write(beir, "qrels/test.tsv", "q\t3\t1\nq\t1\t1\nr\t2\t1\n")
    counted: list[int] = []
    results = measure(empty, filled(empty, beir), progress=counted.append)
    # Query r finds nothing by words: 0 of everything. Query q has its first of two in place 1:
    # nDCG = 1 / (1 + 1 / log2 3), recall 1/2, reciprocal rank 1. The figures are the halves.
    assert results["lexical"] == pytest.approx(
        {"nDCG@10": 0.5 / (1 + 1 / math.log2(3)), "R@10": 0.25, "R@100": 0.25, "RR@10": 0.5}
    )
    assert list(results) == list(MODES)
    assert [list(values) for values in results.values()] == [list(results["lexical"])] * 3
    # With the nearest vectors all four documents are found.
    assert results["dense"]["R@10"] == results["hybrid"]["R@10"] == 1
    assert counted == [1, 1]


@pytest.mark.parametrize(("relevant", "gain"), [("1", 1.0), ("2", 1 / math.log2(3))])
def test_equals_are_measured_in_the_order_they_are_shown(
    empty: Corpus, beir: Path, relevant: str, gain: float
) -> None:
    same = {"title": "Tides", "text": "The moon raises the tides of the sea."}
    write(beir, "corpus.jsonl", lines([{"_id": "2", **same}, {"_id": "1", **same}]))
    write(beir, "queries.jsonl", '{"_id": "q", "text": "moon"}\n')
    write(beir, "qrels/test.tsv", f"q\t{relevant}\t1\n")
    place = int(relevant)
    for values in measure(empty, filled(empty, beir)).values():
        assert values["RR@10"] == 1 / place
        assert values["nDCG@10"] == pytest.approx(gain)


def test_the_command_measures_a_folder(beir: Path, command: Run) -> None:
    done = command("eval", "retrieval", beir, "--json")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    # Query a finds both its documents and b its one, each before anything else.
    assert results["hybrid"]["R@10"] == results["hybrid"]["RR@10"] == 1
    assert set(results) == set(MODES)


def test_the_command_refuses_a_folder_in_one_line(tmp_path: Path, command: Run) -> None:
    done = command("eval", "retrieval", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"error: {tmp_path}: holds no qrels/test.tsv or qrels.test.tsv or qrels.tsv; "
        "give a BEIR folder\n"
    )
