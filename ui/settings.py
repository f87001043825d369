"""Settings: from ASSISTANT_* environment variables; flags of the command line go before them."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from store.errors import SettingsError
from store.opening import default_cache, default_store


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
    arxiv_url: str | None = None
    pubmed_url: str | None = None
    daily_papers_url: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)


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
