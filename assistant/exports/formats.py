"""Format: what answers and papers can be written as; light, for the command line to offer."""

from enum import StrEnum


class Format(StrEnum):
    """A format by the name that it is asked for under."""

    MARKDOWN = "markdown"
    BUNDLE = "bundle"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"
    JSONL = "jsonl"

    @property
    def media_type(self) -> str:
        """The media type of a file of this format."""
        return _MEDIA_TYPES[self]

    @property
    def suffix(self) -> str:
        """What the name of such a file ends with."""
        return _SUFFIXES[self]


#: What answers can be written as, and what a collection of papers can.
OF_ANSWERS = (Format.MARKDOWN, Format.BUNDLE, Format.BIBTEX, Format.RIS, Format.CSL)
OF_PAPERS = (Format.JSONL, Format.BIBTEX, Format.RIS, Format.CSL)

_MEDIA_TYPES = {
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.BUNDLE: "application/json",
    Format.BIBTEX: "application/x-bibtex; charset=utf-8",
    Format.RIS: "application/x-research-info-systems; charset=utf-8",
    Format.CSL: "application/vnd.citationstyles.csl+json",
    Format.JSONL: "application/jsonl",
}
_SUFFIXES = {
    Format.MARKDOWN: ".md",
    Format.BUNDLE: ".json",
    Format.BIBTEX: ".bib",
    Format.RIS: ".ris",
    Format.CSL: ".csl.json",
    Format.JSONL: ".jsonl",
}
