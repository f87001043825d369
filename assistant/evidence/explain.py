"""Explain: why a sentence was chosen, as shares in the log-odds of its score."""

from collections.abc import Mapping
from typing import Literal, get_args

from assistant.answer import Why
from assistant.evidence.scorer import LinearScorer

#: Decimals of a share.
DECIMALS = 4
#: The second scorer's name for what the first one made of a sentence.
FIRST = "features"

Group = Literal["lexical", "dense", "wording", "paper", "reranker"]

#: Which group a feature belongs to; "number*link" belongs where "link" does.
GROUPS: Mapping[str, Group] = {
    **dict.fromkeys(
        ("terms", "terms_title", "terms_with_title", "terms_nearby", "terms_only_here"), "lexical"
    ),
    **dict.fromkeys(("terms_beyond_title", "terms_beyond_title_nearby", "pairs"), "lexical"),
    **dict.fromkeys(("names", "names_title"), "lexical"),
    **dict.fromkeys(("window", "window_best"), "dense"),
    **dict.fromkeys(("paper", "paper_first", "paper_rank"), "paper"),
    **dict.fromkeys(("position", "first", "last", "length", "short"), "wording"),
    **dict.fromkeys(("number", "link", "release", "defines", "results"), "wording"),
    **dict.fromkeys(("mechanism", "says_title", "says_what"), "wording"),
    "reranker": "reranker",
}


def group_of(feature: str) -> Group:
    """Return the group of a feature by its name."""
    return GROUPS[feature.rpartition("*")[2]]


def explain(
    features: Mapping[str, float],
    *,
    first: LinearScorer,
    second: LinearScorer,
    detailed: bool = False,
) -> Why:
    """Return what each group of features added to the log-odds of a sentence's score.

    `first` scored the sentence by its features, `second` once more where it was read again. With
    `detailed`, each feature's own share is told too.
    """
    scorer, shares = first, first.contributions(features)
    if FIRST in features:
        scorer, weight = second, second.weights.get(FIRST, 0.0)
        again = second.contributions(features)
        again.pop(FIRST, None)
        shares = {name: weight * share for name, share in shares.items()} | again
    groups = {
        group: round(
            sum(share for name, share in shares.items() if group_of(name) == group), DECIMALS
        )
        for group in get_args(Group)
    }
    # What is left is what any sentence gets, and what rounding took between the two scorers.
    base = round(scorer.log_odds(features) - sum(groups.values()), DECIMALS)
    own = {name: round(share, DECIMALS) for name, share in sorted(shares.items()) if share}
    return Why(**groups, base=base, features=own if detailed else None)
