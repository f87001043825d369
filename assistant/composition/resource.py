"""Resource: where the code, the data or the model of a paper is, in the words of its abstract."""

import re
from collections.abc import Collection

from assistant.composition.draft import Chosen, Draft
from assistant.composition.one_thing import QUOTES, about_one_thing
from assistant.evidence.availability import availability_of, resources_in
from assistant.evidence.evidence import Evidence
from assistant.evidence.roles import roles_of
from assistant.evidence.sentence import RELEASE, sentences_of
from assistant.inquiry import Inquiry
from store.lexical import exact_words, holds_name
from store.papers import Paper

#: A question of where something is or whether it is out, rather than whether there is any.
_ACCESS = re.compile(
    r"\b(?:where|links?|urls?|github|gitlab|hugging ?face|repo(?:sitor(?:y|ies))?|code|codebase"
    r"|implementation|weights|checkpoints?|website|page|download\w*|available|open[- ]?sourced?"
    r"|released?|get|out)\b",
    re.IGNORECASE,
)
#: The probability that anything quoted answers, where the abstract does not speak of what is asked.
SILENT = 0.1


def about_a_resource(inquiry: Inquiry) -> Draft | None:
    """Quote first what the abstract asked about says of having the resource.

    Nothing is chosen where it says nothing of that. None where something else is asked.
    """
    if not inquiry.evidence or not _ACCESS.search(inquiry.text):
        return None
    asked = resources_in(inquiry.text)
    paper = inquiry.evidence[0].sentence.paper
    # Those first that were read again; each once.
    every = {item.sentence: item for item in (*inquiry.sentences, *inquiry.evidence)}
    places = dict.fromkeys(item.sentence for item in (*inquiry.evidence, *inquiry.sentences))
    own = [every[sentence] for sentence in places if sentence.paper.id == paper.id]
    saying = [item for item in own if availability_of(item.sentence.text, asked=asked)]
    if not inquiry.is_answered and not (saying and _puts_forward(paper, inquiry.need.names)):
        return None
    if not saying and not any(_touches(item, asked) for item in own):
        return Draft("resource", SILENT)
    first = saying[:1]
    others = [item for item in about_one_thing(inquiry.evidence) if item not in first]
    return Draft(
        "resource",
        # Where only the name decides, as sure as an answer must be.
        max(inquiry.confidence, inquiry.answer_from),
        tuple(
            Chosen(item, availability=availability_of(item.sentence.text, asked=asked))
            for item in [*first, *others][:QUOTES]
        ),
    )


def _puts_forward(paper: Paper, names: Collection[str]) -> bool:
    """Return whether one of the names is what the paper's title or a sentence puts forward.

    Many papers hold the name of what they are compared with, and give away something else.
    """
    title, sentences = exact_words(paper.title), sentences_of(paper)
    return any(
        holds_name(name, title) or "What it is" in roles_of(sentences, subject=name).values()
        for name in names
        # Neither "I" nor a number names a thing by itself.
        if len(name) > 1 and not name.isdigit()
    )


def _touches(item: Evidence, asked: frozenset[str]) -> bool:
    """Return whether a sentence may speak of the resource in words that are hard to tell."""
    text = item.sentence.text
    return bool(RELEASE.search(text.lower()) or "code" in asked & resources_in(text))
