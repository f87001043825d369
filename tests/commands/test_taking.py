"""Taking answers and papers away from the command line, and comparing answers later."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pybtex.database import parse_string

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_all_papers_are_exported_such_that_adding_them_gives_them_again(
    command: Run, store: Path, tmp_path: Path
) -> None:
    whole = command("export", "--store", store)
    assert (whole.returncode, whole.stderr, whole.stdout.count("\n")) == (0, "", 108)
    file = tmp_path / "papers.jsonl"
    file.write_bytes(whole.stdout.encode())
    added = command("add", file, "--store", tmp_path / "again")
    assert added.stdout == "108 added, 0 updated, 0 unchanged, 0 skipped\n"
    assert command("export", "--store", tmp_path / "again").stdout == whole.stdout
    assert command("add", file, "--store", store).stdout.startswith("0 added, 0 updated, 108 unch")


def test_all_papers_are_exported_as_a_bibliography(command: Run, store: Path) -> None:
    done = command("export", "--to", "bibtex", "--store", store)
    assert len(parse_string(done.stdout, "bibtex").entries) == 108
    done = command("export", "--to", "csl", "--store", store)
    assert len(json.loads(done.stdout)) == 108
    done = command("export", "--to", "ris", "--store", store)
    assert done.stdout.count("\nER  - \n") == 108


def test_an_answer_is_exported_in_each_format_the_same_as_it_is_asked_for(
    command: Run, store: Path, answer: str, bundle: dict[str, Any]
) -> None:
    question = bundle["answers"][0]["question"]
    for to in ("markdown", "bundle", "bibtex", "ris", "csl"):
        asked = command("ask", question, "--to", to, "--store", store)
        done = command("export", "-", "--to", to, "--store", store, stdin=answer)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == asked.stdout
    assert json.loads(command("ask", question, "--to", "bundle", "--store", store).stdout) == bundle


def test_a_bundle_needs_no_store_and_an_answer_needs_one_for_a_bundle_only(
    command: Run, answer: str, bundle: dict[str, Any], tmp_path: Path
) -> None:
    nowhere = {"ASSISTANT_STORE": str(tmp_path / "nowhere")}
    paper = bundle["papers"][0]
    done = command("export", "-", "--to", "csl", stdin=json.dumps(bundle), env=nowhere)
    assert json.loads(done.stdout)[0]["abstract"] == paper["abstract"]
    done = command("export", "-", "--to", "csl", stdin=answer, env=nowhere)
    assert "abstract" not in json.loads(done.stdout)[0]
    assert json.loads(done.stdout)[0]["title"] == paper["title"]
    done = command("export", "-", "--to", "bundle", stdin=answer, env=nowhere)
    assert done.stderr.startswith("error: no store in ")
    assert done.returncode == 2


def test_a_conversation_becomes_one_bundle_that_verifies(
    command: Run, answer: str, store: Path, bundle: dict[str, Any]
) -> None:
    lines = f"{json.dumps(json.loads(answer))}\n{json.dumps(bundle)}\n"
    done = command("export", "-", "--to", "bundle", "--store", store, stdin=lines)
    checked = command("verify", "-", stdin=done.stdout)
    assert checked.stdout.startswith("2 of 2 answers verified, ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "markdown"), "papers without a question cannot be written as markdown; choose"),
        (("-", "--to", "jsonl"), "answers cannot be written as jsonl; choose one of: markdown, "),
        (("-", "--to", "docx"), "Invalid value for '--to': "),
    ],
)
def test_a_format_that_does_not_fit_is_one_line(
    command: Run, store: Path, answer: str, arguments: tuple[str, ...], message: str
) -> None:
    done = command("export", *arguments, "--store", store, stdin=answer)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"error: {message}")


def test_what_is_no_answer_is_not_exported(command: Run, store: Path) -> None:
    done = command("export", "-", "--store", store, stdin='{"id": "1", "error": "no word"}\n')
    assert done.stderr.startswith("error: standard input answer 1: question: not an answer: ")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_batch_is_told_how_to_become_another_format(command: Run, store: Path) -> None:
    done = command("ask", "--batch", "-", "--to", "ris", "--store", store)
    assert "assistant export - --to ris" in done.stderr
    assert done.returncode == 2


def test_the_same_answers_do_not_differ(command: Run, answer: str, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(answer)
    done = command("diff", file, "-", stdin=answer)
    assert (done.stdout, done.stderr, done.returncode) == ("0 of 1 answers differ\n", "", 0)


def test_an_answer_from_a_corpus_that_lost_its_paper_differs_and_says_why(
    command: Run, own: Path, store: Path, answer: str, tmp_path: Path
) -> None:
    before = tmp_path / "before.json"
    before.write_text(answer)
    asked = json.loads(answer)
    lost = asked["citations"][0]
    command("remove", lost["paper_id"], "--store", own)
    after = command("ask", asked["question"], "--json", "--store", own).stdout
    for now, reason in ((own, "no longer in the store"), (store, "no longer cited")):
        done = command("diff", before, "-", "--store", now, stdin=after)
        assert f"{reason}: {lost['title']}\n" in done.stdout
        assert "abstracts searched: 108 -> 107\n" in done.stdout
        assert f"- “{asked['quotes'][0]['text']}” ({lost['paper_id']})\n" in done.stdout
        assert done.stdout.endswith("1 of 1 answers differs\n")
        assert done.returncode == 1
    report = json.loads(command("diff", before, "-", "--json", stdin=after).stdout)
    assert report["differences"][0]["papers"][0]["change"] == "uncited"
    # The other way round, the first store is the one as it was.
    done = command("diff", "-", before, "--store", own, stdin=after)
    assert f"new in the store: {lost['title']}\n" in done.stdout


def test_questions_of_one_file_alone_are_named(
    command: Run, answer: str, bundle: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "two.jsonl"
    other = copy.deepcopy(bundle)
    other["answers"][0]["question"] = "Who else?"
    file.write_text(f"{json.dumps(bundle)}\n{json.dumps(other)}\n")
    done = command("diff", "-", file, stdin=answer)
    assert done.stdout == "Who else?  only in the second file\n0 of 1 answers differ\n"
    assert done.returncode == 1
