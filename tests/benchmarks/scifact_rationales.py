"""Choose the rationale sentences of SciFact's dev claims, out of all its abstracts.

    python -m tests.benchmarks.scifact_rationales ../shared

A sentence is chosen where the scorer and the reranker give it at least a probability, which is
picked on train claims; at most three of an abstract, as in SciFact's own measure of selection
(Wadden et al. 2020). Prints precision, recall and F1 over all (claim, abstract, sentence).
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.inquiry import Inquiry
from assistant.reranking.reranker import Reranker, open_reranker
from store.corpus import Corpus
from store.embedding import open_embedder
from store.papers import Paper, paper_id

#: Train claims on which the probability is picked.
TRAIN = 300
#: Sentences chosen of one abstract.
MOST = 3

Place = tuple[str, int]


@dataclass(frozen=True)
class Claim:
    """A claim and its rationale sentences, by paper id and number."""

    text: str
    gold: frozenset[Place]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path)
    options = parser.parse_args()
    folder = options.shared / "benchmarks" / "scifact_sentences"
    rows = {row["doc_id"]: row for row in _lines(folder / "corpus_sentences.jsonl")}
    ids = {key: paper_id(row["title"]) for key, row in rows.items()}
    sentences = {ids[key]: row["abstract"] for key, row in rows.items()}
    with tempfile.TemporaryDirectory() as place:
        cache = Path(place) / "cache"
        reranker = open_reranker(cache)
        with Corpus(Path(place) / "store", open_embedder(cache=cache)) as corpus:
            corpus.add(
                Paper(id=ids[key], title=row["title"], abstract=" ".join(row["abstract"]))
                for key, row in rows.items()
            )
            train, dev = (
                [
                    (claim, chosen(corpus, reranker, claim.text, sentences))
                    for claim in claims(folder / f"claims_{part}.jsonl", ids)[:most]
                ]
                for part, most in (("train", TRAIN), ("dev", None))
            )
    floor = max(np.arange(0.02, 0.9, 0.02), key=lambda least: f1(train, least)[2])
    precision, recall, both = f1(dev, float(floor))
    print(f"at {floor:.2f}: precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}")


def claims(path: Path, ids: Mapping[int, str]) -> list[Claim]:
    """Return the claims of a file."""
    return [
        Claim(
            row["claim"],
            frozenset(
                (ids[int(key)], at)
                for key, sets in row["evidence"].items()
                for part in sets
                for at in part["sentences"]
            ),
        )
        for row in _lines(path)
    ]


def chosen(
    corpus: Corpus, reranker: Reranker, text: str, sentences: Mapping[str, Sequence[str]]
) -> dict[Place, float]:
    """Return the probability of each sentence that is read, at most MOST of an abstract."""
    result: dict[Place, float] = {}
    taken: dict[str, int] = {}
    for item in Inquiry(corpus, reranker, text).evidence:
        paper = item.sentence.paper.id
        taken[paper] = taken.get(paper, 0) + 1
        if taken[paper] <= MOST:
            result[paper, _number(item.sentence.span.start, sentences[paper])] = item.score
    return result


def f1(
    asked: Sequence[tuple[Claim, Mapping[Place, float]]], least: float
) -> tuple[float, float, float]:
    """Return precision, recall and F1 over all claims, of what is at least that likely."""
    said = right = wanted = 0
    for claim, places in asked:
        picked = {place for place, probability in places.items() if probability >= least}
        said, right, wanted = (
            said + len(picked),
            right + len(picked & claim.gold),
            wanted + len(claim.gold),
        )
    precision, recall = right / max(said, 1), right / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _number(start: int, sentences: Sequence[str]) -> int:
    """Return the number of the collection's sentence in which a place of the abstract lies."""
    end = 0
    for number, sentence in enumerate(sentences):
        end += len(sentence) + 1
        if start < end:
            return number
    return len(sentences) - 1


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


if __name__ == "__main__":
    main()
