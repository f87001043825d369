"""The OpenAPI document says what the server does: Schemathesis looks for a case where not."""

import subprocess
import sysconfig
from pathlib import Path

import httpx
import pytest

SCHEMATHESIS = str(Path(sysconfig.get_path("scripts")) / "schemathesis")
CONFIG = str(Path(__file__).with_name("schemathesis.toml"))


@pytest.mark.slow
def test_schemathesis_finds_nothing(base: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            SCHEMATHESIS, "--config-file", CONFIG, "run", f"{base}/openapi.json", "--no-color",
            "--max-examples", "15", "--seed", "1", "--suppress-health-check", "all",
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
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert [*response["content"]] == ["application/problem+json"], (path, status)
    examples = document["components"]["schemas"]["Asked"]["properties"]["question"]["examples"]
    assert examples == ["What is HyenaDNA?"]
