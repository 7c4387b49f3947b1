"""The copy that `clean` writes says what its sources said."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from openpyxl import load_workbook

from command_line import run


def test_a_cleaned_copy_has_the_faults_of_its_sources_and_no_others(tmp_path: Path) -> None:
    """Also of files with different columns: what a file never had is not blank."""
    county = tmp_path / "county"
    assert run("sample", county, "--households", 80, "--faults", 0.5, "--seed", 3).code == 0
    copy = tmp_path / "copy" / "clean.xlsx"
    assert run("clean", county, "-o", copy).code == 0
    found = [
        Counter(f["rule"] for f in run(
            "check", path, "--as-of", "2019-12-31", "--region", "611002", "--no-ledger",
            "--format", "json",
        ).json["findings"])
        for path in (county, copy)
    ]  # fmt: skip
    for rule in ("FM008", "FM009", "HH101"):  # of how the sources are written
        assert found[0].pop(rule) > 0
        assert found[1].pop(rule, 0) == 0
    assert sum(found[0].values()) > 20
    assert found[0] == found[1]
    said = [row[5] for row in load_workbook(copy)["未能读懂"].iter_rows(values_only=True)]
    assert any(str(one).startswith("取了这个值，别处写的不同：") for one in said)
