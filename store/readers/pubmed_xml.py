"""PubMed's XML: a PubmedArticleSet, as its download service and its yearly files have it."""

from collections.abc import Iterable

from lxml import etree

from store.readers.dates import date_of, first_date
from store.readers.fields import Fields, is_absent, one_line

#: How PubMed marks an article that was retracted.
RETRACTED = "Retracted Publication"


def _article(article: etree._Element) -> Fields:
    """Return the fields of a PubmedArticle.

    The sections of a structured abstract are joined as PubMed's own text form joins them: each
    with its label in front, "METHODS: ...", one blank between.
    """
    citation = article.find("MedlineCitation")
    if citation is None:
        raise ValueError("no MedlineCitation")
    kinds = [kind.text for kind in citation.iterfind("Article/PublicationTypeList/PublicationType")]
    doi = article.findtext("PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    journal = "Article/Journal/"
    places = (f"{journal}Title", f"{journal}ISOAbbreviation", "MedlineJournalInfo/MedlineTA")
    headings = citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName")
    return {
        **_named(citation.findtext("PMID")),
        "title": _title(citation, "Article/ArticleTitle", "Article/VernacularTitle"),
        "abstract": _abstract(citation.findall("Article/Abstract/AbstractText"))
        or _abstract(_other(citation.findall("OtherAbstract"))),
        "authors": _authors(citation.iterfind("Article/AuthorList/Author")),
        "published": _published(citation),
        "venue": next(filter(None, map(citation.findtext, places)), None),
        "categories": [heading.text for heading in headings] or _keywords(citation),
        "doi": doi or citation.findtext("Article/ELocationID[@EIdType='doi']"),
        "withdrawn": RETRACTED in kinds,
    }


def _book_article(article: etree._Element) -> Fields:
    """Return the fields of a PubmedBookArticle: a book, or one chapter of it."""
    book = article.find("BookDocument")
    if book is None:
        raise ValueError("no BookDocument")
    authors = book.findall("AuthorList/Author") or book.findall("Book/AuthorList/Author")
    dates = ("ContributionDate", "Book/PubDate", "Book/BeginningDate")
    return {
        **_named(book.findtext("PMID")),
        "title": _title(book, "ArticleTitle", "Book/BookTitle"),
        "abstract": _abstract(book.findall("Abstract/AbstractText")),
        "authors": _authors(authors),
        "published": next(filter(None, (_date(book.find(place)) for place in dates)), None),
        "venue": one_line(_content(book.find("Book/BookTitle"))),
        "categories": _keywords(book),
        "doi": book.findtext("ArticleIdList/ArticleId[@IdType='doi']"),
    }


def _deleted(citations: etree._Element) -> Fields:
    """Raise ValueError: a file of updates names here what PubMed has deleted."""
    raise ValueError(f"PubMed has deleted {len(citations)} of its records, which are not read here")


def _named(pmid: str | None) -> Fields:
    return {"pmid": pmid, "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None}


def _title(element: etree._Element, *places: str) -> str | None:
    """Return the title at the first of these places that has one, not "[Not Available]."."""
    titles = (one_line(_content(element.find(place))) for place in places)
    return next((title for title in titles if title and not is_absent(title)), None)


def _abstract(sections: Iterable[etree._Element]) -> str:
    texts = ((section.get("Label"), _content(section)) for section in sections)
    return " ".join(f"{label}: {text}" if label else text for label, text in texts if text)


def _other(abstracts: list[etree._Element]) -> list[etree._Element]:
    """Return the sections of the abstract that is in English, else of the first one."""
    english = [one for one in abstracts if one.get("Language") == "eng"]
    return next((one.findall("AbstractText") for one in (*english, *abstracts)), [])


def _content(element: etree._Element | None) -> str:
    """Return the text in an element and in the elements inside it, such as <i> and <sub>."""
    return "" if element is None else "".join(map(str, element.itertext()))


def _keywords(element: etree._Element) -> list[str]:
    return [_content(keyword) for keyword in element.iterfind("KeywordList/Keyword")]


def _authors(authors: Iterable[etree._Element]) -> list[str]:
    return [_author(author) for author in authors]


def _author(author: etree._Element) -> str:
    first = author.findtext("ForeName") or author.findtext("Initials")
    parts = (first, author.findtext("LastName"), author.findtext("Suffix"))
    return " ".join(filter(None, parts)) or _content(author.find("CollectiveName"))


def _published(citation: etree._Element) -> str | None:
    """Return the date of the issue, or where it has only a loose one, of the electronic form."""
    issue = citation.find("Article/Journal/JournalIssue/PubDate")
    found = [_date(issue), *map(_date, citation.iterfind("Article/ArticleDate"))]
    loose = issue.findtext("MedlineDate") if issue is not None else None
    return next(filter(None, found), None) or first_date(loose)


def _date(place: etree._Element | None) -> str | None:
    if place is None:
        return None
    return date_of(place.findtext("Year"), place.findtext("Month"), place.findtext("Day"))


RECORDS = {
    "PubmedArticle": _article,
    "PubmedBookArticle": _book_article,
    "DeleteCitation": _deleted,
    "DeleteDocument": _deleted,
}
ROOTS = frozenset(["PubmedArticleSet", "PubmedBookArticleSet"])
