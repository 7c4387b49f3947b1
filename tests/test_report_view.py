"""The order, the counts and the fingerprints every report shares."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_audit.model.findings import Piece
from fupin_audit.report.finding import blamed, count_blamed, findings
from fupin_audit.report.view import view
from report_factory import HOUSEHOLDS, MEMBERS, make_hits, make_result


def test_findings_come_village_by_village_and_household_by_household() -> None:
    made = [(f.severity, f.sheet, f.row, f.rule) for f in findings(view(make_result()))]
    assert made == [
        ("error", "户表", 4, "IC201"),
        ("warning", "户表", 4, "CT031"),
        ("error", "人员 明细", 6, "ID001"),
        ("error", "人员 明细", 7, "FM001"),
        ("error", "人员 明细", 7, "ID001"),
        ("warning", "户表", 6, "CT031"),
        ("info", "户表", 7, "FM008"),
    ]


def test_a_finding_says_who_where_and_what() -> None:
    one = next(f for f in findings(view(make_result())) if f.row == 6 and f.rule == "ID001")
    assert (one.household, one.person, one.head, one.name) == (
        "6100000002", "610000000201", "欧***", "欧***",
    )  # fmt: skip
    assert one.place == ("商州区", "沙河镇", "李村")
    assert (one.fields, one.cells, one.values) == (("证件号码",), ("G6",), ("611002********0035",))
    assert one.message == "证件号码 611002********0035 与 第7行 小* 相同"


def test_messages_round_numbers_name_blanks_and_show_what_was_read() -> None:
    told = {f.rule: f.message for f in findings(view(make_result()))}
    assert told["IC201"] == "人均纯收入填 10000，应为 3333.33"
    assert told["CT031"].endswith("（空白）")
    assert told["FM001"] == "性别没有填，原值 （空白）"
    assert told["FM008"] == "A7 不是数据：合计，联系人 138****1234"


def test_nothing_personal_slips_through_a_computed_part() -> None:
    result = make_result()
    result.findings.hits = [
        make_hits(
            "ID004", "error", "member", [0], ("证件号码",),
            [Piece("号码"), Piece(argument=0)], [["x611002198503020012x"]],
        )
    ]  # fmt: skip
    (one,) = findings(view(result))
    assert "19850302" not in one.message
    (shown,) = findings(view(result, reveal=True))
    assert "611002198503020012" in shown.message


def test_many_others_are_counted_not_listed() -> None:
    result = make_result()
    hits = make_hits("ID001", "error", "member", [0], ("证件号码",), [Piece("others")], [])
    hits.others = [[0] + [1, 2, 3, 4] * 5]
    result.findings.hits = [hits]
    (one,) = findings(view(result))
    assert one.message.endswith("等20行")
    assert one.message.count("行 ") == 8


def test_totals_count_what_there_is() -> None:
    totals = view(make_result()).totals
    assert (totals.households, totals.members, totals.findings, totals.concerned) == (3, 5, 7, 3)
    assert totals.by_severity == {"error": 4, "warning": 2, "info": 1}
    assert totals.by_item[10] == (3, 2, 1)
    assert [(t.place[1], t.findings, t.households) for t in totals.by_township] == [
        ("沙河镇", 5, 2), ("黑山镇", 1, 1),
    ]  # fmt: skip
    assert next(one.household for one in totals.worst) == "6100000002"


def test_minimum_severity_leaves_out_the_rest() -> None:
    assert {f.severity for f in findings(view(make_result(), minimum="warning"))} == {
        "error", "warning",
    }  # fmt: skip


def test_fingerprints_survive_sorting_and_renaming_and_tell_values_apart() -> None:
    before = {f.fingerprint for f in findings(view(make_result(), key=b"secret"))}
    assert len(before) == 7

    renamed = make_result(file="other.xlsx")
    assert {f.fingerprint for f in findings(view(renamed, key=b"secret"))} == before

    turned = make_result(members=MEMBERS[::-1])
    hits = turned.findings.hits
    for one in hits:
        if one.table == "member":
            one.rows = np.sort(4 - one.rows)
    again = {f.fingerprint for f in findings(view(turned, key=b"secret")) if f.table == "member"}
    assert len(again & before) == 3

    changed = make_result(households=[[*HOUSEHOLDS[0][:-1], 9999.0], *HOUSEHOLDS[1:]])
    assert len({f.fingerprint for f in findings(view(changed, key=b"secret"))} & before) == 6

    assert not {f.fingerprint for f in findings(view(make_result(), key=b"other"))} & before


def test_rows_nothing_tells_apart_still_have_fingerprints_of_their_own() -> None:
    result = make_result(members=[MEMBERS[0], MEMBERS[0]])
    result.findings.hits = [make_hits("ID004", "error", "member", [0, 1], ("性别",), [], [])]
    assert len({f.fingerprint for f in findings(view(result))}) == 2


def test_a_blamed_field_without_a_column_is_left_out_beside_others() -> None:
    result = make_result()
    del result.dataset.sheets[0].matches[("household", "家庭人口数")]
    seen = view(result)
    one = next(f for f in findings(seen) if f.rule == "IC201")
    assert one.fields == ("人均纯收入",)
    assert count_blamed(seen) == sum(len(blamed(f, "zh")) for f in findings(seen)) == 7


def test_a_merged_cell_is_its_top_left_one() -> None:
    result = make_result()
    result.dataset.sheets[0].raw.merges = [(3, 5, 5, 5)]
    one = next(f for f in findings(view(result)) if f.row == 6 and f.rule == "CT031")
    assert (one.cells, one.values) == (("F4",), ("138****1234",))


def test_names_come_from_member_rows_where_there_is_no_household_table() -> None:
    result = make_result()
    del result.dataset.tables["household"]
    result.findings.hits = [h for h in result.findings.hits if h.table == "member"]
    seen = view(result)
    assert next(findings(seen)).head == "欧***"
    assert seen.totals.households == 3


@pytest.mark.parametrize("hits", [[], None])
def test_an_empty_result_is_counted_too(hits: list | None) -> None:
    result = make_result()
    result.findings.hits = hits or []
    seen = view(result)
    assert len(seen) == 0
    assert list(findings(seen)) == []
    assert seen.totals.by_severity == {"error": 0, "warning": 0, "info": 0}
