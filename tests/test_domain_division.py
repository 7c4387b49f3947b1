"""The table of divisions, read quickly, is the library's own."""

from __future__ import annotations

from stdnum import numdb

from fupin_audit.domain import division


def test_the_table_is_the_one_the_library_reads() -> None:
    theirs = {
        province + rest: properties.get("county", "")
        for _, province, _, _, below in numdb.get("cn/loc").prefixes
        for _, rest, _, properties, _ in below
    }
    assert division._table() == theirs
    assert len(theirs) > 6000
