"""Settings: from ASSISTANT_* environment variables; flags of the command line go before them."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from store.errors import SettingsError
from store.opening import default_cache, default_store

#: A site as a browser names it: scheme, host and perhaps port.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?")


class Settings(BaseSettings):
    """What can be set; each field is read from ASSISTANT_ and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_ignore_empty=True, extra="ignore"
    )

    store: Path = Field(default_factory=default_store)
    cache: Path = Field(default_factory=default_cache)
    model: str | None = None
    rerank: bool = True
    reranker: str | None = None
    database_url: str | None = None
    chroma_url: str | None = None
    chroma_collection: str = "chunks"
    chroma_key: SecretStr | None = None
    chroma_tenant: str | None = None
    chroma_database: str | None = None
    arxiv_url: str | None = None
    pubmed_url: str | None = None
    daily_papers_url: str | None = None
    count_citations: bool = True
    feedback: bool = True
    chat_may_add: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    name: str | None = None
    hosts: str = ""
    origins: str = ""
    frame_ancestors: str = ""
    rate: str | None = None
    timeout: float = Field(default=30, gt=0)
    passwords: Path | None = None
    user_header: str | None = None
    url: str | None = None
    smtp_url: str | None = None
    mail_from: str | None = None
    log: Literal["text", "json"] = "text"
    log_questions: bool = False

    @property
    def title(self) -> str:
        """What the pages, the feeds and the mails are headed with."""
        return self.name or "Abstract assistant"

    @property
    def services(self) -> dict[str, str]:
        """The addresses that are asked in the place of the services' own, by name."""
        given = {
            "arxiv": self.arxiv_url,
            "pubmed": self.pubmed_url,
            "daily-papers": self.daily_papers_url,
        }
        return {name: url for name, url in given.items() if url}

    @field_validator("frame_ancestors")
    @classmethod
    def _origins(cls, sites: str) -> str:
        # They go into a header word for word.
        for site in sites.split():
            if not _ORIGIN.fullmatch(site):
                raise ValueError(f'{site!r} is no site; give one such as "https://example.org"')
        return sites

    @field_validator("url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "http://none")
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
            raise ValueError('give an address such as "https://papers.example.org"')
        return url.rstrip("/") if url else None

    @field_validator("rate")
    @classmethod
    def _readable(cls, rate: str | None) -> str | None:
        from limits import parse

        if rate is not None:
            try:
                parse(rate)
            except ValueError:
                raise ValueError('give a number and a time, such as "600/minute"') from None
        return rate


def settings_for(**flags: object) -> Settings:
    """Return the settings with the flags that were given in front; raise where one is wrong."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "ASSISTANT_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(
            f"{name} (or its flag) is {first['input']!r}: {first['msg'].lower()}; correct it"
        ) from error
