"""RIS: one line a fact."""

from collections.abc import Callable

from assistant.exports.reference import reference
from assistant.exports.ris import ris
from store.papers import Paper

MakePaper = Callable[..., Paper]


def lines(paper: Paper) -> list[tuple[str, str]]:
    """Return (tag, value) of each line, by the standard's own rule of two letters and "  - "."""
    (record,) = ris([reference(paper)])
    assert all(line[2:6] == "  - " for line in record[:-1].split("\n"))
    return [(line[:2], line[6:]) for line in record[:-1].split("\n")]


def test_a_record_has_one_line_a_fact(paper: MakePaper) -> None:
    assert lines(paper()) == [
        ("TY", "UNPB"),
        ("ID", "arxiv:2403.05530"),
        ("TI", "Long context"),
        ("AU", "van der Maaten, Laurens"),
        ("AU", "Vaswani, Ashish"),
        ("AU", "Google"),
        ("PY", "2024"),
        ("DA", "2024/03/08/"),
        ("DB", "arXiv"),
        ("AN", "2403.05530"),
        ("DO", "10.48550/arXiv.2403.05530"),
        ("UR", "https://example.org/a_b"),
        ("KW", "cs.CL"),
        ("KW", "stat.ML"),
        ("AB", "It is long. It has two lines."),
        ("ER", ""),
    ]


def test_dates_may_be_partial_and_the_rest_missing(paper: MakePaper) -> None:
    bare = {"authors": (), "categories": (), "url": None}
    month = lines(paper(id="doi:10.1234/a", published="2024-03", venue="Nature", **bare))
    assert ("DA", "2024/03//") in month
    assert month[0] == ("TY", "JOUR")
    assert [tag for tag, _ in month] == ["TY", "ID", "TI", "PY", "DA", "T2", "DO", "UR", "AB", "ER"]
    year = lines(paper(id="title:1", published="2024", venue="ACL 2024", **bare))
    assert ("DA", "2024///") in year
    assert year[0] == ("TY", "CPAPER")
    none = lines(paper(id="title:1", published=None, **bare))
    assert [tag for tag, _ in none] == ["TY", "ID", "TI", "AB", "ER"]
