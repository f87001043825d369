"""The OpenAPI document says what the server does: Schemathesis looks for a case where not."""

import re
import subprocess
import sysconfig
from pathlib import Path

import httpx
import pytest

from assistant.answer import Answer
from ui.api.examples import examples
from ui.api.forms import Results

#: How errors come besides as problems, by how the path begins.
FORMS = {"v1": "application/json", "feeds": "text/plain"}
SCHEMATHESIS = str(Path(sysconfig.get_path("scripts")) / "schemathesis")
CONFIG = str(Path(__file__).with_name("schemathesis.toml"))


@pytest.mark.slow
def test_schemathesis_finds_nothing(base: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            SCHEMATHESIS, "--config-file", CONFIG, "run", f"{base}/openapi.json", "--no-color",
            "--max-examples", "10", "--seed", "1", "--suppress-health-check", "all",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_every_route_says_what_it_is_and_how_it_fails(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["info"]["description"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["tags"] and operation["description"], path
            form = FORMS.get(path.split("/")[1], "application/problem+json")
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert [*response["content"]] == [form], (path, status)
    known = {"/api/v1/ask", "/v1/chat/completions", "/feeds/papers.atom", "/metrics"}
    assert known <= document["paths"].keys()
    names = [one["operationId"] for of in document["paths"].values() for one in of.values()]
    assert len(names) == len({*names}) and {"ask", "search", "add_papers"} <= {*names}
    assert {tag["name"] for tag in document["tags"]} == {
        tag for of in document["paths"].values() for one in of.values() for tag in one["tags"]
    }


def test_the_examples_are_what_the_routes_take_and_give(client: httpx.Client) -> None:
    shown = examples()
    answer = Answer.model_validate(shown["answer"])
    # Whole, so that no field is missing from what a reader sees.
    assert answer.model_dump(mode="json") == shown["answer"]
    assert Results.model_validate(shown["results"]).model_dump(mode="json") == shown["results"]
    assert client.post("/api/v1/verify", json=shown["answer"]).json()["verified"]
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for path, form in (("ask", "Asked"), ("export", "Taken"), ("diff", "Compared")):
        for example in schemas[form]["examples"]:
            client.post(f"/api/v1/{path}", json=example).raise_for_status()


def test_the_page_of_the_api_loads_all_from_here(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "https://" not in page.text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 3
    for path in loaded:
        assert client.get(path).status_code == 200
