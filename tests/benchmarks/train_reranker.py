"""Train the reranker, and print what each step of it is worth on the development questions.

    python -m tests.benchmarks.train_reranker --shared ../shared [--keep DIR] [--write]

First on SQuAD 2, ClapNQ, PubMedQA and SciFact's train claims; what that gives has not seen the
development questions. Then on those questions, five times without a fifth of them, which it is
measured on. `--write` trains on all of them and replaces the weights that ship. `--keep` names a
folder for the weights of the first part, which are taken from there the next time, and for the
five others, `0.safetensors` to `4.safetensors`: `fit_scorers` needs those, for what is fitted on
the logits of questions that a reranker has seen trusts it too much. An hour on two cores.
"""

import argparse
import copy
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from assistant.cross_encoder import CrossEncoder, apply_difference
from assistant.reranker import DIFFERENCE
from store.embedding.model import PACKAGED_SHA256
from tests.benchmarks.fit_scorers import FOLDS
from tests.benchmarks.reranker_data import training_groups
from tests.benchmarks.reranker_questions import (
    Asked,
    Scores,
    ask_all,
    best_of,
    measures,
    separation,
)
from tests.benchmarks.reranker_training import difference_of, fresh_model, logits_of, train

SEED = 13
#: The rank that ships: see the ablation.
RANK = 32
RANKS = (16, 32, 64, 128)
#: Passes over the development questions, and how fast they are learnt.
EPOCHS, RATE = 3, 5e-5
#: Weights of the score from features beside the reranker's.
WEIGHTS = (0.25, 0.5, 0.75, 1.0)


def main() -> None:
    """Train, print the figures, and write the weights where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    asked = ask_all(options.shared)
    report("plain score", asked, [item.plain for item in asked])
    report("features, five-fold", asked, [item.features for item in asked])
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    general = general_model(options.shared, options.keep)
    report_reranker("general", asked, scores(general, asked))
    for rank in RANKS:
        report_reranker(f"general, rank {rank}", asked, scores(shipped(general, rank), asked))
    report_reranker("tuned, five-fold", asked, cross_validated(general, asked, options.keep))
    if options.write:
        write(tuned(general, asked))


def general_model(shared: Path, keep: Path | None) -> CrossEncoder:
    """Return the model trained on everything but the development questions."""
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


def tuned(general: CrossEncoder, asked: Sequence[Asked]) -> CrossEncoder:
    """Return `general` trained further on development questions."""
    model = copy.deepcopy(general)
    groups = [item.learn for item in asked]
    random.Random(SEED).shuffle(groups)  # noqa: S311
    train(model, groups, epochs=EPOCHS, rate=RATE, head_rate=10 * RATE, seed=SEED, log_every=0)
    return model


def shipped(model: CrossEncoder, rank: int, *, path: Path | None = None) -> CrossEncoder:
    """Return `model` as it comes back from its difference of that rank, which `path` keeps."""
    difference = difference_of(model, fresh_model(), rank=rank)
    if path:
        save_file(difference, path, metadata={"base_sha256": PACKAGED_SHA256})
    base = fresh_model()
    apply_difference(base, difference)
    return base.eval()


def cross_validated(
    general: CrossEncoder, asked: Sequence[Asked], keep: Path | None
) -> list[Scores]:
    """Return each question's scores by a model tuned without its fold."""
    results: list[Scores] = [np.zeros(0)] * len(asked)
    for fold in range(FOLDS):
        others = [item for item in asked if item.fold != fold]
        path = keep / f"{fold}.safetensors" if keep else None
        model = shipped(tuned(general, others), RANK, path=path)
        held_out = [at for at, item in enumerate(asked) if item.fold == fold]
        for at, row in zip(held_out, scores(model, [asked[i] for i in held_out]), strict=True):
            results[at] = row
    return results


def scores(model: CrossEncoder, asked: Sequence[Asked]) -> list[Scores]:
    """Return the logits of what each question was shown."""
    return logits_of(model, [item.shown for item in asked])


def report_reranker(name: str, asked: Sequence[Asked], logits: Sequence[Scores]) -> None:
    """Print the figures of a reranker by itself and together with either other score."""
    pairs = list(zip(asked, logits, strict=True))
    report(f"{name}: best by plain", asked, [best_of(a.plain, row, weight=0) for a, row in pairs])
    report(f"{name}: plain + it", asked, [best_of(a.plain, row, weight=1) for a, row in pairs])
    for weight in (0.0, *WEIGHTS):
        mixed = [best_of(a.features, row, weight=weight) for a, row in pairs]
        report(f"{name}: {weight} features + it", asked, mixed)
    unanswerable, away = separation(asked, logits)
    print(f"{name}: AUROC of the top logit {unanswerable:.3f}, papers taken away {away:.3f}")


def report(name: str, asked: Sequence[Asked], rows: Sequence[Scores]) -> None:
    """Print p1 and hit3, and p1 by kind."""
    figures = measures(asked, rows)
    print(f"{name:38} " + "  ".join(f"{k} {v:.3f}" for k, v in figures.items()), flush=True)


def write(model: CrossEncoder) -> None:
    """Replace the weights that ship."""
    path = Path(__file__).parents[2] / "assistant" / DIFFERENCE
    shipped(model, RANK, path=path)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
