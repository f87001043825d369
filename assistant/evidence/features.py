"""Features: what is seen of a sentence as a possible answer, as named numbers."""

from collections.abc import Collection, Sequence

from assistant.answer import Kind
from assistant.evidence.sentence import Sentence, words_and_names
from assistant.question.need import Need
from assistant.retrieval.ranking import Found
from store.sentences import Span


def features_of(
    need: Need, *, found: Sequence[Found], sentences: Sequence[Sentence]
) -> list[dict[str, float]]:
    """Return the features of each sentence, in order; every value lies within about 0..1."""
    by_paper = {item.paper_id: item for item in found}
    best_cosine = max((item.cosine for item in found), default=0.0) or 1.0
    rows = []
    for sentence in sentences:
        item = by_paper[sentence.paper.id]
        cosine = _window_cosine(item, sentence.span)
        said = need.saying_what and need.saying_what.search(sentence.text)
        rows.append(
            {
                "paper": item.score,
                "paper_first": float(item.rank == 1),
                "paper_rank": 1 / item.rank,
                "window": cosine,
                "window_best": cosine / best_cosine,
                **_shared_terms(need, sentence),
                "pairs": _pairs_held(need, sentence),
                "names": _held(need.names, sentence.names if need.names else ()),
                "names_title": _held(need.names, words_and_names(sentence.paper.title)),
                "says_what": float(bool(said)),
                **sentence.shape,
                **_wanted(need.scored_as, sentence),
            }
        )
    return rows


def _shared_terms(need: Need, sentence: Sentence) -> dict[str, float]:
    """Return how much of the question the sentence holds, and it with what stands around it."""
    title = sentence.within.title_terms
    return {
        "terms": need.share(sentence.terms),
        "terms_title": need.share(title),
        "terms_with_title": need.share(sentence.terms | title),
        "terms_nearby": need.share(sentence.terms_nearby),
        "terms_beyond_title": need.share_beyond(title, sentence.terms),
        "terms_beyond_title_nearby": need.share_beyond(title, sentence.terms_nearby),
        "terms_only_here": need.share(sentence.terms_only_here),
    }


def _window_cosine(item: Found, span: Span) -> float:
    """Return the cosine of the chunk that holds the sentence; the paper's worst if not found."""
    for (start, end), cosine in item.cosines.items():
        if start <= span.start and span.end <= end:
            return cosine
    return min(item.cosines.values(), default=0.0) * 0.9


def _held(asked: Collection[object], held: Collection[object]) -> float:
    """Return the share of what is asked that is held, 0 where nothing is."""
    return sum(item in held for item in asked) / len(asked) if asked else 0.0


def _pairs_held(need: Need, sentence: Sentence) -> float:
    """Return the share of the question's pairs of terms that the sentence holds."""
    # Few sentences hold both terms of any, so that most need not be taken apart into pairs.
    held = sum(
        first in sentence.terms and second in sentence.terms and (first, second) in sentence.pairs
        for first, second in need.pairs
    )
    return held / len(need.pairs) if need.pairs else 0.0


def _wanted(kind: Kind, sentence: Sentence) -> dict[str, float]:
    """Return the sentence's cues, each also paired with what the question wants."""
    says_title = float(bool(sentence.terms & sentence.within.title_terms))
    cues = {**sentence.cues, "says_title": says_title}
    return {**cues, **{f"{kind}*{cue}": value for cue, value in cues.items()}}
