"""Verifying from the command line: one changed byte fails, and is named."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.sample import SAMPLE

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_an_answer_verifies_against_the_store(command: Run, store: Path, answer: str) -> None:
    quotes = len(json.loads(answer)["quotes"])
    done = command("verify", "-", "--store", store, stdin=answer)
    assert done.stdout == f"1 of 1 answers verified, {quotes} quotes\n"
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("number", [0, -1])
def test_one_changed_byte_of_a_quote_fails_and_is_named(
    command: Run, store: Path, answer: str, number: int
) -> None:
    quotes = json.loads(answer)["quotes"]
    text = quotes[number]["text"]
    changed = text[:20] + ("x" if text[20] != "x" else "y") + text[21:]
    done = command("verify", "-", "--store", store, stdin=answer.replace(text, changed))
    place, quote = number % len(quotes) + 1, quotes[number]
    assert done.stdout == (
        f"FAILED standard input answer 1: quote {place} ({quote['paper_id']}, {quote['start']}-"
        f"{quote['end']}): the text differs from the abstract at character {quote['start'] + 20}\n"
        "0 of 1 answers verified, 0 quotes\n"
    )
    assert done.returncode == 1


def test_one_changed_byte_of_an_abstract_fails_and_is_named(
    command: Run, own: Path, answer: str
) -> None:
    cited = json.loads(answer)["citations"][0]
    paper_id = cited["paper_id"]
    paper = json.loads(command("show", paper_id, "--store", own, "--json").stdout)
    record = {"title": paper["title"], "abstract": paper["abstract"] + "!"}
    command("add", "-", "--store", own, stdin=json.dumps(record))
    done = command("verify", "-", "--store", own, stdin=answer)
    first, last = done.stdout.splitlines()
    assert first.startswith(
        f"FAILED standard input answer 1: citation 1 ({paper_id}): the abstract has changed: SHA"
    )
    assert (last, done.returncode) == ("0 of 1 answers verified, 0 quotes", 1)


def test_a_bundle_needs_no_store_and_its_abstracts_are_checked(
    command: Run, bundle: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "bundle.json"
    nowhere = {"ASSISTANT_STORE": str(tmp_path / "nowhere")}
    file.write_text(json.dumps(bundle))
    done = command("verify", file, env=nowhere)
    assert done.stdout.startswith("1 of 1 answers verified, ")
    assert done.stdout.endswith(" quotes, against the bundle's own abstracts\n")
    assert done.returncode == 0
    changed = copy.deepcopy(bundle)
    paper = changed["papers"][0]
    paper["abstract"] = paper["abstract"].replace("a", "å", 1)
    file.write_text(json.dumps(changed))
    done = command("verify", file, env=nowhere)
    where = f"{file} answer 1: citation 1 ({paper['id']})"
    assert f"FAILED {where}: the abstract has chan" in done.stdout
    assert done.returncode == 1


def test_a_store_that_is_named_goes_before_a_bundles_own_papers(
    command: Run, store: Path, bundle: dict[str, Any]
) -> None:
    forged = copy.deepcopy(bundle)
    answer, paper = forged["answers"][0], forged["papers"][0]
    paper["title"] = answer["citations"][0]["title"] = "Another title"
    given = json.dumps(forged)
    assert command("verify", "-", stdin=given).returncode == 0
    done = command("verify", "-", "--store", store, stdin=given)
    title = bundle["papers"][0]["title"]
    assert done.stdout == (
        f"FAILED standard input answer 1: citation 1 ({paper['id']}): cites title 'Another title',"
        f" the paper has {title!r}\n0 of 1 answers verified, 0 quotes\n"
    )
    assert done.returncode == 1


def test_each_answer_of_a_bundle_is_checked_and_named(
    command: Run, store: Path, bundle: dict[str, Any], answer: str
) -> None:
    several = copy.deepcopy(bundle)
    several["answers"] *= 2
    several["answers"][1] = copy.deepcopy(several["answers"][0])
    several["answers"][1]["quotes"][0]["end"] -= 1
    lines = f"{json.dumps(several)}\n{json.dumps(json.loads(answer))}\n"
    done = command("verify", "-", stdin=lines, env={"ASSISTANT_STORE": str(store)})
    assert done.stdout.startswith("FAILED standard input:1, number 2 of its bundle: quote 1 (")
    assert "\n2 of 3 answers verified, " in done.stdout
    assert done.stdout.endswith(", 2 of them against the bundle's own abstracts\n")


def test_papers_of_a_file_go_before_a_bundles_own(
    command: Run, bundle: dict[str, Any], tmp_path: Path
) -> None:
    papers = tmp_path / "papers.jsonl"
    papers.write_text('{"title": "Other", "abstract": "Other."}\n')
    given = json.dumps(bundle)
    assert command("verify", "-", "--papers", SAMPLE, stdin=given).returncode == 0
    done = command("verify", "-", "--papers", papers, stdin=given)
    assert "citation 1" in done.stdout
    assert "its abstract is not at hand" in done.stdout
    assert done.returncode == 1


def test_lines_and_lists_of_answers_are_told_apart_by_place(
    command: Run, bundle: dict[str, Any], tmp_path: Path
) -> None:
    wrong = copy.deepcopy(bundle)
    wrong["answers"][0]["quotes"][0]["start"] += 1
    lines, whole = tmp_path / "a.jsonl", tmp_path / "a.json"
    lines.write_text(f"{json.dumps(bundle)}\n\n{json.dumps(wrong)}\n")
    whole.write_text(json.dumps([bundle, wrong], indent=2))
    for file, where in ((lines, f"{lines}:3"), (whole, f"{whole} answer 2")):
        done = command("verify", file)
        assert done.stdout.startswith(f"FAILED {where}: quote 1 (")
        assert "\n1 of 2 answers verified, " in done.stdout
        assert done.returncode == 1
    report = json.loads(command("verify", lines, "--json").stdout)
    assert [(item["where"], item["verified"]) for item in report] == [
        (f"{lines}:1", True),
        (f"{lines}:3", False),
    ]
    assert len(report[1]["problems"]) == 1


def test_a_line_separator_within_a_text_ends_no_line(
    command: Run, bundle: dict[str, Any], tmp_path: Path
) -> None:
    asked = copy.deepcopy(bundle)
    asked["answers"][0]["question"] = "one\u2028two\x85three"
    line = json.dumps(asked, ensure_ascii=False)
    done = command("verify", "-", stdin=f"{line}\n{line}\n")
    assert done.stdout.startswith("2 of 2 answers verified")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "standard input:1: answer: not JSON: Expecting value"),
        ("[" * 100_000, "standard input:1: answer: not JSON: maximum recursion depth"),
        ("5", "standard input answer 1: answer: not an answer: Input should be a valid dict"),
        ('{"question": "What?"}', "standard input answer 1: query: not an answer: Field required"),
        ('{"answers": [{}], "papers": []}', "standard input answer 1: answers.0.question: not an "),
    ],
)
def test_what_is_no_answer_fails_and_says_why(command: Run, text: str, reason: str) -> None:
    done = command("verify", "-", stdin=text)
    assert done.stdout.startswith(f"FAILED {reason}")
    assert done.stdout.endswith("\n0 of 1 answers verified, 0 quotes\n")
    assert (done.returncode, done.stderr) == (1, "")


def test_half_a_character_in_an_abstract_is_no_traceback(
    command: Run, bundle: dict[str, Any]
) -> None:
    asked = copy.deepcopy(bundle)
    asked["papers"][0]["abstract"] = "\ud800"
    done = command("verify", "-", stdin=json.dumps(asked))
    assert "half a character" in done.stdout
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("text", ["", "\n \n", "[]"])
def test_nothing_to_verify_is_wrong_use(command: Run, text: str) -> None:
    done = command("verify", "-", stdin=text)
    assert done.stderr == ("error: -: holds no answer; give the output of: assistant ask --json\n")
    assert done.returncode == 2


def test_bytes_that_are_no_text_are_named(command: Run) -> None:
    done = command("verify", "-", stdin=b"{}\n\xff")
    assert done.stderr == (
        "error: standard input:2: not UTF-8 text (byte 0xff); save the file as UTF-8\n"
    )
    assert done.returncode == 2
