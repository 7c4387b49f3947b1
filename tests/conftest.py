"""What many tests share: two small registers, and a home folder of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import file_writers as write
from register_facts import HOUSES, ROWS, WIDE, grid, wide


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the secret behind fingerprints out of the user's own folder."""
    before = {k: os.environ.get(k) for k in ("XDG_CONFIG_HOME", "APPDATA")}
    os.environ.update(dict.fromkeys(before, str(tmp_path_factory.mktemp("home"))))
    yield
    for key, value in before.items():
        if value is None:
            del os.environ[key]
        else:
            os.environ[key] = value


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register facts, as the older list with the header in row 1."""
    return write.xlsx(tmp_path_factory.mktemp("register") / "名单.xlsx", {"名单": wide()})


@pytest.fixture(scope="session")
def fine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One household in which there is nothing to find."""
    rows = [r for r in ROWS if r["户编号"] == HOUSES[5]["户编号"]]
    return write.xlsx(tmp_path_factory.mktemp("fine") / "名单.xlsx", {"名单": grid(rows, WIDE)})
