"""Asking from the command line: for people, as JSON, as a bundle, in a batch."""

import json
import math
import os
import pty
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.verification.verify import Bundle, verify

Run = Callable[..., subprocess.CompletedProcess[str]]
QUESTION = "What is HyenaDNA?"
OFF_TOPIC = "How long does sourdough bread ferment?"


def test_an_answer_for_people_quotes_exactly_and_names_its_sources(
    command: Run, store: Path, bundle: dict[str, Any]
) -> None:
    done = command("ask", QUESTION, "--store", store)
    answer = bundle["answers"][0]
    lines = done.stdout.splitlines()
    quoted = [f"“{quote['text']}” [{quote['citation']}]" for quote in answer["quotes"]]
    assert [line for line in lines if line.startswith("“")] == quoted
    for citation in answer["citations"]:
        source = f"[{citation['number']}] {citation['title']} ({citation['paper_id']})"
        assert source in lines
    assert lines[-1].endswith(f"searched 108 abstracts · snapshot {answer['snapshot'][:12]}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_source_that_was_withdrawn_says_so_and_the_answer_verifies(
    command: Run, own: Path, answer: str
) -> None:
    cited = json.loads(answer)["citations"][0]
    record = json.loads(command("show", cited["paper_id"], "--json", "--store", own).stdout)
    gone = json.dumps({**record, "withdrawn": True})
    command("add", "-", "--store", own, stdin=gone)
    assert f"[1] Withdrawn: {cited['title']}" in command("ask", QUESTION, "--store", own).stdout
    told = command("ask", QUESTION, "--json", "--store", own).stdout
    assert json.loads(told)["citations"][0]["withdrawn"]
    assert command("verify", "-", "--store", own, stdin=told).returncode == 0
    silent = command("verify", "-", "--store", own, stdin=answer)
    assert "does not say that the paper has been withdrawn\n" in silent.stdout


def test_a_question_that_is_not_answered_says_so(command: Run, store: Path) -> None:
    done = command("ask", OFF_TOPIC, "--store", store)
    assert "Not in these abstracts (108 searched).\n" in done.stdout
    assert re.search(r"^No abstract speaks of: .*sourdough, bread, ferment", done.stdout, re.M)
    assert "“" not in done.stdout
    assert done.returncode == 0


def test_a_mistyped_word_is_said_to_have_been_corrected(command: Run, store: Path) -> None:
    done = command("ask", "sourdough bread fermnting significnatly", "--store", store)
    assert "Searched for: sourdough bread fermnting significantly\n" in done.stdout
    assert "significnatly (read as significantly)\n" in done.stdout


def test_json_is_the_answer_and_the_same_every_time(command: Run, store: Path, answer: str) -> None:
    done = command("ask", f" {QUESTION}\t", "--json", "--store", store)
    again = json.loads(answer)
    assert json.loads(done.stdout) == {**again, "question": f" {QUESTION}\t"}
    assert command("ask", QUESTION, "--json", "--store", store).stdout == answer


def test_explained_each_quote_is_followed_by_the_shares_of_its_score(
    command: Run, store: Path, bundle: dict[str, Any]
) -> None:
    done = command("ask", QUESTION, "--explain", "--store", store)
    assert (done.returncode, done.stderr) == (0, "")
    quotes = bundle["answers"][0]["quotes"]
    scores = re.findall(r"^together +([+-][\d.]+)  score ([\d.]+)$", done.stdout, re.M)
    assert [score for _, score in scores] == [f"{quote['score']:.2f}" for quote in quotes]
    for together, score in scores:
        assert 1 / (1 + math.exp(-float(together))) == pytest.approx(float(score), abs=0.02)
    shares = re.findall(r"^shared words +([+-][\d.]+)  terms", done.stdout, re.M)
    assert shares == [f"{quote['why']['lexical']:+.2f}" for quote in quotes]


def test_an_explained_answer_has_every_feature_and_verifies(command: Run, store: Path) -> None:
    done = command("ask", QUESTION, "--explain", "--json", "--store", store)
    for quote in json.loads(done.stdout)["quotes"]:
        assert quote["why"]["features"]["terms"] > 0
    checked = command("verify", "-", "--store", store, stdin=done.stdout)
    assert checked.returncode == 0


def test_a_bundle_verifies_on_its_own(bundle: dict[str, Any]) -> None:
    whole = Bundle.model_validate(bundle)
    (answer,) = whole.answers
    assert verify(answer, {paper.id: paper for paper in whole.papers}) == []
    assert [paper.id for paper in whole.papers] == [cited.paper_id for cited in answer.citations]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("  ?", "the question holds no word; type one, for example: What is BM25?"),
        ("x" * 2001, "the question has 2,001 characters, more than 2,000; shorten it"),
        ("caf\udce9", "the question is not text at character 4; type it in UTF-8"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_line(
    command: Run, store: Path, question: str, message: str
) -> None:
    done = command("ask", question, "--store", store)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {message}\n")


def test_filters_narrow_what_is_searched(command: Run, store: Path, bundle: dict[str, Any]) -> None:
    first, other = (c["paper_id"] for c in (bundle["answers"][0]["citations"] * 2)[:2])
    only = ("--paper", first, "--paper", other, "--json", "--store", store)
    answer = json.loads(command("ask", QUESTION, *only).stdout)
    assert answer["coverage"]["papers_searched"] == len({first, other})
    assert answer["filters"]["paper_ids"] == [first, other]
    assert answer["quotes"][0]["paper_id"] == first
    done = command("ask", QUESTION, "--venue", "Nowhere", "--since", "2024", "--store", store)
    assert done.stdout.split("\n\n") == [
        "Searched in papers at Nowhere, since 2024.",
        "No paper passes the filters; widen them.\n",
    ]
    assert (done.returncode, done.stderr) == (0, "")


def test_a_filter_that_cannot_be_used_is_one_line(command: Run, store: Path) -> None:
    done = command("ask", QUESTION, "--since", "March", "--store", store)
    reason = "filters.since: 'March' is no date; give YYYY, YYYY-MM or YYYY-MM-DD"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {reason}\n")


def test_a_line_of_a_batch_brings_its_own_filters(command: Run, store: Path) -> None:
    lines = [
        {"question": QUESTION, "filters": {"authors": ["nobody"]}},
        {"question": QUESTION},
        {"question": "How?", "history": [QUESTION], "filters": {}},
        {"question": QUESTION, "filters": {"until": "soon"}},
        {"question": QUESTION, "filters": {"paper_ids": []}},
    ]
    text = "\n".join(map(json.dumps, lines))
    flags = ("--until", "1999", "--store", store)
    done = command("ask", "--batch", "-", *flags, stdin=text)
    first, second, third, fourth, fifth = map(json.loads, done.stdout.splitlines())
    assert first["filters"]["authors"] == ["nobody"]
    assert (first["status"], first["coverage"]["papers_searched"]) == ("no_answer", 0)
    assert (second["filters"]["until"], second["coverage"]["papers_searched"]) == ("1999", 0)
    assert (third["filters"], third["coverage"]["papers_searched"]) == (None, 108)
    assert "filters.until: 'soon' is no date; give YYYY" in fourth["error"]
    assert (fifth["filters"]["paper_ids"], fifth["coverage"]["papers_searched"]) == ([], 0)


BATCH = [
    '\ufeff{"id": "q1", "question": "What is HyenaDNA?"}',
    "",
    '{"id": 2, "question": "Is its code available?", "history": ["What is SqueezeAttention?"]}',
    '{"id": "q3", "question": "?!"}',
    '{"id": "q4"}',
    "not json",
    '{"question": "How long does sourdough bread ferment?"}',
]


def test_a_batch_gives_one_line_each_in_order_and_marks_what_cannot_be_asked(
    command: Run, store: Path, answer: str, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(BATCH))
    done = command("ask", "--batch", file, "--store", store)
    first, second, third, fourth, fifth, last = map(json.loads, done.stdout.splitlines())
    assert first == {**json.loads(answer), "id": "q1"}
    assert (second["id"], second["query"]) == ("2", "Is SqueezeAttention's code available?")
    assert third == {"id": "q3", "error": f"{file}:4: the question holds no word; type one, for"
                     " example: What is BM25?"}  # fmt: skip
    assert (fourth["id"], fifth["id"]) == ("q4", None)
    assert fourth["error"].startswith(f"{file}:5: question: Field required; give {{")
    assert fifth["error"].startswith(f"{file}:6: the line: Invalid JSON")
    assert (last["id"], last["status"]) == (None, "no_answer")
    assert [line[: len(f"error: {file}:4")] for line in done.stderr.splitlines()] == [
        f"error: {file}:{number}" for number in (4, 5, 6)
    ]
    assert done.returncode == 1


def test_a_batch_from_standard_input_verifies_as_it_comes(command: Run, store: Path) -> None:
    lines = BATCH[0] + "\n" + BATCH[-1] + "\n"
    named = ("--store", store)
    for flag, at, own in (((), named, ""), (("--bundle",), (), ", against the .* own abstracts")):
        asked = command("ask", "--batch", "-", *flag, *named, stdin=lines)
        assert (asked.returncode, asked.stderr) == (0, "")
        done = command("verify", "-", *at, stdin=asked.stdout)
        assert re.fullmatch(rf"2 of 2 answers verified, [1-3] quotes{own}\n", done.stdout)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("nowhere", None, "cannot be read: No such file or directory; check the path"),
        ("bad", b'\n{"question": "caf\xe9"}', "2: not UTF-8 text (byte 0xe9); save the file as"),
    ],
)
def test_a_batch_that_cannot_be_read_is_one_line(
    command: Run, store: Path, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    done = command("ask", "--batch", file, "--store", store)
    assert done.stderr.startswith(f"error: {file}:")
    assert message in done.stderr
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_on_a_terminal_lines_are_wrapped_and_carry_no_trailing_blanks(
    executable: str, store: Path, environment: dict[str, str], bundle: dict[str, Any]
) -> None:
    shown = _on_a_terminal(
        [executable, "ask", QUESTION, "--store", str(store)],
        {**environment, "COLUMNS": "60", "TERM": "xterm"},
    )
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n").split("\n")
    assert all(line == line.rstrip() and len(line) <= 60 for line in lines)
    text = " ".join(line.strip() for line in lines)
    for quote in Answer.model_validate(bundle["answers"][0]).quotes:
        assert f"“{quote.text}” [{quote.citation}]" in text
    assert "\x1b[1;36m" in shown


def test_a_terminal_is_spared_what_could_control_it(
    command: Run, executable: str, environment: dict[str, str], tmp_path: Path
) -> None:
    record = {"id": "title:00000000000a", "title": "T\x1b]0;owned\x07", "abstract": "It\x9b2J is."}
    line = json.dumps(record)
    command("add", "-", "--store", tmp_path / "s", stdin=line)
    shown = _on_a_terminal(
        [executable, "show", "title:00000000000a", "--store", str(tmp_path / "s")],
        {**environment, "TERM": "xterm"},
    )
    assert "T\ufffd]0;owned\ufffd" in shown
    assert "It\ufffd2J is." in shown
    assert not re.search("\x1b\\]|\x07|\x9b", shown)


def _on_a_terminal(program: list[str], environment: dict[str, str]) -> str:
    """Return what a program shows on a terminal of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(program, env=environment, stdout=theirs, stdin=theirs)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:
        pass  # how Linux says that the other side is closed
    os.close(ours)
    assert process.wait() == 0
    return shown.decode()
