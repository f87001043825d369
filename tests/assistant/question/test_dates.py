"""Dates as questions say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.dates import Dates, date_at, dates_at


@pytest.mark.parametrize(
    ("text", "day", "behind"),
    [
        ("2024", "2024", ""),
        ("2024 about X", "2024", "about X"),
        ("March 2024 about X", "2024-03", "about X"),
        ("sept. 2019", "2019-09", ""),
        ("May of 2021", "2021-05", ""),
        ("the year 1998, about", "1998", "about"),
        ("2024-03-11", "2024-03-11", ""),
    ],
)
def test_a_text_may_open_with_a_date(text: str, day: str, behind: str) -> None:
    assert date_at(text) == Dates(day, day, behind)


@pytest.mark.parametrize(
    "text", ["", "in 2024", "3024", "20245", "2024-13", "2024-02-30", "March", "marching 2024"]
)
def test_other_texts_open_with_none(text: str) -> None:
    assert date_at(text) is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("in March 2024", "2024-03", "2024-03"),
        ("from 2020", "2020", "2020"),
        ("from 2020 onwards", "2020", None),
        ("from 2020 on", "2020", None),
        ("from 2020 to 2023", "2020", "2023"),
        ("between May 2020 and 2023-01", "2020-05", "2023-01"),
        ("since June 2021", "2021-06", None),
        ("after 2020", "2021", None),
        ("after December 2020", "2021-01", None),
        ("before 2024", None, "2023"),
        ("before January 2024", None, "2023-12"),
        ("before 2024-03-01", None, "2024-02-29"),
        ("until 2022", None, "2022"),
    ],
)
def test_a_preposition_says_which_side_of_a_date(
    text: str, since: str | None, until: str | None
) -> None:
    assert dates_at(text) == Dates(since, until, "")


def test_on_may_open_what_comes_next() -> None:
    assert dates_at("from 2020 on parsing") == Dates("2020", "2020", "on parsing")


@pytest.mark.parametrize("text", ["2024", "on 2024", "between 2024", "since last year"])
def test_other_words_say_no_dates(text: str) -> None:
    assert dates_at(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_harm(text: str) -> None:
    for read in (date_at(text), dates_at(f"since {text}")):
        assert read is None or text.endswith(read.behind)
