"""Fetching, from a server on this machine that speaks the services' formats."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import FetchError, QuestionError
from store.fetching import (
    Client,
    Named,
    Page,
    Request,
    arxiv,
    daily_papers,
    fetched,
    named,
    pubmed,
)
from store.fetching.client import ATTEMPTS, USER_AGENT
from store.fetching.position import Position
from store.papers import Paper
from store.readers import Skipped

ENTRY = (
    "<entry><id>http://arxiv.org/abs/{0}v1</id><title>Rock {0}</title><summary>It is {0}.</summary>"
    "</entry>"
)
#: There are no papers of arXiv's with such a number, and no abstract of this one of PubMed's.
UNKNOWN, NO_ABSTRACT = "2403.99999", "13000"
FEED = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
TOTAL = '<s:totalResults xmlns:s="http://a9.com/-/spec/opensearch/1.1/">{}</s:totalResults>'
ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>{0}</PMID><Article><ArticleTitle>Rock {0}</ArticleTitle>"
    "<Abstract><AbstractText>It is {0}.</AbstractText></Abstract></Article></MedlineCitation>"
    "</PubmedArticle>"
)


class Service(ThreadingHTTPServer):
    """arXiv, PubMed and the daily papers with 250 papers each; fails first as often as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.agents: set[str | None] = set()
        self.failures: list[int] = []
        #: The numbers, within a page, of the papers alone that arXiv's first answers give.
        self.given: list[range] = []
        #: Closed, it keeps whoever asks waiting.
        self.gate = threading.Event()
        self.gate.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append((parts.path, query))
        self.server.agents.add(self.headers["User-Agent"])
        self.server.gate.wait()
        if self.server.failures:
            self.send_response(self.server.failures.pop(0))
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        given = self.server.given.pop(0) if self.server.given else None
        body = answer(parts.path, query, given).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def answer(path: str, query: dict[str, str], given: range | None = None) -> str:
    if path == "/arxiv":
        if "id_list" in query:
            names = [name for name in query["id_list"].split(",") if "2403.99" not in name]
            total = len(names)
        else:
            first = int(query["start"])
            last = min(first + int(query["max_results"]), 250)
            names, total = [f"2403.{n:05}" for n in range(first, last)], 250
        if given is not None:
            names = names[given.start : given.stop]
        return FEED.format(TOTAL.format(total) + "".join(map(ENTRY.format, names)))
    if path == "/pubmed/esearch.fcgi":
        first = int(query["retstart"])
        ids = [str(n) for n in range(first + 1, min(first + int(query["retmax"]), 250) + 1)]
        return json.dumps({"esearchresult": {"idlist": ids}})
    if path == "/pubmed/efetch.fcgi":
        known = (name for name in query["id"].split(",") if not name.startswith("990"))
        articles = "".join(map(ARTICLE.format, known))
        articles = articles.replace(f"It is {NO_ABSTRACT}.", "")
        return f"<PubmedArticleSet>{articles}</PubmedArticleSet>"
    day = query["date"][-2:]
    paper = {"id": f"2403.000{day}", "title": f"Rock {day}", "summary": f"It is {day}."}
    return json.dumps([{"paper": paper}] if day != "12" else [])


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ids(pages: Iterator[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records if isinstance(record, Paper)]


def client(service: Service, place: str) -> Client:
    return Client(f"{service.url}/{place}", pause=0, backoff=0)


def test_arxiv_by_query_page_by_page_up_to_the_limit(service: Service) -> None:
    with client(service, "arxiv") as asked:
        found = ids(arxiv.pages(asked, Request(query="wet rocks", since="2024-03-11", limit=220)))
    assert found == [f"arxiv:2403.{n:05}" for n in range(220)]
    assert [query["start"] for _, query in service.asked] == ["0", "100", "200"]
    assert service.asked[0][1]["search_query"] == (
        "(all:wet AND all:rocks) AND submittedDate:[202403110000 TO 299912312359]"
    )
    assert service.agents == {USER_AGENT}


def test_a_page_that_arxiv_leaves_empty_is_not_the_end(service: Service) -> None:
    with client(service, "arxiv") as asked:
        found = arxiv.pages(asked, Request(query="rocks", limit=120))
        assert len(next(found).records) == 100
        service.given = [range(0)] * 2
        assert len(next(found).records) == 20
        service.given = [range(0)] * 3
        with pytest.raises(FetchError, match="none of the 250 papers from number 1 on; try again"):
            next(arxiv.pages(asked, Request(query="rocks")))
        # What there is has been given.
        assert len(list(arxiv.pages(asked, Request(query="rocks")))) == 3


def test_what_any_attempt_gives_counts_and_what_none_gives_is_told(service: Service) -> None:
    with client(service, "arxiv") as asked:
        service.given = [range(90), range(50), range(10)]
        first, second, *_ = arxiv.pages(asked, Request(query="rocks"))
        *papers, told = first.records
        assert ids(iter([Page(papers, 100)])) == [f"arxiv:2403.{n:05}" for n in range(90)]
        assert str(told) == "arXiv: papers from 1: only 90 of 100 were given; fetch them again"
        assert len(second.records) == 100
        assert (first.whole, second.whole) == (False, True)
        service.given = [range(60), range(50, 100)]
        (whole,) = arxiv.pages(asked, Request(query="rocks", limit=100))
        assert ids(iter([whole])) == [f"arxiv:2403.{n:05}" for n in range(100)]


def test_ids_that_arxiv_leaves_out_are_asked_for_again(service: Service) -> None:
    service.given = [range(1), range(0)]
    with client(service, "arxiv") as asked:
        wanted = tuple(f"2403.0000{n}" for n in range(3))
        assert ids(arxiv.pages(asked, Request(ids=wanted))) == [f"arxiv:{one}" for one in wanted]
    rest = ",".join(wanted[1:])
    assert [query["id_list"] for _, query in service.asked] == [",".join(wanted), rest, rest]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ('"wet rocks" dry', 'all:"wet rocks" AND all:dry'),
        ("Rocks: a survey", "all:Rocks AND all:a AND all:survey"),
        ("cat:cs.CL", "cat:cs.CL"),
    ],
)
def test_a_query_in_words_and_in_arxivs_language(service: Service, query: str, asked: str) -> None:
    with client(service, "arxiv") as arxivs:
        next(arxiv.pages(arxivs, Request(query=query, limit=1)))
    assert service.asked[0][1]["search_query"] == asked


def test_arxiv_by_ids(service: Service) -> None:
    wanted = tuple(f"2403.{n:05}" for n in range(130))
    with client(service, "arxiv") as asked:
        found = ids(arxiv.pages(asked, Request(ids=wanted)))
    assert found == [f"arxiv:{name}" for name in wanted]
    assert len(service.asked) == 2


def test_ids_that_arxiv_does_not_know_keep_none_from_being_asked_for(service: Service) -> None:
    unknown = tuple(f"2403.99{n:03}" for n in range(100))
    with client(service, "arxiv") as asked:
        found = ids(arxiv.pages(asked, Request(ids=(*unknown, "2403.00001"))))
    assert found == ["arxiv:2403.00001"]
    assert len(service.asked) == arxiv.ATTEMPTS + 1


def test_a_paper_has_one_id_however_it_is_written() -> None:
    asked = named("pmid:007 PMID:7 math.GT/0309136v2 Math/0309136 cond-mat.mtrl-sci/0309136")
    assert {name: one.ids for name, one in asked.requests.items()} == {
        "pubmed": ("7",),
        "arxiv": ("math/0309136", "cond-mat/0309136"),
    }


def test_a_record_that_is_no_paper_is_told_once_by_its_id(service: Service) -> None:
    (request,) = named(f"pmid:7 {NO_ABSTRACT}").requests.values()
    (page,) = fetched("pubmed", request, url=f"{service.url}/pubmed")
    paper, skipped = page.records
    assert isinstance(paper, Paper)
    assert str(skipped) == f"{NO_ABSTRACT}: no abstract"


def test_ids_that_a_service_fails_to_answer_are_told(service: Service) -> None:
    service.failures = [400]
    pages = fetched("pubmed", Request(ids=("7",)), url=f"{service.url}/pubmed")
    assert next(pages) == Page((Skipped("7", None, "pubmed did not answer"),), 0)
    with pytest.raises(FetchError, match="400 Bad Request; try again later, what it has given"):
        next(pages)


def test_each_page_tells_which_of_its_ids_are_missing(service: Service) -> None:
    wanted = ("9901", *(str(n) for n in range(1, 201)), "9902", "300")
    request = Request(ids=wanted, limit=202)
    first, second, rest = fetched("pubmed", request, url=f"{service.url}/pubmed")
    assert ids(iter([first])) == [f"pmid:{n}" for n in range(1, 200)]
    assert str(first.records[-1]) == "9901: pubmed gives no paper of this id"
    assert ids(iter([second])) == ["pmid:200"]
    assert str(second.records[-1]) == "9902: pubmed gives no paper of this id"
    assert [*map(str, rest.records)] == ["300: not asked for; the limit is 202 papers"]
    again = fetched("pubmed", request, url=f"{service.url}/pubmed", start=first.next)
    assert next(again) == second


def test_papers_that_a_text_names_are_fetched_and_those_that_are_not_there_told(
    service: Service,
) -> None:
    text = (
        f"arXiv:2403.00001v2, https://arxiv.org/pdf/2403.00002.pdf {UNKNOWN}\nPMID: 7; 2403.00001"
    )
    asked = named(text).requests
    assert {name: one.ids for name, one in asked.items()} == {
        "arxiv": ("2403.00001", "2403.00002", UNKNOWN),
        "pubmed": ("7",),
    }
    pages = fetched("arxiv", asked["arxiv"], url=f"{service.url}/arxiv")
    found = [record for page in pages for record in page.records]
    assert [one.id for one in found if isinstance(one, Paper)] == [
        "arxiv:2403.00001",
        "arxiv:2403.00002",
    ]
    assert str(found[-1]) == f"{UNKNOWN}: arxiv gives no paper of this id"


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n", "7 rocks", "10.1000/7", '{"title": "2403.00001"}', "v2", "000"),
        *("\u0667\u0667", "2021 2022 2023", "2413.00001", "rock-art/0309136"),
        *("10000 20000 30000", "2403.00001 10000 20000", "On 8 Mar 2024", "[pdf, other]"),
    ],
)
def test_a_text_that_is_not_all_ids_names_none(text: str) -> None:
    assert named(text) == Named({})


ARXIV_IDS = st.from_regex(r"(1[5-9]|[2-9][0-9])(0[1-9]|1[0-2])\.[0-9]{5}", fullmatch=True)
PUBMED_IDS = st.integers(1_000_000, 99_999_999).map(str)
ARXIV_FORMS = st.sampled_from(
    [
        *("{}", "{}v2", "arXiv:{}", "arxiv: {}v1 [cs.CL]", "10.48550/arXiv.{}", "({})", "{}."),
        *(
            "arXiv:{}v2  [cs.CL]  8 Mar 2024",
            "arXiv:{} [pdf, html, other]",
            "\u201c{}\u201d",
            "- {}",
        ),
        *(
            "https://arxiv.org/abs/{}",
            "https://arxiv.org/abs/{}?context=cs",
            "arxiv.org/pdf/{}.pdf",
            "https://huggingface.co/papers/{}",
            "http://dx.doi.org/10.48550/arXiv.{}",
        ),
    ]
)
PUBMED_FORMS = st.sampled_from(
    [
        *("pmid:{}", "PMID: {}", "PMID {}", "{}", "#{}", "{} [PMID]"),
        *("https://pubmed.ncbi.nlm.nih.gov/{}/?x=1", "www.ncbi.nlm.nih.gov/pubmed/{}"),
    ]
)


@given(
    st.lists(st.tuples(ARXIV_FORMS, ARXIV_IDS), max_size=4),
    st.lists(st.tuples(PUBMED_FORMS, PUBMED_IDS), max_size=4),
    st.sampled_from([" ", ", ", "\n", ";"]),
)
def test_ids_are_read_in_all_their_forms(
    arxiv: list[tuple[str, str]], pubmed: list[tuple[str, str]], between: str
) -> None:
    every = between.join(form.format(own) for form, own in [*arxiv, *pubmed])
    found = named(every).requests
    expected = {"arxiv": arxiv, "pubmed": pubmed}
    assert {service: request.ids for service, request in found.items()} == {
        service: tuple(dict.fromkeys(own for _, own in named))
        for service, named in expected.items()
        if named
    }


def test_a_word_among_ids_that_is_none_is_told(service: Service) -> None:
    asked = named("2403.00001, 2021; see 2403.00002 and arXiv:2403.00003 [math.PR].")
    assert asked.requests["arxiv"].ids == ("2403.00001", "2403.00002", "2403.00003")
    assert [str(one) for one in asked.unknown] == [
        f"{word}: no id of arXiv or PubMed" for word in ("2021", "see", "and")
    ]


def test_a_number_of_few_digits_counts_where_all_else_is_an_id() -> None:
    asked = named("pmid:7 2403.00001 10000")
    assert {name: one.ids for name, one in asked.requests.items()} == {
        "pubmed": ("7", "10000"),
        "arxiv": ("2403.00001",),
    }
    (unknown,) = named("pmid:7 2403.00001 10000 rocks").unknown[:1]
    assert str(unknown) == "10000: no id of arXiv or PubMed"


def test_ids_for_one_service_are_its_own() -> None:
    asked = named("7 007 PMID:9 2403.00001", service="pubmed")
    assert asked.requests["pubmed"].ids == ("7", "9")
    assert [*map(str, asked.unknown)] == ["2403.00001: no id of pubmed"]
    asked = named("https://arxiv.org/abs/2403.00001v3 7 rocks", service="arxiv")
    assert asked.requests["arxiv"].ids == ("2403.00001",)
    assert [*map(str, asked.unknown)] == ["7: no id of arxiv", "rocks: no id of arxiv"]


def test_pubmed_by_query_and_by_ids(service: Service) -> None:
    with client(service, "pubmed") as asked:
        found = ids(pubmed.pages(asked, Request(query="rocks", until="2024-03")))
        assert found == [f"pmid:{n}" for n in range(1, 251)]
        assert service.asked[0][1]["maxdate"] == "2024/03"
        assert ids(pubmed.pages(asked, Request(ids=("7", "9")))) == ["pmid:7", "pmid:9"]


def test_daily_papers_by_dates(service: Service) -> None:
    request = Request(since="2024-03-11", until="2024-03-13")
    with client(service, "daily") as asked:
        assert ids(daily_papers.pages(asked, request)) == ["arxiv:2403.00011", "arxiv:2403.00013"]
        assert ids(daily_papers.pages(asked, request, start=2)) == ["arxiv:2403.00013"]
        with pytest.raises(FetchError, match="fetched by date alone; give --since and --until"):
            next(daily_papers.pages(asked, Request(query="rocks")))


@pytest.mark.parametrize("day", ["yesterday", "March", "2024-13-45", "2024-02-30", "2024/03", "24"])
def test_what_is_no_date_is_asked_of_nobody(day: str) -> None:
    for dates in ({"since": day}, {"until": day}):
        with pytest.raises(QuestionError, match=f"'{day}' is no date; give YYYY, YYYY-MM or YY"):
            Request(**dates)
    with pytest.raises(QuestionError, match="since '2024-03' is later than until '2024-02'; swap"):
        Request(since="2024-03", until="2024-02")


def test_a_month_or_a_year_goes_to_its_last_day(service: Service) -> None:
    assert Request(since="2024-03-11", until="2024-03")
    with client(service, "arxiv") as asked:
        for until in ("2024", "2024-02"):
            next(arxiv.pages(asked, Request(since="2024", until=until)))
    assert [query["search_query"] for _, query in service.asked] == [
        "submittedDate:[202401010000 TO 202412312359]",
        "submittedDate:[202401010000 TO 202402292359]",
    ]


def test_what_passes_is_asked_again_and_the_rest_is_named(service: Service) -> None:
    service.failures = [503, 429, 500]
    with client(service, "arxiv") as asked:
        assert ids(arxiv.pages(asked, Request(ids=("2403.00001",)))) == ["arxiv:2403.00001"]
        assert len(service.asked) == 4
        service.failures = [404]
        with pytest.raises(FetchError, match=r"/arxiv cannot .* it answers 404 Not Found; try"):
            asked.get()
        assert len(service.asked) == 5
        service.failures = [503] * 99
        with pytest.raises(FetchError, match="it answers 503 Service Unavailable"):
            asked.get()
        assert len(service.asked) == 5 + ATTEMPTS


def test_a_service_that_is_not_there_is_named() -> None:
    with (
        Client("http://127.0.0.1:9", pause=0, backoff=0) as asked,
        pytest.raises(FetchError, match=r"http://127\.0\.0\.1:9 cannot be fetched from: .*; try"),
    ):
        asked.get()
    with (
        Client("nonsense", pause=0) as asked,
        pytest.raises(FetchError, match="nonsense cannot be fetched from: "),
    ):
        asked.get()


def test_a_request_goes_on_where_it_was_interrupted(service: Service, tmp_path: Path) -> None:
    request, other = Request(query="rocks"), Request(query="stones")
    position = Position(tmp_path, "arxiv", request)
    with client(service, "arxiv") as asked:
        page = next(arxiv.pages(asked, request, start=position.start()))
        position.reached(page.next)
        assert Position(tmp_path, "arxiv", request).start() == 100
        assert Position(tmp_path, "arxiv", other).start() == 0
        found = ids(arxiv.pages(asked, request, start=position.start()))
        assert found == [f"arxiv:2403.{n:05}" for n in range(100, 250)]
    position.finished()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "fetching.json").write_text("[damaged")
    assert position.start() == 0
