"""Write the sample files of this folder, and the list of what is wrong in them.

Run it from anywhere: `python sample_data/make.py`. It is seeded, so that running
it again writes the same cells. Needs the extra `xls`.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from fupin_audit.sample import write_sample

HERE = Path(__file__).resolve().parent
HOUSEHOLDS, FAULTS, SEED = 240, 0.5, 2019
MANY = 2

HEAD = """\
# 样例数据 / Sample data

这里的人、户、证件号码、电话和账号**全部是程序编造的**,村镇名也是编的,与任何真实的人无关。
编造的办法:

- 证件号码按 GB 11643 生成,前六位一律用 611002,出生日期是编的,顺序码从大往小取(男 999、997……,
  女 998、996……),校验码照算;残疾人证在后面加类别、等级两位。
- 电话一律是 `1d000` 加六位流水号;户编号、人口编号、银行卡号都是流水号。
- 数据时点 2019-12-31(见 `fupin.toml`)。前四个文件各放不同村的户;后五张表(行政村、务工、计划务工、
  程序、县级指标)是全部户的,合起来是一份数据,互相对得上。

Everybody in these files is made up by a seeded program: ids follow GB 11643 with the division code
611002, invented birth dates and the highest order codes; phones are `1d000` and six running digits.
The first four files hold different households; the other five tables (villages, work, work plans,
procedures, county) are about all of them. Together they are one dataset as of 2019-12-31.

| 文件 file | 样子 shape | 户 households | 人或行 rows | 差错 faults |
|---|---|---|---|---|
{files}

没有列在下面的户,一条疑点都不该有;列出的户,疑点应与“应查出”一栏一字不差。后五张表里的差错,要把整个
文件夹一起核查才查得全:`fupin-audit check sample_data`。行政村表里删去的村,村里每户一条 VL300。
(`truth.json` 是同一内容,供程序核对;`make.py` 重新生成这个文件夹。)

Households not listed below must give no finding; those listed must give exactly the findings in the
last column. What is wrong in the last five tables shows when the whole folder is checked; every
household of the village taken off the list gives one VL300. `truth.json` says the same for
programs; `make.py` writes this folder anew.
"""

TABLE = """
## {file}

| 户编号 | 人口编号 | 差错 kind | 字段 | 原值 | 现值 | 应查出 |
|---|---|---|---|---|---|---|
"""

SHAPES = {
    "households": "户、人两张工作表,表头在第 3 行 / two sheets, header in row 3",
    "wide": "一人一行的自定义导出,全部为文本 / one row per person, all text",
    "xls": "旧版 26 列名单 / the older 26-column list, legacy format",
    "village": "行政村表,一村一行 / a row per village",
    "work": "务工明细,一段一行,一人可有几段 / spells of work, several to a person",
    "work_plan": "计划务工 / work plans",
    "procedure": "识别程序的各步日期 / the dated steps of recognition",
    "county": "县级指标,一行 / the county's indicators, one row",
    "csv": '国标码(GBK)文本,每格写成 `="…"` / GBK text, every cell as `="…"`',
}


def main() -> None:
    written = write_sample(HERE, HOUSEHOLDS, FAULTS, SEED)
    truth = json.loads(written.truth.read_text(encoding="utf-8"))
    rows = [
        f"| `{f['file']}` | {SHAPES[f['shape']]} | {f['households'] or '—'} | {f['members']} "
        f"| {len(f['faults'])} |"
        for f in truth["files"]
    ]
    parts = [HEAD.format(files="\n".join(rows))]
    for file in truth["files"]:
        parts.append(TABLE.format(file=file["file"]))
        for fault in sorted(file["faults"], key=lambda f: (f["household"], f["kind"])):
            found = _expected(fault["expected"])
            parts.append(
                f"| {fault['household']} | {fault['person']} | {fault['kind']} | {fault['field']} "
                f"| {_shown(fault['before'])} | {_after(fault)} | {found} |\n"
            )
        for below in file["below_data"]:
            parts.append(
                f"\n工作表“{below['sheet']}”数据下方另有合计、空行、说明、填表人,"
                f"共 {below['rows']} 行,各有一条 FM008。\n"
            )
    (HERE / "README.md").write_text("".join(parts), encoding="utf-8", newline="\n")


def _expected(findings: list[dict[str, str]]) -> str:
    """Return the rules, a rule of many findings once with their number."""
    count = Counter(finding["rule"] for finding in findings)
    shown = (f"{rule}×{n}" if n > MANY else " ".join([rule] * n) for rule, n in count.items())
    return " ".join(sorted(shown))


def _shown(value: object) -> str:
    return "(空白)" if value is None else str(value)


def _after(fault: dict[str, object]) -> str:
    gone = {
        "household": "(户表中删去此户)",
        "members": "(成员表中删去此户的人)",
        "village": "(行政村表中删去此村)",
    }
    return gone.get(str(fault["removed"])) or _shown(fault["after"])


if __name__ == "__main__":
    main()
