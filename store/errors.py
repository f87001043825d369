"""The errors a caller may meet, as one small tree.

AssistantError
├── ReadError        a source cannot be read as papers
├── FetchError       a service does not give the papers that it is asked for
├── ModelError       a model is damaged, changed, of another sort or not the store's own
│   └── ModelNotFound
├── StoreError       a store cannot be opened or written
│   ├── StoreBusy    another process is writing to it
│   ├── StoreReadOnly
│   └── PaperNotFound
├── QuestionError    a question cannot be asked as it stands
├── ExportError      an answer cannot be written in the format asked for
├── MissingExtra     a part was asked for whose libraries are not installed
├── SettingsError    an environment variable or flag has an unusable value
├── ServerError      the web server cannot start
├── MailError        a mail server cannot be used
└── TimedOut         the web server waited too long for an answer

Each message says what was wrong, shows the value, and says what to do; it fits on one line.
"""

from pathlib import Path


class AssistantError(Exception):
    """Base of every error that this project raises on purpose."""


def in_one_line(error: BaseException) -> str:
    """Return what another library's exception says, in one line that names its sort."""
    said = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


class ReadError(AssistantError):
    """Raised if a source cannot be read; `path` and `line` (from 1, or None) say where."""

    def __init__(self, path: Path | str, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        where = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{where}: {reason}")


class FetchError(AssistantError):
    """Raised if a service cannot be reached, or does not give what it is asked for."""


class ModelError(AssistantError):
    """Raised if a model is missing, damaged, unfit, or not the one the store was built with."""


class ModelNotFound(ModelError):
    """Raised if a model is not on this machine."""


class StoreError(AssistantError):
    """Raised if a store cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Raised if another process holds the store for writing."""


class StoreReadOnly(StoreError):
    """Raised if something is to be kept in a `folder` that can only be read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"the store {str(folder)!r} can be read, but not changed; make the folder writable, "
            "or copy it and name the copy"
        )


class PaperNotFound(StoreError):
    """Raised if a paper id is not in the store."""


class QuestionError(AssistantError):
    """Raised if a question is empty, too long, or not text."""


class ExportError(AssistantError):
    """Raised if an answer cannot be written in the format asked for."""


class ServerError(AssistantError):
    """Raised if the web server cannot listen where it was told to."""


class MailError(AssistantError):
    """Raised if a mail server cannot be reached, or refuses what it is asked for."""


class TimedOut(AssistantError):
    """Raised if something took longer than the web server waits for it."""


class SettingsError(AssistantError):
    """Raised if an environment variable or a flag has a value that cannot be used."""


class MissingExtra(AssistantError):
    """Raised if a part of the project is used whose optional libraries are not installed."""

    def __init__(self, extra: str, library: str) -> None:
        super().__init__(
            f"this needs {library}, which is not installed; "
            f'install it with: pip install "abstract-assistant[{extra}]"'
        )
