"""The addresses of the papers' pages."""

from collections.abc import Sequence
from importlib.resources import files

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from assistant.retrieval.similar import similar
from store.corpus import Corpus
from store.errors import QuestionError
from store.papers import Paper
from store.popularity import Popularity, Standing
from ui.access.guards import require_own_page
from ui.papers.adding_routes import adding_routes
from ui.papers.browsing import browse
from ui.papers.choice import Choice
from ui.papers.map_routes import map_routes
from ui.papers.mapping import Mapping
from ui.papers.pages import own_address, page, paper_path, root_of
from ui.papers.trending import PERIODS, Span, trending
from ui.papers.voting import known_voter, today, voter_of

#: Papers shown as similar to one.
SIMILAR = 6


def add_papers(
    app: FastAPI,
    corpus: Corpus,
    *,
    popularity: Popularity | None,
    counts: bool,
    may_add: bool,
    services: dict[str, str] | None = None,
) -> None:
    """Add the pages of the papers of `corpus` to `app`; without `popularity` nobody votes.

    `counts` says whether the citations of answers are counted, `may_add` whether whoever reaches
    the pages may add papers and remove them; see `Adding` for `services`.
    """
    mapping = Mapping(corpus)
    app.state.tabs = [("Browse", "/papers"), ("Map", "/papers/map")]
    static = StaticFiles(directory=str(files("ui") / "static"))
    app.mount("/papers/static", static, name="static")
    app.include_router(_reading(corpus, popularity, mapping))
    app.include_router(map_routes(corpus, mapping))
    app.include_router(adding_routes(corpus, allowed=may_add, services=services))
    app.state.may_add = may_add
    app.state.feeds = False
    if may_add:
        app.state.tabs.append(("Add", "/papers/add"))
    if popularity:
        app.state.tabs.insert(1, ("Trending", "/papers/trending"))
        app.include_router(_trending(corpus, popularity, counts=counts))
        app.include_router(_voting(corpus, popularity))


def _reading(corpus: Corpus, popularity: Popularity | None, mapping: Mapping) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/papers")
    def papers(request: Request) -> Response:
        choice, problem = Choice.of(request.query_params), ""
        try:
            view = browse(corpus, choice, topics=mapping.topics)
        except QuestionError as error:
            choice, problem = choice.model_copy(update={"q": ""}), str(error)
            view = browse(corpus, choice, topics=mapping.topics)
        return page(
            request,
            "browse",
            tab="/papers",
            choice=choice,
            view=view,
            problem=problem,
            standing=_standing(request, corpus, popularity, view.papers),
            here=choice.address(page=choice.page),
        )

    @routes.get("/paper/{paper_id:path}")
    def paper(request: Request, paper_id: str) -> Response:
        found = corpus.get([paper_id]).get(paper_id)
        if found is None:
            return page(request, "missing", status=404, paper_id=paper_id)
        if found.id != paper_id:
            return RedirectResponse(root_of(request) + paper_path(found.id))
        near = [like.paper_id for like in similar(corpus, found.id, k=SIMILAR)]
        return page(
            request,
            "paper",
            paper=found,
            may_add=request.app.state.may_add,
            similar=list(corpus.get(near).values()),
            standing=_standing(request, corpus, popularity, [found]),
            here=paper_path(found.id),
        )

    return routes


def _trending(corpus: Corpus, popularity: Popularity, *, counts: bool) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/papers/trending")
    def show(request: Request) -> Response:
        span = Span.of(request.query_params)
        leading = trending(corpus, popularity, span, on=today())
        return page(
            request,
            "trending",
            tab="/papers/trending",
            span=span,
            periods=PERIODS,
            counts=counts,
            leading=leading,
            standing=_standing(request, corpus, popularity, [paper for paper, _ in leading]),
            here=span.address(),
        )

    return routes


def _voting(corpus: Corpus, popularity: Popularity) -> APIRouter:
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(require_own_page)])

    @routes.post("/papers/vote")
    def vote(
        request: Request,
        paper_id: str = Form(max_length=500),
        up: bool = Form(),
        back: str = Form("/papers", max_length=4000),
    ) -> Response:
        answer = RedirectResponse(root_of(request) + own_address(back), status_code=303)
        if found := corpus.get([paper_id]).get(paper_id):
            voter = known_voter(request, answer)
            popularity.follow(corpus)
            if up:
                popularity.vote(found.id, voter, on=today())
            else:
                popularity.withdraw(found.id, voter)
        return answer

    return routes


def _standing(
    request: Request, corpus: Corpus, popularity: Popularity | None, papers: Sequence[Paper]
) -> dict[str, tuple[Standing, bool]]:
    """Return of each paper its standing, and whether this browser has voted for it."""
    if popularity is None:
        return {}
    popularity.follow(corpus)
    paper_ids = [paper.id for paper in papers]
    voter = voter_of(request)
    voted = popularity.voted(voter, paper_ids) if voter else frozenset()
    counts = popularity.standings(paper_ids)
    return {one: (counts.get(one, Standing()), one in voted) for one in paper_ids}
