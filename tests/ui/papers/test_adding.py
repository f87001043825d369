import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from fastapi import FastAPI
from limits import parse
from playwright.sync_api import expect

from assistant.assistant import Assistant
from store.corpus import Corpus
from store.embedding import Embedder
from store.errors import SettingsError
from store.popularity import Popularity
from tests.store.fetching.test_fetching import NO_ABSTRACT, UNKNOWN, Service
from tests.ui.conftest import running
from tests.ui.papers.conftest import HOSTILE, PAPERS
from ui.commands.serving import RATE, _may_add, _rules
from ui.papers.adding import AT_ONCE, KEPT, LONGEST_UPLOAD, MOST_IDS
from ui.problems import RETRY_SECONDS
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


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.gate.set()
        service.shutdown()
        thread.join()


@pytest.fixture
def named(corpus: Corpus, service: Service, uploads: Path) -> Iterator[str]:
    """Where papers are added that the service has."""
    places = {"arxiv": f"{service.url}/arxiv", "pubmed": f"{service.url}/pubmed"}
    with running(make_app(Assistant(corpus), title="Library", may_add=True, services=places)) as at:
        yield f"{at}/papers/add"


def test_papers_are_named_by_their_ids(corpus: Corpus, named: str) -> None:
    form = {"text": f"2403.00777 PMID:7 {UNKNOWN} {NO_ABSTRACT}"}
    job = urljoin(named, httpx.post(named, data=form).headers["location"])
    _until_done(f"{job}/progress")
    report = httpx.get(job).text
    assert "2 added" in report
    assert f"{UNKNOWN}: arxiv gives no paper of this id" in report
    assert f"{NO_ABSTRACT}: no abstract" in report
    assert corpus.get(["arxiv:2403.00777", "pmid:7"])["pmid:7"].abstract == "It is 7."


def test_what_another_process_keeps_from_being_changed_is_told(
    corpus: Corpus, embedder: Embedder, service: Service, uploads: Path
) -> None:
    places = {"arxiv": f"{service.url}/arxiv", "pubmed": f"{service.url}/pubmed"}
    with Corpus(corpus.folder, embedder) as second:
        app = make_app(Assistant(second), title="Library", may_add=True, services=places)
        with running(app) as at:
            refused = httpx.post(f"{at}/papers/remove", data={"paper_id": PAPERS[0].id})
            answer = httpx.post(f"{at}/papers/add", data={"text": "PMID:7 2403.00001 rocks"})
            job = at + answer.headers["location"]
            _until_done(f"{job}/progress")
            report = httpx.get(job).text
    assert (refused.status_code, refused.headers["retry-after"]) == (409, str(RETRY_SECONDS))
    assert "is being written by process" in refused.text
    assert report.count("is being written by process") == 1
    assert "rocks: no id of arXiv or PubMed" in report
    for name in ("7", "2403.00001"):
        assert f"<li>{name}: the store could not be changed</li>" in report


def test_others_write_and_their_jobs_are_kept_while_a_service_is_waited_for(
    corpus: Corpus, service: Service, named: str
) -> None:
    service.gate.clear()
    first = urljoin(named, httpx.post(named, data={"text": "PMID:7"}).headers["location"])
    # All of these end, since none waits for the first one, and so they may be forgotten.
    for given in [json.dumps(GOOD), *["no records"] * KEPT]:
        other = httpx.post(named, data={"text": given}).headers["location"]
        _until_done(f"{urljoin(named, other)}/progress")
    assert len(corpus) == len(PAPERS) + 1
    assert not httpx.get(f"{first}/progress").json()["done"]
    for _ in range(AT_ONCE - 1):
        assert httpx.post(named, data={"text": "PMID:8"}).status_code == 303
    refused = httpx.post(named, data={"text": "PMID:9"})
    assert (refused.status_code, "PMID:9</textarea>" in refused.text) == (429, True)
    service.gate.set()
    _until_done(f"{first}/progress")
    assert "1 added" in httpx.get(first).text


def test_more_ids_than_can_be_asked_for_are_refused(address: str) -> None:
    text = " ".join(map(str, range(1_000_000, 1_000_001 + MOST_IDS)))
    answer = httpx.post(f"{address}/papers/add", data={"text": text})
    assert answer.status_code == 413
    assert "1,001 ids were given, but 1,000 are asked for at once at most." in answer.text
    assert "1001000</textarea>" in answer.text


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
