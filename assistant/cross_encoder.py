"""CrossEncoder: the packaged model with a head that scores a pair, as PyTorch runs it."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from store.offline import go_offline


class CrossEncoder(nn.Module):
    """A BERT model and one linear head over its first token and the mean of all."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__()
        go_offline()
        from transformers import AutoModel
        from transformers.utils import logging

        logging.disable_progress_bar()
        self.model = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, **options
        )
        self.head = nn.Linear(2 * self.model.config.hidden_size, 1)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> torch.Tensor:
        """Return one logit a pair."""
        states = self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        present = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * present).sum(1) / present.sum(1)
        return self.head(torch.cat([states[:, 0], mean], dim=-1)).squeeze(-1)
