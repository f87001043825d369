"""Reading what a test writes: text, or the bytes of a file, as one format or as any."""

import io
from collections.abc import Callable
from types import ModuleType

import pytest

from store.papers import Paper
from store.readers import Record, read_papers
from store.readers.source import Source

ReadAs = Callable[..., list[Record]]


@pytest.fixture(scope="session")
def read_as() -> ReadAs:
    """Read text as the format of a module."""

    def read(module: ModuleType, text: str, *, name: str = "papers") -> list[Record]:
        source = Source(io.BytesIO(text.encode()), where=name, name=name)
        return list(module.read(source))

    return read


@pytest.fixture(scope="session")
def read() -> Callable[..., list[Record]]:
    """Read bytes or text, whatever they hold."""

    def read(content: bytes | str, *, name: str = "papers") -> list[Record]:
        raw = content.encode() if isinstance(content, str) else content
        return list(read_papers(io.BytesIO(raw), name=name))

    return read


@pytest.fixture(scope="session")
def paper(read: Callable[..., list[Record]]) -> Callable[..., Paper]:
    """Read the one paper that bytes or text hold."""

    def paper(content: bytes | str, *, name: str = "papers") -> Paper:
        (record,) = read(content, name=name)
        assert isinstance(record, Paper), record
        return record

    return paper
