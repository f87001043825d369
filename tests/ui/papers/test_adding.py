import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from limits import parse
from playwright.sync_api import expect

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.errors import SettingsError
from store.popularity import Popularity
from tests.store.fetching.test_fetching import UNKNOWN, Service
from tests.ui.conftest import running
from tests.ui.papers.conftest import HOSTILE, PAPERS
from ui.commands.serving import RATE, _may_add, _rules
from ui.papers.adding import LONGEST_UPLOAD
from ui.server import make_app
from ui.settings import Settings

OpenReader = Callable[..., Any]

GOOD = {"title": "Tides as a source of power", "abstract": "Tides lift turbines twice a day."}
RECORDS = "\n".join(
    [
        json.dumps(GOOD),
        '{"title": "No abstract at all"}',
        json.dumps({"title": HOSTILE, "abstract": f"{HOSTILE} again."}),
    ]
)


@pytest.fixture
def app(corpus: Corpus, popularity: Popularity) -> FastAPI:
    return make_app(Assistant(corpus), title="Library", popularity=popularity, may_add=True)


@pytest.fixture
def closed(corpus: Corpus, uploads: Path) -> Iterator[str]:
    with running(make_app(Assistant(corpus), title="Library")) as at:
        yield at


@pytest.mark.browser
def test_a_file_is_added_with_a_report_of_what_was_skipped_and_why(
    reader: OpenReader, corpus: Corpus, tmp_path: Path
) -> None:
    file = tmp_path / "tides <b>.jsonl"
    file.write_text(RECORDS)
    one = reader()
    page = one.go("/papers")
    page.get_by_role("link", name="Add").click()
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Add").click()
    expect(page.locator("h1")).to_have_text("1 added", timeout=20_000)
    expect(page.locator(".aa-record dd")).to_have_text(["1", "1", "0", "1"])
    expect(page.locator(".aa-skipped li")).to_contain_text(["tides <b>.jsonl:2"])
    assert one.titles == [GOOD["title"], HOSTILE]
    page.get_by_role("link", name=GOOD["title"]).click()
    expect(page.locator(".aa-abstract")).to_have_text(GOOD["abstract"])
    one.go("/paper/title:hostile")
    expect(page.locator("h1")).to_have_text(HOSTILE)
    expect(page).not_to_have_url(re.compile("hostile"))
    assert len(corpus) == len(PAPERS) + 1


@pytest.mark.browser
def test_pasted_records_are_added_and_a_paper_is_removed(
    reader: OpenReader, corpus: Corpus
) -> None:
    one = reader()
    page = one.go("/papers/add")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was given")
    page.get_by_label("Or paste records").fill(json.dumps(GOOD))
    page.get_by_role("button", name="Add").click()
    expect(page.locator("h1")).to_have_text("1 added", timeout=20_000)
    page.get_by_role("link", name=GOOD["title"]).click()
    page.get_by_text("Remove this paper").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page).to_have_url(re.compile("/papers$"))
    assert len(corpus) == len(PAPERS)


def test_papers_are_named_by_their_ids(corpus: Corpus, uploads: Path) -> None:
    named = ["arxiv:2403.00777", "pmid:7"]
    with Service() as service, ExitStack() as afterwards:
        threading.Thread(target=service.serve_forever).start()
        afterwards.callback(service.shutdown)
        places = {"arxiv": f"{service.url}/arxiv", "pubmed": f"{service.url}/pubmed"}
        app = make_app(Assistant(corpus), title="Library", may_add=True, services=places)
        with running(app) as at:
            form = {"text": f"2403.00777 PMID:7 {UNKNOWN}"}
            to = httpx.post(f"{at}/papers/add", data=form).headers["location"]
            afterwards.callback(lambda: corpus.remove(list(corpus.get(named))))
            _until_done(f"{at}{to}/progress")
            report = httpx.get(f"{at}{to}").text
        assert f"{UNKNOWN}: arxiv has no paper of this id" in report
        assert corpus.get(named)["pmid:7"].abstract == "It is 7."


@pytest.mark.browser
def test_what_cannot_be_read_is_said(reader: OpenReader, corpus: Corpus) -> None:
    page = reader().go("/papers/add")
    page.get_by_label("Or paste records").fill("<script>window.__ran=1</script>")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert").first).to_contain_text("pasted text", timeout=20_000)
    assert len(corpus) == len(PAPERS)


def test_without_leave_nothing_is_added_or_removed(closed: str, corpus: Corpus) -> None:
    assert httpx.get(f"{closed}/papers/add").status_code == 403
    assert httpx.post(f"{closed}/papers/add", data={"text": RECORDS}).status_code in (404, 405)
    form = {"paper_id": PAPERS[0].id}
    assert httpx.post(f"{closed}/papers/remove", data=form).status_code in (404, 405)
    assert "Remove this paper" not in httpx.get(f"{closed}/paper/{PAPERS[0].id}").text
    assert len(corpus) == len(PAPERS)


@pytest.mark.parametrize("path", ["add", "remove"])
def test_a_page_of_another_site_can_change_nothing(address: str, corpus: Corpus, path: str) -> None:
    form = {"paper_id": PAPERS[0].id, "text": RECORDS}
    headers = {"origin": "https://evil.example"}
    assert httpx.post(f"{address}/papers/{path}", data=form, headers=headers).status_code == 403
    assert len(corpus) == len(PAPERS)


@pytest.mark.parametrize("name", ["/etc/passwd", "../../etc/passwd", "C:\\secret.txt", ""])
def test_a_path_that_the_browser_names_is_never_read(
    address: str, corpus: Corpus, name: str
) -> None:
    files = {"files": (name, json.dumps(GOOD).encode())}
    answer = httpx.post(f"{address}/papers/add", files=files, data={"files": "/etc/passwd"})
    page = httpx.get(address + answer.headers["location"]).text
    assert "root:" not in page
    assert "etc/" not in page


def test_an_upload_that_is_too_long_is_refused(address: str) -> None:
    files = {"files": ("long.jsonl", b" " * LONGEST_UPLOAD)}
    assert httpx.post(f"{address}/papers/add", files=files).status_code == 413
    answer = httpx.post(f"{address}/papers/vote", content=b"x" * 1_000_001)
    assert answer.status_code == 413


def test_a_network_is_not_let_in_unasked() -> None:
    everywhere = "0.0.0.0"  # noqa: S104
    assert not _may_add(Settings(host=everywhere))
    assert not _may_add(Settings())
    assert _may_add(Settings(chat_may_add=True))
    with pytest.raises(SettingsError, match="ASSISTANT_PASSWORDS"):
        _may_add(Settings(chat_may_add=True, host=everywhere))


def test_a_name_that_a_proxy_answers_to_is_the_network_too(tmp_path: Path) -> None:
    public = {"chat_may_add": True, "hosts": "localhost papers.example.org", "store": tmp_path}
    with pytest.raises(SettingsError, match="answering to papers"):
        _may_add(Settings.model_validate(public))
    assert _may_add(Settings.model_validate(public | {"user_header": "X-User"}))
    assert _may_add(Settings.model_validate(public | {"hosts": "localhost"}))
    assert _rules(Settings.model_validate(public)).rate == parse(RATE)
    assert _rules(Settings.model_validate(public | {"hosts": ""})).rate is None


def _until_done(progress: str) -> None:
    """Ask how far an adding has come until it has ended, a minute at most."""
    until = time.monotonic() + 60
    while not httpx.get(progress).json()["done"]:
        assert time.monotonic() < until, "it did not end"
        time.sleep(0.02)
