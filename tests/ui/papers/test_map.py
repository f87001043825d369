import re
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import expect

from store.atlas import kept
from store.corpus import Corpus
from tests.ui.conftest import PHONE
from tests.ui.papers.conftest import HOSTILE, PAPERS

OpenReader = Callable[..., Any]

#: Where paper number `n` of the drawn map stands on the page.
PLACE = """n => fetch('/papers/map/points').then(r => r.arrayBuffer()).then(bytes => {
  const canvas = document.getElementById('aa-map').getBoundingClientRect();
  const xy = new Uint16Array(bytes, 0, bytes.byteLength / 5 * 2);
  const scale = Math.max(50, Math.min(canvas.width, canvas.height) - 48);
  return [canvas.x + (canvas.width - scale) / 2 + xy[2 * n] / 65535 * scale,
          canvas.y + (canvas.height - scale) / 2 + xy[2 * n + 1] / 65535 * scale];
})"""


@pytest.mark.browser
def test_the_map_is_drawn_at_first_use_and_leads_to_every_paper(
    reader: OpenReader, corpus: Corpus
) -> None:
    one = reader()
    page = one.go("/papers/map")
    canvas = page.locator("#aa-map")
    expect(canvas).to_have_attribute("data-papers", str(len(PAPERS)), timeout=60_000)
    expect(canvas).to_have_attribute("data-painted", "yes")
    drawn = kept(corpus.folder)
    assert drawn and drawn.snapshot == corpus.snapshot
    hostile = drawn.paper_ids.index("title:hostile")
    x, y = page.evaluate(PLACE, hostile)
    page.mouse.move(x, y)
    expect(page.locator("#aa-spot")).to_be_visible()
    pointed_at = page.locator("#aa-spot").inner_text()
    assert pointed_at in [paper.title for paper in PAPERS]
    page.mouse.click(x, y)
    expect(page.locator("h1")).to_have_text(pointed_at)


@pytest.mark.browser
def test_a_tap_names_a_paper_and_a_second_opens_it(reader: OpenReader, corpus: Corpus) -> None:
    corpus.draw_map()
    page = reader(PHONE).go("/papers/map")
    expect(page.locator("#aa-map")).to_have_attribute("data-painted", "yes")
    x, y = page.evaluate(PLACE, 0)
    page.touchscreen.tap(x, y)
    named = page.locator("#aa-spot")
    expect(named).to_be_visible()
    title = named.inner_text()
    page.touchscreen.tap(x, y)
    expect(page.locator("h1")).to_have_text(title)


@pytest.mark.browser
def test_the_map_has_lists_and_keys_for_those_who_do_not_point(
    reader: OpenReader, corpus: Corpus
) -> None:
    drawn = corpus.draw_map()
    one = reader()
    page = one.go("/papers/map")
    canvas = page.locator("#aa-map")
    expect(canvas).to_have_attribute("data-painted", "yes")
    canvas.focus()
    for key in ("ArrowLeft", "ArrowUp", "+", "-", "0"):
        page.keyboard.press(key)
    first = page.locator(".aa-legend a").first
    first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/papers\?topic="))
    count = len(drawn.by_topic[drawn.names[0]])
    expect(page.locator(".aa-count")).to_contain_text(f"{count} paper")


def test_the_map_is_the_same_each_time_and_goes_with_its_snapshot(corpus: Corpus) -> None:
    first, second = corpus.draw_map(), corpus.draw_map()
    assert np.array_equal(first.points, second.points)
    assert np.array_equal(first.topics, second.topics)
    assert first.names == second.names
    assert first.paper_ids == tuple(sorted(paper.id for paper in PAPERS))
    assert float(first.points.min()) >= 0 and float(first.points.max()) <= 1
    corpus.remove(["title:hostile"])
    assert first.snapshot != corpus.snapshot
    assert "title:hostile" not in corpus.draw_map().paper_ids


def test_a_damaged_map_counts_as_none(corpus: Corpus) -> None:
    corpus.draw_map()
    file = corpus.folder / "map.npz"
    whole = file.read_bytes()
    for damaged in (b"", b"PK", whole[: len(whole) // 2], b"x" * 100):
        file.write_bytes(damaged)
        assert kept(corpus.folder) is None


@pytest.mark.parametrize("papers", [0, 1, 2, 3, 5])
def test_few_papers_have_a_map_too(corpus: Corpus, papers: int) -> None:
    corpus.remove([paper.id for paper in PAPERS[papers:]])
    drawn = corpus.draw_map()
    assert (len(drawn), len(drawn.points), len(drawn.topics)) == (papers, papers, papers)


@pytest.mark.parametrize("place", ["-1", "99999", "x"])
def test_a_place_that_is_not_on_the_map_is_refused(
    address: str, corpus: Corpus, place: str
) -> None:
    drawn = corpus.draw_map()
    assert httpx.get(f"{address}/papers/map/{drawn.snapshot}/{place}").status_code in (404, 422)
    hostile = drawn.paper_ids.index("title:hostile")
    spot = httpx.get(f"{address}/papers/map/{drawn.snapshot}/{hostile}").json()
    assert spot == {"address": "/paper/title:hostile", "title": HOSTILE, "when": "Listed Mar 11"}
