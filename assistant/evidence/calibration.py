"""Calibration: another reranker's logits on the scale that the shipped one's have.

What reads the logits, the scorers of sentences and of answers, was fitted on the shipped
reranker's. Another's may be spread differently, or lie higher or lower. So both score the same
pairs once, and the other's logits are moved and stretched until their mean and their standard
deviation there are the shipped one's. That keeps the order of what it reads, trusts it as much as
the shipped one, and depends on no question that is asked.
"""

from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from store.errors import ModelError
from store.lexical import printed_name
from store.papers import Paper
from store.readers import read_papers
from store.sample import SAMPLE
from store.sentences import sentence_spans

#: Bundled papers that are asked about; each question is put to its paper and to the next one.
ASKED_ABOUT = 8
#: Decimals of a scale, so that last bits never decide an order.
DECIMALS = 4
#: Logits that are spread less than this over the pairs say nothing.
LEAST_SPREAD = 1e-6

#: A question, the title of a paper, and one of its sentences.
Probe = tuple[str, str, str]


class Scale(BaseModel):
    """A line: the logit of one reranker to that of another."""

    model_config = ConfigDict(frozen=True)

    slope: float = 1.0
    offset: float = 0.0

    @classmethod
    def between(cls, logits: NDArray[np.float32], wanted: NDArray[np.float32]) -> Self:
        """Return the scale on which `logits` have the mean and deviation of those `wanted`.

        Raises ModelError where `logits` are all but equal, or not finite.
        """
        spread = float(np.std(logits, dtype=np.float64)) if np.isfinite(logits).all() else 0.0
        if spread < LEAST_SPREAD:
            raise ModelError(
                f"the reranker gives every pair about the same score (deviation {spread:.1e} over "
                f"{len(logits)} pairs); name one that tells answers from other sentences"
            )
        slope = round(float(np.std(wanted, dtype=np.float64)) / spread, DECIMALS)
        middle = float(np.mean(wanted, dtype=np.float64))
        offset = middle - slope * float(np.mean(logits, dtype=np.float64))
        return cls(slope=slope, offset=round(offset, DECIMALS))

    def __call__(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits on the other scale, each by itself."""
        return (logits * np.float32(self.slope) + np.float32(self.offset)).astype(np.float32)


def load_scale(file: Path) -> Scale | None:
    """Return the scale that was kept in `file`, or None where there is none."""
    try:
        return Scale.model_validate_json(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return None


def keep_scale(scale: Scale, file: Path) -> None:
    """Keep the scale in `file`, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_suffix(".part")
    aside.write_text(scale.model_dump_json(), "utf-8")
    aside.replace(file)


@cache
def probes() -> Sequence[Probe]:
    """Return the pairs that rerankers are compared on, some an answer and most none."""
    papers = (record for record in read_papers(SAMPLE) if isinstance(record, Paper))
    named = list(islice((paper for paper in papers if printed_name(paper.title)), ASKED_ABOUT))
    return [
        (f"What is {printed_name(paper.title)}?", other.title, other.abstract[start:end])
        for paper, after in zip(named, [*named[1:], named[0]], strict=True)
        for other in (paper, after)
        for start, end in sentence_spans(other.abstract)
    ]
