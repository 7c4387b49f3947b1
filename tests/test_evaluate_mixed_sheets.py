"""Files of one run need not have the same columns: each row is judged by its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import fupin_audit

COLUMNS = "户编号,人口编号,姓名,证件号码,与户主关系,家庭人口数"


def test_a_column_that_only_another_file_has_silences_nothing_here(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"{COLUMNS},人员变更\n6110020000001,1,张一,,户主,1,\n6110020000001,2,张二,,户主,1,死亡\n",
        encoding="utf-8",
    )
    (tmp_path / "b.csv").write_text(
        f"{COLUMNS}\n6110020000002,3,李一,,户主,2\n6110020000002,4,李二,,户主,2\n",
        encoding="utf-8",
    )
    result = fupin_audit.check(tmp_path, as_of=date(2019, 12, 31), select=["HH012"])
    (hits,) = result.findings.hits
    names = result.dataset.tables["member"].frame["姓名"]
    assert names.iloc[hits.rows].tolist() == ["李一", "李二"]  # 张二 has died: one head is left
    (coverage,) = result.findings.coverage
    assert (coverage.violated, coverage.unknown) == (2, 0)
