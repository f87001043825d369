"""Chroma Cloud, as far as a server here can stand in for it: one that keeps its quotas."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import numpy as np
import pytest
from fastapi import FastAPI, Request, Response

from store.chroma_client import ChromaServer
from store.chroma_server import CLOUD_NEAREST
from store.corpus import Corpus
from store.embedding import Embedder
from store.papers import Paper
from tests.conftest import running_chroma
from tests.ui.conftest import running

KEY = "ck-secret"
#: Of one write and of one search, by what Chroma says of its service.
RECORDS, RESULTS = 300, 300


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Its address, and what was asked of it: the end of the path, and how many it was about."""
    asked: list[tuple[str, int]] = []
    app = FastAPI()
    with running_chroma(tmp_path / "chroma") as behind, closing(httpx.Client()) as client:

        @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
        async def passed_on(path: str, request: Request) -> Response:
            if request.headers.get("x-chroma-token") != KEY:
                return Response('{"error": "Unauthorized"}', 401)
            body = await request.body()
            said = json.loads(body) if body else {}
            what = path.rpartition("/")[2]
            many = said.get("n_results") or len(said.get("ids") or ())
            if many > (RESULTS if what == "query" else RECORDS):
                return Response('{"error": "QuotaExceeded"}', 422)
            asked.append((what, many))
            url, kind = f"{behind}/{path}?{request.url.query}", "application/json"
            given = client.request(
                request.method, url, content=body, headers={"Content-Type": kind}
            )
            return Response(given.content, given.status_code, media_type=kind)

        with running(app) as address:
            yield address, asked


@pytest.mark.slow
def test_within_its_quotas_it_finds_what_a_store_here_does(
    cloud: tuple[str, list[tuple[str, int]]],
    tmp_path: Path,
    postgres: Callable[[], str],
    embedder: Embedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address, asked = cloud
    papers = [
        Paper(id=f"title:{n}", title=f"Sample {n}", abstract=f"Sample {n} weighs {n * n} grams.")
        for n in range(700)
    ]
    server = ChromaServer(
        url=address, key=KEY, tenant="default_tenant", database="default_database"
    )
    with (
        Corpus(tmp_path / "a", embedder, url=postgres(), chroma=server, exact_up_to=0) as there,
        Corpus(tmp_path / "b", embedder) as here,
    ):
        for corpus in (there, here):
            corpus.add(papers)
            corpus.remove([papers[0].id])
        assert [many for what, many in asked if what == "upsert"] == [300, 300, 100]
        vector = here.embed("How much does sample 40 weigh?")
        asked.clear()
        # More than it gives at once are found here, which is nothing to warn of.
        for k in (10, 500, CLOUD_NEAREST + 1):
            found, expected = (corpus.nearest(vector, k=k) for corpus in (there, here))
            assert found.hits == expected.hits
            assert np.array_equal(found.vectors, expected.vectors)
        assert [many for what, many in asked if what == "query"] == [10] * 6 + [300] * 6
        assert not caplog.records
    wrong = ChromaServer(url=address, key="ck-other")
    with Corpus(tmp_path / "c", embedder, url=postgres(), chroma=wrong, exact_up_to=0) as corpus:
        corpus.add(papers[:3])
        assert len(corpus.nearest(vector, k=10).hits) == 3
