"""Recover the terms that the follow-ups of TREC CAsT leave out.

    python -m tests.benchmarks.cast_terms ../shared

A follow-up is put into words that stand alone after the questions before it, none of which has an
answer: there are no passages. Of the index terms that its resolved form adds to it, recall is the
share that ours adds as well; precision is the share of those added by ours that the resolved form
holds. All turns count alike, those with nothing to add in precision alone. It was tuned on the
turns of 2019; those of 2020 and 2021 were looked at only as figures. The turns of 2022 answer back,
which an assistant that only quotes has no history of, and are left out.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Coverage
from assistant.conversation import Turn, readings
from store.lexical import terms

YEARS = (2019, 2020, 2021)


def main() -> None:
    """Print the figures of each year."""
    turns = list(_turns(Path(sys.argv[1])))
    print(f"{'year':<6}{'turns':>6}{'recall':>8}{'precision':>11}{'unchanged rightly':>19}")
    for year in YEARS:
        own = [turn for turn in turns if turn["year"] == year]
        recovered = added = missing = still = stay = 0
        for turn in own:
            raw = set(terms(turn["raw"]))
            wanted = set(terms(turn["resolved"])) - raw
            ours = set(terms(resolved(turn["raw"], turn["history"]))) - raw
            recovered += len(wanted & ours)
            added += len(ours)
            missing += len(wanted)
            stay += not wanted
            still += not wanted and not ours
            if "--show" in sys.argv and ours != wanted:
                print(f"  {turn['raw']!r} -> {resolved(turn['raw'], turn['history'])!r}")
                print(f"      {turn['resolved']!r}")
        shares = (recovered / missing, recovered / max(added, 1), still / stay)
        print(f"{year:<6}{len(own):>6}{shares[0]:>8.3f}{shares[1]:>11.3f}{shares[2]:>19.3f}")


def resolved(question: str, history: Sequence[str]) -> str:
    """Return `question` as it is searched at last after the questions of `history`."""
    turns: list[Turn] = []
    for earlier in history:
        last = readings(earlier, turns)[-1]
        answer = Answer(
            question=earlier,
            query=last.text,
            focus=last.focus,
            kind="factoid",
            status="no_answer",
            confidence=0,
            coverage=Coverage(papers_searched=0),
            snapshot="",
            version="",
        )
        turns.append(Turn(earlier, answer))
    return readings(question, turns)[-1].text


def _turns(shared: Path) -> Iterator[dict[str, Any]]:
    """Yield the turns that follow others and have a resolved form."""
    path = shared / "benchmarks" / "cast_conversations" / "conversations.jsonl"
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            turn = json.loads(line)
            if turn["year"] in YEARS and turn["history"] and turn["resolved"]:
                yield turn


if __name__ == "__main__":
    main()
