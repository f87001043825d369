"""How the reranker is trained: the loss, the steps, and scoring with PyTorch."""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from assistant.reranking.cross_encoder import CrossEncoder
from assistant.reranking.reranker import pair
from store.embedding.model import find_model
from tests.benchmarks.reranker_data import Group

#: Token ids and, for each, 0 in the question and 1 in the candidate.
Encoded = tuple[list[int], list[int]]

#: Tokens read of a pair in training; the few longer ones are cut.
TOKENS = 96
#: Rows in a step: whole groups are put together while they fit, and the rest is padding, since
#: PyTorch prepares itself anew for every new shape. Widths are multiples of 16 for the same reason.
ROWS, STEP = 64, 16


class Pairs:
    """Turns a question and its candidates into what the model reads."""

    def __init__(self, tokens: int = TOKENS) -> None:
        self._tokenizer = Tokenizer.from_file(str(find_model().folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(tokens)
        self._tokenizer.no_padding()

    def __call__(self, group: Group) -> list[Encoded]:
        """Return the tokens of each candidate."""
        encodings = self._tokenizer.encode_batch(
            [pair(group.question, *candidate) for candidate in group.candidates]
        )
        return [(encoding.ids, encoding.type_ids) for encoding in encodings]


def padded(encoded: Sequence[Encoded], *, rows: int = 0) -> dict[str, torch.Tensor]:
    """Return the model's inputs, padded to a common width and to at least `rows` rows."""
    width = -(-max(len(ids) for ids, _ in encoded) // STEP) * STEP
    shape = (max(rows, len(encoded)), width)
    feed = {
        name: torch.zeros(shape, dtype=torch.long)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    }
    # Rows that are all padding still need a token to take the mean over.
    feed["attention_mask"][:, 0] = 1
    for row, (ids, kinds) in enumerate(encoded):
        feed["input_ids"][row, : len(ids)] = torch.tensor(ids)
        feed["attention_mask"][row, : len(ids)] = 1
        feed["token_type_ids"][row, : len(ids)] = torch.tensor(kinds)
    return feed


def loss_of(logits: torch.Tensor, answers: torch.Tensor, sizes: Sequence[int]) -> torch.Tensor:
    """Return how wrong the logits are: each by itself, and all of one question together.

    By itself: binary cross-entropy. Together: the chance that a choice among the candidates and
    "none of them", whose logit is 0, falls on a right one; "none" is right where nothing answers.
    """
    alone = nn.functional.binary_cross_entropy_with_logits(logits, answers)
    together = []
    parts = zip(logits.split(list(sizes)), answers.split(list(sizes)), strict=True)
    for part, right in parts:
        every = torch.cat([part, part.new_zeros(1)])
        chosen = part[right > 0.5] if bool((right > 0.5).any()) else part.new_zeros(1)
        together.append(every.logsumexp(0) - chosen.logsumexp(0))
    return alone + torch.stack(together).mean()


def train(
    model: nn.Module,
    groups: Sequence[Group],
    *,
    epochs: int,
    rate: float,
    head_rate: float,
    seed: int,
    log_every: int = 100,
) -> None:
    """Train what is not frozen of `model`, with a linear warm-up and decay."""
    pairs = Pairs()
    encoded = [(pairs(group), group.answers) for group in groups]
    chance = random.Random(seed)  # noqa: S311
    steps = [batch for _ in range(epochs) for batch in _steps(encoded, chance)]
    optimizer, schedule = _optimizer(model, rate=rate, head_rate=head_rate, steps=len(steps))
    model.train()
    started, total = time.monotonic(), 0.0
    for at, batch in enumerate(steps, 1):
        encoded_rows = [row for part, _ in batch for row in part]
        answers = torch.tensor([float(a) for _, part in batch for a in part])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(**padded(encoded_rows, rows=ROWS))[: len(encoded_rows), 0]
        loss = loss_of(logits.float(), answers, [len(part) for part, _ in batch])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        total += loss.item()
        if log_every and at % log_every == 0:
            seconds = time.monotonic() - started
            mean = total / log_every
            print(f"step {at}/{len(steps)}: loss {mean:.3f}, {seconds:.0f} s", flush=True)
            total = 0.0
    model.eval()


def logits_of(model: nn.Module, groups: Sequence[Group]) -> list[NDArray[np.float64]]:
    """Return the logit of each candidate of each group."""
    pairs = Pairs()
    results = []
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for group in groups:
            logits = model(**padded(pairs(group), rows=ROWS // 2))[: len(group.candidates), 0]
            results.append(logits.double().numpy())
    return results


def _optimizer(
    model: nn.Module, *, rate: float, head_rate: float, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    named = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
    body = [weight for name, weight in named if not name.startswith("head.")]
    head = [weight for name, weight in named if name.startswith("head.")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": head, "lr": head_rate}], weight_decay=0.01
    )
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda at: min((at + 1) / warm, (steps - at) / max(1, steps - warm))
    )
    return optimizer, schedule


def _steps(encoded: Sequence[Any], chance: random.Random) -> Iterator[list[Any]]:
    """Yield batches of whole groups of like length, in random order."""
    order = list(encoded)
    chance.shuffle(order)
    batches: list[list[Any]] = []
    for first in range(0, len(order), 500):
        # Alike within a stretch: little padding, and still another mixture in each epoch.
        stretch = sorted(
            order[first : first + 500], key=lambda item: max(len(ids) for ids, _ in item[0])
        )
        batch: list[Any] = []
        for item in stretch:
            if sum(len(part) for part, _ in (*batch, item)) > ROWS:
                batches.append(batch)
                batch = []
            batch.append(item)
        if batch:
            batches.append(batch)
    chance.shuffle(batches)
    yield from batches


def fresh_model() -> CrossEncoder:
    """Return the packaged model with a new head; its embeddings are frozen, nothing drops out."""
    model = CrossEncoder(
        find_model().folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    nn.init.normal_(model.head.weight, std=0.02)
    # Most candidates do not answer.
    nn.init.constant_(model.head.bias, -1.0)
    model.model.embeddings.requires_grad_(False)
    return model


def difference_of(model: nn.Module, base: nn.Module, *, rank: int) -> dict[str, torch.Tensor]:
    """Return what `apply_difference` adds to `base`: of each matrix the nearest of that rank."""
    before = dict(base.named_parameters())
    result = {}
    for name, weight in model.named_parameters():
        if name.startswith("head."):
            result[name] = weight.detach().clone()
        elif weight.requires_grad:
            change = weight.detach() - before[name].detach()
            if change.ndim == 1:
                result[name] = change.clone()
                continue
            left, sizes, right = torch.linalg.svd(change, full_matrices=False)
            root = sizes[:rank].sqrt()
            result[f"{name}.up"] = (left[:, :rank] * root).contiguous()
            result[f"{name}.down"] = (root[:, None] * right[:rank]).contiguous()
    return {name: values.half() for name, values in result.items()}
