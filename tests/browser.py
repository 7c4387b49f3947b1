"""A real browser for the tests of pages, headless, without any network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Tab:
    """A page of the browser, and everything it complained of or asked the network for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, file: Path) -> Page:
        self.page.goto(file.as_uri())
        return self.page

    def is_calm(self, file: Path) -> bool:
        """Nothing was complained of, and nothing loaded but the file (and what the
        page made itself)."""
        own = (file.as_uri(), "blob:")
        assert not self.complaints
        assert not [url for url in self.asked if not url.startswith(own)]
        return True


@contextmanager
def browsing() -> Iterator[object]:
    """Run the Chromium that is installed, with a profile of its own that is thrown away."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on the PATH: pages cannot be looked at in a browser here")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
