"""Keeping a store from the command line: add, show, stats, remove, repair."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from store.papers import paper_id
from store.readers import read_papers
from store.sample import SAMPLE

Run = Callable[..., subprocess.CompletedProcess[str]]
HYENA = "title:539636f5f0b9"
GOOD = '{"title": "A title", "abstract": "It works.", "year": 2024}\n'
LISTING = "Subscribe\n\nMar 11\n\nListed title\n\nIt is listed.\n"


def test_adding_reports_what_it_did_and_why_not(command: Run, tmp_path: Path) -> None:
    store, folder = tmp_path / "store", tmp_path / "sources"
    folder.mkdir()
    (folder / "a.jsonl").write_text(GOOD + "\n" + '{"title": "No abstract"}\n')
    (folder / "b.txt").write_text(LISTING)
    done = command("add", folder, "--store", store)
    assert done.stdout == "2 added, 0 updated, 0 unchanged, 1 skipped\n"
    assert done.stderr == f"skipped {folder}/a.jsonl:3: no abstract\n"
    assert done.returncode == 0

    done = command("add", folder, "--store", store, "--strict", "--json")
    assert json.loads(done.stdout) == {
        "added": 0,
        "updated": 0,
        "unchanged": 2,
        "skipped": [f"{folder}/a.jsonl:3: no abstract"],
        "unreadable": [],
    }
    assert (done.returncode, done.stderr) == (1, "")


def test_a_source_that_cannot_be_read_does_not_stop_the_others(
    command: Run, tmp_path: Path
) -> None:
    (tmp_path / "bad.txt").write_text("Dear all,\n")
    (tmp_path / "cut.csv").write_bytes(b"title,abstract\nA title,It works.\n\xff\n")
    done = command("add", tmp_path / "bad.txt", tmp_path / "cut.csv", "--store", tmp_path / "s")
    assert done.stdout == "1 added, 0 updated, 0 unchanged, 0 skipped\n"
    first, second = done.stderr.splitlines()
    assert first.startswith(f"error: {tmp_path}/bad.txt:1: in no known format: 'Dear all,'")
    assert second == (
        f"error: {tmp_path}/cut.csv:3: not UTF-8 text (byte 0xff); "
        "save the file as UTF-8, or name its encoding with assistant add --encoding"
    )
    assert done.returncode == 2


def test_standard_input_and_an_update(command: Run, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert command("add", "-", "--store", store, stdin=GOOD).stdout.startswith("1 added")
    newer = GOOD.replace("2024", "2025")
    done = command("add", "-", "--store", store, stdin=newer)
    assert done.stdout == "0 added, 1 updated, 0 unchanged, 0 skipped\n"
    (line,) = command("stats", "--store", store).stdout.splitlines()[:1]
    assert line.split() == ["papers", "1"]
    done = command("add", "-", "--store", store, stdin="")
    assert done.stderr == ("error: standard input: this file is empty; nothing was read from it\n")
    assert done.returncode == 2


def test_stats(command: Run, store: Path) -> None:
    figures = json.loads(command("stats", "--json", "--store", store).stdout)
    assert (figures["papers"], figures["model"]) == (108, "all-MiniLM-L6-v2")
    done = command("stats", "--store", store)
    shown = dict(line.split() for line in done.stdout.splitlines())
    assert shown == {name: str(value) for name, value in figures.items()}
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


def test_a_paper_is_shown_exactly(command: Run, store: Path) -> None:
    papers = {paper.id: paper for paper in read_papers(SAMPLE)}  # type: ignore[union-attr]
    paper = papers[HYENA]
    done = command("show", HYENA, "--store", store)
    assert done.stdout.endswith(f"\n\n{paper.abstract}\n")  # type: ignore[union-attr]
    assert done.stdout.startswith(f"{paper.title}\nid: {HYENA}\n")  # type: ignore[union-attr]
    done = command("show", HYENA, "--json", "--store", store)
    assert json.loads(done.stdout) == paper.model_dump(mode="json")  # type: ignore[union-attr]


def test_what_a_paper_holds_goes_into_a_pipe_as_it_is(command: Run, tmp_path: Path) -> None:
    store, abstract = (
        tmp_path / "store",
        "A\ttab.  Two  blanks.\x0b \x1b[31mRed\x1b[0m. \u2028 End. ",
    )
    line = json.dumps({"title": "T", "abstract": abstract, "id": "title:00000000000a"})
    command("add", "-", "--store", store, stdin=line)
    done = command("show", "title:00000000000a", "--store", store)
    assert done.stdout.endswith(f"\n\n{abstract}\n")


def test_an_unknown_paper_is_neither_shown_nor_removed(command: Run, store: Path) -> None:
    done = command("show", "title:x", "--store", store)
    assert done.stderr == f"error: no paper 'title:x' in '{store}'; check the id\n"
    assert done.returncode == 2
    done = command("remove", HYENA, "title:x", "--store", store)
    assert done.stderr == (
        "error: no paper 'title:x' in this store; nothing was removed, check the id\n"
    )
    assert done.returncode == 2
    assert command("show", HYENA, "--store", store).returncode == 0


def test_removing(command: Run, own: Path) -> None:
    done = command("remove", HYENA, "--store", own, "--json")
    assert (json.loads(done.stdout), done.stderr) == ({"removed": 1}, "")
    assert command("show", HYENA, "--store", own).returncode == 2
    asked = json.loads(command("ask", "What is HyenaDNA?", "--json", "--store", own).stdout)
    assert asked["coverage"]["papers_searched"] == 107
    assert "HyenaDNA" in asked["coverage"]["missing_terms"]
    assert HYENA not in json.dumps(asked)


def test_a_paper_is_shown_asked_and_removed_by_the_id_that_it_had(
    command: Run, own: Path, answer: str
) -> None:
    records = map(json.loads, SAMPLE.read_text("utf-8").splitlines())
    [record] = (record for record in records if paper_id(record["title"]) == HYENA)
    better = {**record, "doi": "10.1000/3"}
    assert command("add", "-", "--store", own, stdin=json.dumps(better)).stdout.startswith(
        "0 added, 1 upd"
    )
    assert "\nid: doi:10.1000/3\n" in command("show", HYENA, "--store", own).stdout
    asked = command("ask", "What is HyenaDNA?", "--paper", HYENA, "--json", "--store", own)
    [citation] = json.loads(asked.stdout)["citations"]
    assert citation["paper_id"] == "doi:10.1000/3"
    assert command("verify", "-", "--store", own, stdin=answer).returncode == 0
    assert command("remove", HYENA, "--store", own).stdout == "1 removed\n"
    assert command("show", HYENA, "--store", own).returncode == 2


def test_repair_says_what_it_made_and_the_answer_stays(
    command: Run, own: Path, answer: str
) -> None:
    done = command("repair", "--store", own)
    assert done.stdout == "both indexes made anew: 108 papers, 304 chunks\n"
    lexical, dense = done.stderr.splitlines()
    assert lexical.startswith("Made the lexical index from the catalog: 108 papers, ")
    assert dense.startswith("Made the dense index from the catalog: 108 papers, ")
    assert command("ask", "What is HyenaDNA?", "--json", "--store", own).stdout == answer


def test_damaged_indexes_are_repaired_with_a_message_and_the_answer_stays(
    command: Run, own: Path, answer: str
) -> None:
    (database,) = own.glob("chroma/*/chroma.sqlite3")
    database.write_bytes(b"garbage" * 999)
    shutil.rmtree(own / "lexical")
    done = command("ask", "What is HyenaDNA?", "--json", "--store", own)
    assert done.stdout == answer
    said = [line for line in done.stderr.splitlines() if not line.startswith("Made the ")]
    assert said == [
        f"The {name} index was damaged, missing or left half-written; making it anew"
        for name in ("dense", "lexical")
    ]
    done = command("ask", "What is HyenaDNA?", "--json", "--store", own)
    assert (done.stdout, done.stderr) == (answer, "")


def test_a_store_of_another_model_is_refused(command: Run, own: Path) -> None:
    with closing(sqlite3.connect(own / "catalog.sqlite3")) as connection, connection:
        connection.execute("UPDATE facts SET value = ? WHERE name = 'model_digest'", ("f" * 64,))
    for arguments in (["ask", "What?"], ["add", str(SAMPLE)]):
        done = command(*arguments, "--store", own)
        assert done.stderr == (
            "error: this store was built with the model 'all-MiniLM-L6-v2' (ffffffffffff), not with"
            " 'all-MiniLM-L6-v2' (53aa51172d14); set ASSISTANT_MODEL to its own or leave it out, or"
            " embed it anew: assistant repair --model all-MiniLM-L6-v2\n"
        )
        assert (done.returncode, done.stdout) == (2, "")


def test_the_map_is_drawn_and_its_topics_are_named(command: Run, own: Path) -> None:
    done = command("map", "--store", own, "--json")
    figures = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert figures["papers"] == sum(figures["topics"].values()) == len(list(read_papers(SAMPLE)))
    assert len(figures["topics"]) > 1
    again = command("map", "--store", own)
    first, *topics = again.stdout.splitlines()
    assert first == f"{figures['papers']} papers mapped; topics:"
    assert [line.split(maxsplit=1)[1] for line in topics] == list(figures["topics"])
