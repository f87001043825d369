"""Holdings: questions about the collection itself, answered with a figure and what it counts."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice

from assistant.answer import Count
from assistant.composition.draft import Chosen, Draft
from assistant.evidence.evidence import Evidence
from assistant.evidence.matching import best_of_papers
from assistant.evidence.roles import describing
from assistant.inquiry import Inquiry
from assistant.question.collection import asked_of_collection
from assistant.retrieval.representatives import representatives
from store.columns import day_of_year
from store.lexical import terms

#: Papers quoted beside a figure, and where the papers themselves are asked for.
SHOWN, LISTED = 3, 20
#: Papers that stand for all where the collection is to be described.
TYPICAL = 6
#: Days of a week that ends with the newest day.
WEEK = 7
#: A year that has every day that a listing may name.
LEAP = 2000


def about_holdings(inquiry: Inquiry) -> Draft | None:
    """Return a figure about the collection and papers that show it; None for other questions."""
    asked = asked_of_collection(inquiry.text)
    if asked is None:
        return None
    match asked.what:
        case "number":
            return _on_topic(inquiry, asked.topic) if asked.topic else _all(inquiry, k=SHOWN)
        case "papers":
            return _all(inquiry, k=LISTED)
        case "overview":
            return _overview(inquiry)
        case "newest":
            return _recent(inquiry, asked.span)
        case "listed":
            return _listed(inquiry, asked.day)
        case "venues":
            return _venues(inquiry)


def _all(inquiry: Inquiry, *, k: int) -> Draft:
    shelf = inquiry.shelf(k=k)
    what = f"{_verb(shelf.total, 'are', 'is')} here to be searched"
    return _quoting(inquiry, Count(number=shelf.total, what=what), shelf.paper_ids)


def _overview(inquiry: Inquiry) -> Draft:
    """Return how many papers there are, of when, and some that stand for them."""
    shelf = inquiry.shelf(k=0)
    days = shelf.facets["published"]
    years = dict.fromkeys((min(days)[:4], max(days)[:4])) if days else ()
    dated = f", of {' to '.join(years)}" if years else ""
    what = f"{_verb(shelf.total, 'are', 'is')} here{dated}; some that stand for them follow"
    within = inquiry.corpus.select() if inquiry.within is None else inquiry.within
    found = representatives(inquiry.corpus, within, k=TYPICAL)
    return _quoting(inquiry, Count(number=shelf.total, what=what), found)


def _on_topic(inquiry: Inquiry, topic: str) -> Draft:
    """Return how many papers hold all words of the topic, and the best of them."""
    number = inquiry.corpus.count(topic, within=inquiry.within)
    words = ", ".join(dict.fromkeys(word for word in topic.split() if terms(word)))
    what = f"{_verb(number, 'hold', 'holds')} each of these words in some form: {words}"
    asked = inquiry.about(f"papers on {topic}")
    best = best_of_papers((*asked.evidence, *asked.sentences))
    # Those that were counted, by the same rule.
    held = (item for key, item in best.items() if inquiry.corpus.count(topic, within=[key]))
    chosen = [Chosen(item) for item in islice(held, SHOWN)]
    confidence = asked.confidence if chosen else 0.0
    return Draft("corpus", confidence, chosen, count=Count(number=number, what=what))


def _recent(inquiry: Inquiry, span: str | None) -> Draft | None:
    """Return the papers of the newest day, or of the span that ends with it.

    The newest date here stands for today, so that the same question on the same papers has the
    same answer. Where no paper is dated, the days of listings are what is gone by; None where
    there are none either.
    """
    facets = inquiry.shelf(k=0).facets
    if facets["published"]:
        newest = max(facets["published"])
        since = _since(newest, span)
        # What is dated less exactly than that may be older.
        dated = [day for day in facets["published"] if day >= since]
        shelf = inquiry.shelf(k=SHOWN, published=dated)
        said = newest if since == newest else f"{since} to {newest}"
    elif facets["listed"]:
        newest = max(facets["listed"], key=day_of_year)
        days = [day for day in facets["listed"] if _is_near(day, newest, span)]
        shelf = inquiry.shelf(k=SHOWN, listed=days)
        said = f"listings of {', '.join(sorted(days, key=day_of_year))}"
    else:
        return None
    what = f"{_verb(shelf.total, 'are', 'is')} of {said}; the newest date here is {newest}"
    return _quoting(inquiry, Count(number=shelf.total, what=what), shelf.paper_ids)


def _listed(inquiry: Inquiry, wanted: str) -> Draft | None:
    """Return the papers of the listings of a day or month, whose year no listing names.

    None where no paper is of a listing.
    """
    days = inquiry.shelf(k=0).facets["listed"]
    if not days:
        return None
    month, _, day = wanted.partition(" ")
    # The 1st stands in for a month without a day: of that, only the month counts.
    exactly = 2 if day else 1
    same = day_of_year(wanted if day else f"{month} 1")[:exactly]
    listed = [one for one in days if day_of_year(one)[:exactly] == same]
    shelf = inquiry.shelf(k=LISTED, listed=listed)
    what = f"{_verb(shelf.total, 'are', 'is')} of listings of {wanted}"
    return _quoting(inquiry, Count(number=shelf.total, what=what), shelf.paper_ids)


def _since(newest: str, span: str | None) -> str:
    """Return the first date of the span that ends with the newest one."""
    if span == "year":
        return newest[:4]
    if span == "month":
        return newest[:7]
    if span == "week" and len(newest) == len("2024-03-11"):
        return (date.fromisoformat(newest) - timedelta(days=WEEK - 1)).isoformat()
    return newest


def _is_near(day: str, newest: str, span: str | None) -> bool:
    """Return whether a listing's day, which names no year, lies in the span up to the newest."""
    (month, at), (newest_month, newest_at) = day_of_year(day), day_of_year(newest)
    if span == "week" and month:
        first, last = (date(LEAP, number, 1).toordinal() for number in (month, newest_month))
        return (last + newest_at) - (first + at) < WEEK
    return span == "year" or (month == newest_month and span == "month") or day == newest


def _venues(inquiry: Inquiry) -> Draft | None:
    """Return how many venues the papers name, and the newest paper of each of the commonest."""
    venues = inquiry.shelf(k=0).facets["venue"]
    if not venues:
        return None
    common = sorted(venues, key=lambda venue: (-venues[venue], venue))[:SHOWN]
    found = [inquiry.shelf(k=1, venues=(venue,)).paper_ids[0] for venue in common]
    names = ", ".join(f"{venue} ({venues[venue]:,})" for venue in common)
    subject = "venue is" if len(venues) == 1 else "venues are"
    what = f"{subject} named by the papers; most often {names}"
    return _quoting(inquiry, Count(number=len(venues), what=what), found)


def _quoting(inquiry: Inquiry, count: Count, ids: Sequence[str]) -> Draft:
    """Return a figure that is exact, with what each of the papers is about."""
    papers = inquiry.corpus.get(ids).values()
    chosen = [Chosen(Evidence(describing(paper), 1.0, {})) for paper in papers]
    return Draft("corpus", 1.0 if chosen else 0.0, chosen, count=count)


def _verb(number: int, many: str, one: str) -> str:
    return f"paper {one}" if number == 1 else f"papers {many}"
