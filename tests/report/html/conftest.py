"""One browser for all tests of the page; without one they are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisioner.report.html.page import plan_html
from provisioner.report.printed import Printed
from tests.report.html.browser import CHROMIUM, Page, browser

Open = Callable[[Printed], Page]


@pytest.fixture(scope="session")
def _browser() -> Iterator[Page]:
    if not CHROMIUM:
        pytest.skip("there is no Chromium here")
    with browser() as page:
        yield page


@pytest.fixture
def opened(_browser: Page, tmp_path: Path) -> Open:
    """A page of a plan in the browser, which asked for nothing and complained of nothing."""

    def show(printed: Printed) -> Page:
        file = tmp_path / "plan.html"
        file.write_text(plan_html(printed), "utf-8")
        _browser.look(1400)
        _browser.open(file)
        assert (_browser.requests, _browser.complaints) == ([], [])
        return _browser

    return show
