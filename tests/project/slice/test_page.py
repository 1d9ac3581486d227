"""The page in a real browser: drawn, offline, quick, right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import DESK, PHONE, Opened, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Workspace

# Charts that can be seen and have no mark: an axis alone is none.
EMPTY = """() => [...document.querySelectorAll("figure .chart")]
    .filter((place) => place.offsetParent !== null)
    .filter((place) => !place.querySelector("svg .mark-rect path, "
        + "svg .mark-symbol path, svg .mark-line path, svg .mark-rule line"))
    .map((place) => place.id)"""
UNDRAWN = """() => document.querySelectorAll(".chart[data-drawn=now]").length === 0"""
LAST_DAY = """
    select flight_id, carrier || ' ' || flight_number
    from marts.flight_risk
    where flight_date_local = (
        select max(flight_date_local)
        from marts.flight_risk
        where prediction_at is not null
    )
    order by late_probability desc nulls last, flight_id
"""


@pytest.fixture(scope="module")
def page_file(built: Workspace) -> Path:
    file = built.folder / "target" / "goldleaf.html"
    printed = built.succeed("goldleaf", "page", "--file", str(file))
    assert printed.startswith(str(file))
    return file


@pytest.fixture(scope="module", params=[DESK, PHONE], ids=["desk", "phone"])
def it(page_file: Path, request: pytest.FixtureRequest) -> Iterator[Opened]:
    with opened(page_file, request.param) as it:
        yield it


def test_every_chart_of_every_problem_is_drawn(it: Opened) -> None:
    problems = it.page.locator("[data-show]")
    assert problems.count() == 3
    for place in range(problems.count()):
        problems.nth(place).click()
        it.page.wait_for_function(UNDRAWN)
        assert it.page.evaluate(EMPTY) == []
        assert it.page.locator(".nothing:not([hidden])").count() == 0
    drawn = it.page.locator(".chart[data-drawn=yes]").count()
    assert drawn == it.page.locator("script[data-chart]").count() > 30
    assert it.errors == []


def test_no_request_leaves_the_page(it: Opened, page_file: Path) -> None:
    assert it.requests[0] == page_file.as_uri()
    others = [url for url in it.requests[1:] if not url.startswith(("data:", "blob:"))]
    assert others == []


def test_nothing_is_wider_than_the_screen(it: Opened) -> None:
    size = it.page.viewport_size
    assert size
    assert it.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_board_shows_the_flights_of_a_day_and_a_flight_that_is_sought(
    it: Opened, built: Workspace
) -> None:
    flights = built.query(LAST_DAY)
    shown = it.page.locator("#rows tr")
    it.page.select_option("#origin", "all")
    assert shown.count() == 40
    assert shown.first.locator("td").nth(1).inner_text().endswith(flights[0][1])
    it.page.fill("#flight", flights[-1][1].lower())
    assert 1 <= shown.count() <= 3  # the airline may fly a number from each airport
    it.page.fill("#flight", "")
    it.page.click("#more")
    assert shown.count() == len(flights)
    it.page.select_option("#origin", "EWR")
    assert it.page.locator("#outlook svg").is_visible()


def test_the_page_is_small(page_file: Path) -> None:
    assert page_file.stat().st_size < 5_000_000


def test_links_lead_to_tables_that_the_docs_have(it: Opened, built: Workspace) -> None:
    documented = built.target("manifest.json")["nodes"]
    links = it.page.locator("p.source a").evaluate_all("all => all.map(a => a.href)")
    assert len(links) > 15
    for link in links:
        assert link.split("#!/model/")[1] in documented
