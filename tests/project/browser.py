"""Opens the page in the Chromium of the system, without a window.

``python tests/project/browser.py <page> <picture>`` makes the picture of the README.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import ConsoleMessage, Page

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
READY = "html[data-ready]"


@dataclass
class Opened:
    """A page in the browser, what went wrong in it, and what it asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def heard(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(said.text)


@contextmanager
def opened(file: Path, size: dict[str, int] = DESK) -> Iterator[Opened]:
    """Open a page and wait until it is drawn."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("There is no chromium on the PATH: `make browser` installs it.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox"]
        )
        it = Opened(chromium.new_page(viewport=size))
        it.page.on("pageerror", lambda error: it.errors.append(str(error)))
        it.page.on("console", it.heard)
        it.page.on("request", lambda request: it.requests.append(request.url))
        it.page.goto(file.resolve().as_uri())
        it.page.wait_for_selector(READY, state="attached")
        yield it
        chromium.close()


def main() -> None:
    page_file, picture = sys.argv[1:]
    with opened(Path(page_file)) as it:
        it.page.screenshot(path=picture)


if __name__ == "__main__":
    main()
