"""Digest: what one person is told of, papers that answer their questions and all other new ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.corpus import Corpus
from store.watching import Recipient, Watch, Watching
from ui.feeds.found import Item, items

#: Papers of one mail besides those that answer; the rest come with the next.
OTHERS = 100


@dataclass(frozen=True, slots=True)
class Section:
    """A saved question and the new papers that answer it."""

    watch: Watch
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Digest:
    """New papers for one person, each of them once; `waiting` more come with the next digest."""

    recipient: Recipient
    sections: Sequence[Section]
    others: Sequence[Item]
    waiting: int = 0

    @property
    def answering(self) -> int:
        """How many of the papers answer a question."""
        return sum(len(section.items) for section in self.sections)

    @property
    def paper_ids(self) -> list[str]:
        """The papers that are told of."""
        answers = [item.paper.id for section in self.sections for item in section.items]
        return [*answers, *(item.paper.id for item in self.others)]

    def __bool__(self) -> bool:
        """Return whether there is anything to tell."""
        return bool(self.paper_ids)


def digest_for(recipient: Recipient, watching: Watching, corpus: Corpus) -> Digest:
    """Return what is new for somebody, as far as the saved questions have been caught up."""
    untold = watching.recipients.untold(recipient)
    left = set(untold)
    sections = []
    for watch in watching.watches.all():
        if watch.address != recipient.address:
            continue
        found = [one for one in watching.watches.found(watch.id) if one.paper_id in left]
        # A paper stands under the first question that it answers, and nowhere else.
        left -= {one.paper_id for one in found}
        if shown := items(corpus, found):
            sections.append(Section(watch, shown))
    # The last to come first. One that has been removed meanwhile is passed over.
    papers = corpus.get([one for one in reversed(untold) if one in left])
    others = [Item(paper) for paper in papers.values()]
    return Digest(recipient, sections, others[:OTHERS], max(0, len(others) - OTHERS))
