"""XML: arXiv's, PubMed's and EndNote's, one element a record, read as a stream.

What the parser decodes is the text: entities and character references are resolved, tags inside
a text are left out and their contents kept.
"""

from collections.abc import Iterator

from lxml import etree

from store.errors import ReadError
from store.readers import arxiv_xml, endnote_xml, pubmed_xml
from store.readers.fields import record_of
from store.readers.record import Record, Skipped, shortened
from store.readers.source import Source

NAME = "XML of arXiv, PubMed or EndNote"

#: The element that holds one record -> what makes fields of it.
RECORDS = {**arxiv_xml.RECORDS, **pubmed_xml.RECORDS, **endnote_xml.RECORDS}
#: The elements around them; with no record inside, such a document is empty and of a known kind.
ROOTS = arxiv_xml.ROOTS | pubmed_xml.ROOTS | endnote_xml.ROOTS


def recognises(head: str) -> bool:
    """Return whether a document starts with a tag."""
    return head.lstrip().startswith("<")


def read(source: Source) -> Iterator[Record]:
    """Yield the papers in order; a record that holds none is Skipped with its line.

    Raises ReadError, with the line, where the document is not well-formed XML, declares entities
    of its own, or is of another kind; what stands before is read.
    """
    elements = etree.iterparse(
        source,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        yield from _records(elements, source)
    except etree.XMLSyntaxError as error:
        raise ReadError(
            source.where, error.lineno, f"not XML: {shortened(error.msg, 120)}"
        ) from error


def _records(elements: "etree.iterparse[etree._Element]", source: Source) -> Iterator[Record]:
    root: etree._Element | None = None
    for event, element in elements:
        if root is None:
            root = element
            _require_known(root, source)
        make = RECORDS.get(element.tag)
        if event == "start" or make is None:
            continue
        line = element.sourceline or 0
        # Left as they stand, they would cut texts off.
        entity = next(element.iter(etree.Entity), None)
        if entity is None:
            yield record_of(make, element, source, line)
        else:
            reason = f"holds {shortened(entity.text)}, which the document declares nowhere"
            yield Skipped(source.where, line, reason)
        _forget(element)
        source.begin_record()


def _require_known(root: etree._Element, source: Source) -> None:
    document = root.getroottree().docinfo
    if document.internalDTD is not None and list(document.internalDTD.iterentities()):
        raise ReadError(source.where, 1, "declares XML entities of its own; it is refused")
    if root.tag not in ROOTS and root.tag not in RECORDS:
        # A damaged name space may hold anything, which lxml's QName refuses.
        name = shortened(root.tag.rpartition("}")[2])
        raise ReadError(
            source.where, root.sourceline, f"XML of an unknown kind, <{name}>; known is {NAME}"
        )


def _forget(element: etree._Element) -> None:
    """Free what has been read: the element's contents, and its elder siblings."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
