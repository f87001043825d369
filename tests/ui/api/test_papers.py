import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper, paper_id
from ui.access.admission import Rules
from ui.access.keys import Keys

Run = Callable[..., subprocess.CompletedProcess[str]]
PAPER = {
    "title": "On Bees",
    "abstract": "Bees dance. It shows where food is.",
    "doi": "10.1234/Bee",
}
BEES = "doi:10.1234/bee"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def writer(
    serving: Callable[..., str],
    embedder: Embedder,
    sample_papers: list[Paper],
    keys: Keys,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    """A program whose key may write to a store of its own."""
    bearer = {"authorization": f"Bearer {keys.add('writer', ('read', 'write'))}"}
    with Corpus(tmp_path_factory.mktemp("own") / "store", embedder) as corpus:
        corpus.add(sample_papers[:5])
        address = serving(Assistant(corpus), rules=Rules(keys=keys))
        with httpx.Client(base_url=address, headers=bearer, timeout=60) as client:
            yield client


def test_a_paper_is_given_by_its_id(client: httpx.Client, assistant: Assistant) -> None:
    paper = next(assistant.corpus.papers())
    got = client.get(f"/api/v1/papers/{paper.id}").raise_for_status()
    assert Paper.model_validate_json(got.content) == paper
    tag = {"if-none-match": got.headers["etag"]}
    assert client.get(f"/api/v1/papers/{paper.id}", headers=tag).status_code == 304


def test_papers_like_one_are_the_librarys(client: httpx.Client, assistant: Assistant) -> None:
    paper = next(assistant.corpus.papers())
    got = client.get("/api/v1/similar", params={"paper_id": paper.id, "k": 4}).json()
    wanted = assistant.similar(paper.id, k=4)
    assert got["results"] == [result.model_dump(mode="json") for result in wanted]
    assert client.get("/api/v1/similar?paper_id=doi:10.1/none").status_code == 404


def test_a_paper_comes_is_found_and_goes(writer: httpx.Client) -> None:
    before = writer.get("/api/v1/stats").raise_for_status()
    sent = {"papers": [PAPER, {"title": "No abstract"}]}
    added = writer.post("/api/v1/papers", json=sent).raise_for_status().json()
    assert (added["added"], added["updated"], added["unchanged"]) == (1, 0, 0)
    assert added["skipped"] == ["request:2: no abstract"]
    # The papers have changed: what a client has kept is out of date.
    tag = {"if-none-match": before.headers["etag"]}
    assert writer.get("/api/v1/stats", headers=tag).json()["papers"] == 6
    assert writer.get(f"/api/v1/papers/{BEES}").json()["title"] == "On Bees"
    found = writer.get("/api/v1/search", params={"q": "where do bees find food", "k": 1}).json()
    assert found["results"][0]["paper"]["id"] == BEES
    assert writer.post("/api/v1/papers", json={"papers": [PAPER]}).json()["unchanged"] == 1
    assert writer.delete(f"/api/v1/papers/{BEES}").status_code == 204
    assert writer.get(f"/api/v1/papers/{BEES}").status_code == 404
    assert writer.delete(f"/api/v1/papers/{BEES}").status_code == 404


def test_a_paper_is_given_and_goes_by_the_id_that_it_had(writer: httpx.Client) -> None:
    former = paper_id(PAPER["title"])
    for sent in ({**PAPER, "doi": ""}, PAPER):
        writer.post("/api/v1/papers", json={"papers": [sent]}).raise_for_status()
    assert writer.get(f"/api/v1/papers/{former}").json()["id"] == BEES
    like = [writer.get(f"/api/v1/similar?paper_id={name}").json() for name in (former, BEES)]
    assert like[0] == like[1]
    assert writer.delete(f"/api/v1/papers/{former}").status_code == 204
    assert writer.get(f"/api/v1/papers/{BEES}").status_code == 404


def test_only_a_key_that_may_write_writes(writer: httpx.Client, keys: Keys) -> None:
    reader = {"authorization": f"Bearer {keys.add('reader', ('read',))}"}
    sent = {"papers": [PAPER]}
    refused = writer.post("/api/v1/papers", json=sent, headers=reader)
    assert refused.status_code == 403
    assert "--write" in refused.json()["detail"]
    assert writer.delete(f"/api/v1/papers/{BEES}", headers=reader).status_code == 403
    assert writer.get("/api/v1/stats", headers=reader).status_code == 200
    nobody = httpx.post(f"{writer.base_url}/api/v1/papers", json=sent)
    assert nobody.status_code == 401


def test_without_keys_nobody_writes(client: httpx.Client) -> None:
    assert client.post("/api/v1/papers", json={"papers": [PAPER]}).status_code == 403
    assert client.delete(f"/api/v1/papers/{BEES}").status_code == 403


def test_a_store_that_another_process_writes_to_is_a_conflict(
    serving: Callable[..., str], embedder: Embedder, keys: Keys, tmp_path: Path
) -> None:
    bearer = {"authorization": f"Bearer {keys.add('late', ('write',))}"}
    with Corpus(tmp_path / "store", embedder) as first:
        first.add([Paper(id="title:1", title="One", abstract="One sentence.")])
        with Corpus(tmp_path / "store", embedder) as second:
            address = serving(Assistant(second), rules=Rules(keys=keys))
            sent = {"papers": [PAPER]}
            got = httpx.post(f"{address}/api/v1/papers", json=sent, headers=bearer, timeout=60)
    assert got.status_code == 409
    assert got.headers["retry-after"]
