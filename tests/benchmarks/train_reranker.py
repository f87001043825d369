"""Train the reranker, and print what each step of it is worth.

    python -m tests.benchmarks.train_reranker --shared ../shared [--keep DIR] [--write]

First on SQuAD 2, ClapNQ, PubMedQA and SciFact's train claims, then on the questions written for
this project; never on the development questions, which it is measured on. `--write` replaces the
weights that ship. `--keep` names a folder for the weights of the first part, which are taken from
there the next time, and for those of two rerankers that were each trained without one half of the
written questions: `fit_scorers` needs those, for what is fitted on the logits of questions that a
reranker has seen trusts it too much. About an hour on two cores that do nothing else.
"""

import argparse
import copy
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from assistant.reranking.cross_encoder import CrossEncoder, apply_difference
from assistant.reranking.reranker import DIFFERENCE
from store.embedding.model import PACKAGED_SHA256
from tests.benchmarks.cases import Case, all_cases
from tests.benchmarks.questions import HALVES
from tests.benchmarks.reranker_data import training_groups
from tests.benchmarks.reranker_questions import (
    Scores,
    Shown,
    measures,
    mixed,
    separation,
    shown,
    to_learn,
)
from tests.benchmarks.reranker_training import difference_of, fresh_model, logits_of, train

SEED = 13
#: The rank that ships: see the ablation.
RANK = 32
RANKS = (16, 32, 64)
#: Passes over the written questions, and how fast they are learnt.
EPOCHS, RATE = 3, 5e-5
#: Weights of the plain score beside the reranker's.
WEIGHTS = (0.25, 0.5, 1.0)


def main() -> None:
    """Train, print the figures, and write the weights where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    cases = [case for case in all_cases(options.shared) if case.variant == "asked"]
    written = [case for case in cases if case.question.part.startswith("written")]
    unseen = [shown(case) for case in cases if case.question.part.startswith("development")]
    figures("plain score", unseen, [item.plain for item in unseen])
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    general = general_model(options.shared, options.keep)
    report("general", unseen, general)
    tuned = tuned_on(general, written)
    for rank in RANKS:
        report(f"tuned, rank {rank}", unseen, shipped(tuned, rank))
    for half in range(len(HALVES)) if options.keep else ():
        part = f"written {half}"
        model = tuned_on(general, [case for case in written if case.question.part != part])
        kept = shipped(model, RANK, path=options.keep / f"without_{half}.safetensors")
        own = [shown(case) for case in written if case.question.part == part]
        report(f"{part} by the other half", own, kept)
    if options.write:
        path = Path(__file__).parents[2] / "assistant" / "reranking" / DIFFERENCE
        shipped(tuned, RANK, path=path)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


def general_model(shared: Path, keep: Path | None) -> CrossEncoder:
    """Return the model trained on the four public collections."""
    model = fresh_model()
    kept = keep / "general.safetensors" if keep else None
    if kept and kept.exists():
        model.load_state_dict(load_file(kept))
        return model.eval()
    groups = training_groups(shared, seed=SEED)
    print(f"training on {sum(len(g.answers) for g in groups)} pairs of {len(groups)} questions")
    train(model, groups, epochs=1, rate=1e-4, head_rate=1e-3, seed=SEED)
    if kept:
        save_file({name: values.contiguous() for name, values in model.state_dict().items()}, kept)
    return model


def tuned_on(general: CrossEncoder, cases: Sequence[Case]) -> CrossEncoder:
    """Return `general` trained further on questions about papers."""
    model = copy.deepcopy(general)
    groups = [to_learn(case) for case in cases]
    random.Random(SEED).shuffle(groups)  # noqa: S311
    train(model, groups, epochs=EPOCHS, rate=RATE, head_rate=10 * RATE, seed=SEED)
    return model


def shipped(model: CrossEncoder, rank: int, *, path: Path | None = None) -> CrossEncoder:
    """Return `model` as it comes back from its difference of that rank, which `path` keeps."""
    difference = difference_of(model, fresh_model(), rank=rank)
    if path:
        save_file(difference, path, metadata={"base_sha256": PACKAGED_SHA256})
    base = fresh_model()
    apply_difference(base, difference)
    return base.eval()


def report(name: str, cases: Sequence[Shown], model: CrossEncoder) -> None:
    """Print the figures of a reranker by itself and together with the plain score."""
    logits = logits_of(model, [item.group for item in cases])
    figures(name, cases, logits)
    for weight in WEIGHTS:
        rows = [
            mixed(item.plain, row, weight=weight) for item, row in zip(cases, logits, strict=True)
        ]
        figures(f"{name} + {weight} plain", cases, rows)
    print(f"{name}: AUROC of the top logit {separation(cases, logits):.3f}")


def figures(name: str, cases: Sequence[Shown], rows: Sequence[Scores]) -> None:
    """Print p1 and hit3, and p1 by kind."""
    found = measures(cases, [np.asarray(row) for row in rows])
    print(f"{name:38} " + "  ".join(f"{k} {v:.3f}" for k, v in found.items()), flush=True)


if __name__ == "__main__":
    main()
