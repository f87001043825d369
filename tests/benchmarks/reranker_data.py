"""What the reranker learns from: questions, each with sentences that answer it and others.

SQuAD 2, ClapNQ, PubMedQA and the train claims of SciFact are read from the shared folder; the
test and dev claims of SciFact are never opened.
"""

import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.lexical import terms
from store.sentences import sentence_spans

#: Other sentences of the same passage shown with an answering one.
SAME_PASSAGE = 3
#: Look-alike sentences of other passages shown with each question.
OTHER_PASSAGES = 2
#: Times that the questions of the smaller collections are drawn, each with other wrong sentences.
REPEATS = 2

#: A title and a sentence under it.
Candidate = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """A question and candidates; `answers` holds 1 for those that answer it, in their order."""

    question: str
    candidates: tuple[Candidate, ...]
    answers: tuple[int, ...]
    source: str


class LookAlikes:
    """Finds the sentences that share the rarest words with a question."""

    def __init__(self, candidates: Iterable[tuple[str, Candidate]]) -> None:
        """Index (passage id, candidate) pairs."""
        self._candidates = list(candidates)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, (_, (title, sentence)) in enumerate(self._candidates):
            for term in set(terms(f"{title} {sentence}")):
                self._places[term].append(place)

    def find(self, question: str, *, k: int, outside: Collection[str]) -> list[Candidate]:
        """Return up to `k` look-alikes that are in none of the passages `outside`."""
        scores: Counter[int] = Counter()
        for term in sorted(set(terms(question))):
            places = self._places.get(term, [])
            weight = math.log(1 + len(self._candidates) / (1 + len(places)))
            for place in places:
                scores[place] += weight
        found = []
        for place, _ in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
            passage, candidate = self._candidates[place]
            if passage not in outside:
                found.append(candidate)
            if len(found) == k:
                break
        return found


def training_groups(shared: Path, *, seed: int) -> list[Group]:
    """Return every group of the four collections, in an order fixed by `seed`."""
    chance = random.Random(seed)  # noqa: S311
    benchmarks = shared / "benchmarks"
    sources: list[Callable[[Path, random.Random], Iterator[Group]]] = [
        squad, clapnq, pubmedqa, scifact
    ]  # fmt: skip
    groups = [group for source in sources for group in source(benchmarks, chance)]
    chance.shuffle(groups)
    return groups


def squad(benchmarks: Path, chance: random.Random) -> Iterator[Group]:
    """Yield SQuAD 2's questions; of an unanswerable one no sentence answers."""
    passages = {row["_id"]: row for row in _lines(benchmarks / "squad2_answerability/corpus.jsonl")}
    split = {key: split_sentences(row["text"]) for key, row in passages.items()}
    index = LookAlikes(
        (key, (passages[key]["title"], text)) for key, texts in split.items() for text in texts
    )
    for row in _lines(benchmarks / "squad2_answerability/queries.jsonl"):
        facts = row["metadata"]
        key = facts["paragraph"]
        title = passages[key]["title"]
        right, near = _holding(row["text"], split[key], facts["answers"] or facts["plausible"])
        if facts["answerable"] and right is None:
            continue
        others = [text for text in split[key] if text != right and text not in near]
        wrong = [*_some(others, SAME_PASSAGE, chance)]
        if not facts["answerable"] and right is not None:
            wrong = [right, *wrong[: SAME_PASSAGE - 1]]
        yield _group(
            "squad",
            row["text"],
            [(title, right)] if facts["answerable"] and right is not None else [],
            [(title, text) for text in wrong]
            + index.find(row["text"], k=OTHER_PASSAGES, outside={key}),
        )


def clapnq(benchmarks: Path, chance: random.Random) -> Iterator[Group]:
    """Yield ClapNQ's questions, which are like users': short, in lower case, for definitions."""
    passages = {row["_id"]: row for row in _lines(benchmarks / "clapnq/corpus.jsonl")}
    split = {key: row["metadata"]["sentences"] for key, row in passages.items()}
    index = LookAlikes(
        (key, (passages[key]["title"], spaced(text)))
        for key, texts in split.items()
        for text in texts
    )
    for row in _lines(benchmarks / "clapnq/queries.jsonl"):
        key = row["metadata"]["passage"]
        title = passages[key]["title"]
        chosen = {
            text.strip() for gold in row["metadata"]["gold"] for text in gold["selected_sentences"]
        }
        right = [text for text in split[key] if text.strip() in chosen]
        if row["metadata"]["answerable"] and not right:
            continue
        others = [text for text in split[key] if text not in right]
        for _ in range(REPEATS):
            yield _group(
                "clapnq",
                row["text"],
                [(title, spaced(text)) for text in right],
                [(title, spaced(text)) for text in _some(others, SAME_PASSAGE, chance)]
                + index.find(row["text"], k=OTHER_PASSAGES, outside={key}),
            )


def pubmedqa(benchmarks: Path, chance: random.Random) -> Iterator[Group]:
    """Yield PubMedQA's questions; the conclusion's sentence nearest to the question answers.

    Conclusions of other abstracts are among the wrong ones, so that sounding like a conclusion is
    not enough.
    """
    bodies = {row["_id"]: row["text"] for row in _lines(benchmarks / "pubmedqa/corpus.jsonl")}
    rows = list(_lines(benchmarks / "pubmedqa/queries.jsonl"))
    conclusions = {row["_id"]: split_sentences(row["metadata"]["long_answer"]) for row in rows}
    index = LookAlikes((key, ("", text)) for key, texts in conclusions.items() for text in texts)
    for row in rows:
        key = row["_id"]
        right = _nearest(row["text"], conclusions[key])
        # The end of an abstract often answers too; what stands before it seldom does.
        body = split_sentences(bodies[key])
        wrong = _some(body[: max(1, len(body) * 2 // 3)], SAME_PASSAGE, chance)
        yield _group(
            "pubmedqa",
            row["text"],
            [("", right)],
            [("", text) for text in wrong]
            + index.find(row["text"], k=OTHER_PASSAGES, outside={key}),
        )


def scifact(benchmarks: Path, chance: random.Random) -> Iterator[Group]:
    """Yield SciFact's train claims with their rationale sentences, one group an abstract."""
    folder = benchmarks / "scifact_sentences"
    claims = list(_lines(folder / "claims_train.jsonl"))
    cited = {doc for claim in claims for doc in claim["cited_doc_ids"]}
    abstracts = {
        row["doc_id"]: row
        for row in _lines(folder / "corpus_sentences.jsonl")
        if row["doc_id"] in cited
    }
    index = LookAlikes(
        (str(key), (row["title"], text))
        for key, row in abstracts.items()
        for text in row["abstract"]
    )
    for claim in claims:
        own = {str(doc) for doc in claim["cited_doc_ids"]}
        for doc in claim["cited_doc_ids"] * REPEATS:
            sets = claim["evidence"].get(str(doc), [])
            at = {place for part in sets for place in part["sentences"]}
            title, texts = abstracts[doc]["title"], abstracts[doc]["abstract"]
            others = [text for place, text in enumerate(texts) if place not in at]
            yield _group(
                "scifact",
                claim["claim"],
                [(title, texts[place]) for place in sorted(at)],
                [(title, text) for text in _some(others, SAME_PASSAGE, chance)]
                + index.find(claim["claim"], k=OTHER_PASSAGES, outside=own),
            )


def split_sentences(text: str) -> list[str]:
    """Return the sentences of `text`."""
    return [text[start:end] for start, end in sentence_spans(text)]


def spaced(text: str) -> str:
    """Undo the blanks that ClapNQ puts around punctuation."""
    text = text.replace("`` ", '"').replace(" ''", '"').replace("( ", "(").replace(" )", ")")
    for mark in (".", ",", ";", ":", "?", "!", "'s", "n't", "%"):
        text = text.replace(f" {mark}", mark)
    return text.replace(" - ", "-").strip()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _group(
    source: str, question: str, right: Sequence[Candidate], wrong: Sequence[Candidate]
) -> Group:
    answers = (1,) * len(right) + (0,) * len(wrong)
    return Group(question, (*right, *wrong), answers, source)


def _holding(
    question: str, sentences: Sequence[str], answers: Sequence[str]
) -> tuple[str | None, list[str]]:
    """Return the sentence that holds the answer, and others that hold its words as well."""
    answer = Counter(answers).most_common(1)[0][0] if answers else ""
    holding = [text for text in sentences if answer and answer in text]
    if not holding:
        return None, []
    best = _nearest(question, holding)
    return best, [text for text in holding if text != best]


def _nearest(question: str, sentences: Sequence[str]) -> str:
    asked = set(terms(question))
    return max(sentences, key=lambda text: len(asked & set(terms(text))))


def _some(texts: Sequence[str], k: int, chance: random.Random) -> list[str]:
    return chance.sample(list(texts), min(k, len(texts)))
