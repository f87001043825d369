"""Dates: whatever a record writes, as far as it is known, and nothing more."""

from typing import Any

import pytest

from store.readers.dates import first_date, iso_date


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-03-08T09:30:00Z", "2024-03-08"),
        ("2024/03/08/", "2024-03-08"),
        ("2024/03//", "2024-03"),
        ("2024 Mar 8", "2024-03-08"),
        ("2024 Mar-Apr", "2024-03"),
        ("2023 Dec-2024 Jan", "2023-12"),
        ("2024 Spring", "2024"),
        ("20240308", "2024-03-08"),
        (20240308, "2024-03-08"),
        ("2024.0", "2024"),
        (2024.0, "2024"),
        ("2024/2025", "2024"),
        ("March 8, 2024", "2024-03-08"),
        ("March 8th, 2024", "2024-03-08"),
        ("8th March 2024", "2024-03-08"),
        ("8th of March 2024", "2024-03-08"),
        ("May 5-7, 2024", "2024-05-05"),
        ("5–7 May 2024", "2024-05-05"),
        ("[2024]", "2024"),
        ("c2024", "2024"),
        ("©2024", "2024"),
        ("Mar. 2024", "2024-03"),
        ("Mar-Apr 2024", "2024-03"),
        ("Fall 2024", "2024"),
        ("8 March 2024", "2024-03-08"),
        ("08-Mar-2024", "2024-03-08"),
        ("Mon, 11 Mar 2024 09:30:00 GMT", "2024-03-11"),
        ("03/2024", "2024-03"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
        ({"date-parts": [["2024", 3]]}, "2024-03"),
        ({"raw": "2024-03"}, "2024-03"),
        # What cannot be, or could be one thing or another.
        ("2024-03-00", "2024-03"),
        ("2023-02-29", "2023-02"),
        ("2024-13-45", "2024"),
        ("03/08/2024", "2024"),
        ({"date-parts": [[None]]}, None),
        ("0000-00-00", None),
        ("n.d.", None),
        ("12024", None),
        (1709856000000, None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(written: Any, expected: str | None) -> None:
    assert iso_date(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["n.d.", None, "2024-03", "2023"], "2024-03"),
        (["MAR 8", "2024"], "2024-03-08"),
        (["MAR-APR", 2024], "2024-03"),
        (["SPR", "2024"], "2024"),
        (["8", "2024"], "2024"),
        (["MAR 8", "2024-05"], "2024-05"),
        (["MAR 8"], None),
    ],
)
def test_the_first_date_of_several(written: list[Any], expected: str | None) -> None:
    assert first_date(*written) == expected
