"""PubMed's XML: a PubmedArticleSet, as its download service and its yearly files have it."""

from lxml import etree

from store.readers.dates import date_of
from store.readers.fields import Fields, one_line

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
    pmid = citation.findtext("PMID")
    kinds = [kind.text for kind in citation.iterfind("Article/PublicationTypeList/PublicationType")]
    doi = article.findtext("PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    return {
        "title": one_line(_content(citation.find("Article/ArticleTitle"))),
        "abstract": _abstract(citation.findall("Article/Abstract/AbstractText")),
        "authors": [_author(a) for a in citation.iterfind("Article/AuthorList/Author")],
        "published": _published(citation),
        "venue": citation.findtext("Article/Journal/Title"),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
        "categories": [
            heading.text
            for heading in citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName")
        ],
        "doi": doi or citation.findtext("Article/ELocationID[@EIdType='doi']"),
        "pmid": pmid,
        "withdrawn": RETRACTED in kinds,
    }


def _abstract(sections: list[etree._Element]) -> str:
    texts = ((section.get("Label"), _content(section)) for section in sections)
    return " ".join(f"{label}: {text}" if label else text for label, text in texts if text)


def _content(element: etree._Element | None) -> str:
    """Return the text in an element and in the elements inside it, such as <i> and <sub>."""
    return "" if element is None else "".join(map(str, element.itertext()))


def _author(author: etree._Element) -> str | None:
    parts = (author.findtext("ForeName"), author.findtext("LastName"), author.findtext("Suffix"))
    return " ".join(filter(None, parts)) or author.findtext("CollectiveName")


def _published(citation: etree._Element) -> str | None:
    """Return the date of the issue, or where that is only a year, of the electronic form."""
    found = [
        date_of(place.findtext("Year"), place.findtext("Month"), place.findtext("Day"))
        for place in (
            *citation.iterfind("Article/Journal/JournalIssue/PubDate"),
            *citation.iterfind("Article/ArticleDate"),
        )
    ]
    loose = citation.findtext("Article/Journal/JournalIssue/PubDate/MedlineDate") or ""
    return next(filter(None, found), None) or date_of(loose[:4])


RECORDS = {"PubmedArticle": _article}
ROOTS = frozenset(["PubmedArticleSet"])
