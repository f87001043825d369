"""BibTeX: entries as people write them, which another parser reads."""

import re
from collections.abc import Callable

import pytest
from pybtex.database import BibliographyData, parse_string

from assistant.exports.bibtex import bibtex, latex
from assistant.exports.reference import reference
from store.papers import Paper

MakePaper = Callable[..., Paper]


def read(*papers: Paper) -> BibliographyData:
    return parse_string("\n".join(bibtex(map(reference, papers))), "bibtex")


def test_an_entry_is_written_as_people_write_it(paper: MakePaper) -> None:
    assert list(bibtex([reference(paper())])) == [
        "@misc{arxiv:2403.05530,\n"
        "\ttitle = {{Long context}},\n"
        "\tauthor = {van der Maaten, Laurens and Vaswani, Ashish and {Google}},\n"
        "\tyear = {2024},\n"
        "\tmonth = mar,\n"
        "\teprint = {2403.05530},\n"
        "\tarchivePrefix = {arXiv},\n"
        "\tprimaryClass = {cs.CL},\n"
        "\tkeywords = {cs.CL, stat.ML},\n"
        "\tdoi = {10.48550/arXiv.2403.05530},\n"
        "\turl = {https://example.org/a_b},\n"
        "\tabstract = {It is long. It has two lines.}\n"
        "}\n"
    ]


def test_another_parser_reads_names_dates_and_identifiers(paper: MakePaper) -> None:
    found = read(
        paper(published="2024-03"),
        paper(id="doi:10.1234/a_b{c", published="2024", venue="Bread & Butter", url=None),
        paper(id="title:1", published=None, venue="EMNLP", authors=()),
    )
    preprint, article, conference = found.entries.values()
    assert [str(person) for person in preprint.persons["author"]] == [
        "van der Maaten, Laurens",
        "Vaswani, Ashish",
        "{Google}",
    ]
    assert (preprint.type, preprint.fields["year"], preprint.fields["month"]) == (
        "misc",
        "2024",
        "March",
    )
    assert (article.type, article.fields["journal"]) == ("article", r"Bread \& Butter")
    assert article.fields["doi"] == "10.1234/a_b%7Bc"
    assert article.fields["url"] == "https://doi.org/10.1234/a_b%7Bc"
    assert "month" not in article.fields
    assert (conference.type, conference.fields["booktitle"]) == ("inproceedings", "EMNLP")
    assert not {"year", "author", "eprint"} & set(conference.fields)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (r"50\% of Erd\H{o}s \& {\'e}t\'e", None),
        (r"An $O(n^2)$ and $\mathcal{O}(n \log n)$ bound", None),
        (r"From $5 to $6, or $5-$6", r"From \$5 to \$6, or \$5-\$6"),
        (r"Reads $\input{/etc/passwd}$", None),
        (r"Reads $^^5cinput{x}$", None),
        (r"Opens $\frac{1}{2$", None),
    ],
)
def test_latex_in_a_title_stays_latex_where_it_can_do_nothing(
    title: str, shown: str | None
) -> None:
    made = latex(title)
    assert made.count("{") == made.count("}")
    if shown:
        assert made == shown
    elif "Reads" in title or "Opens" in title:
        assert r"\input" not in made and "^^" not in made and made.count("$") == made.count(r"\$")
    else:
        assert set(re.findall(r"\$[^$]*\$", title)) <= set(re.findall(r"\$[^$]*\$", made))
