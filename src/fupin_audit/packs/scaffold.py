"""A new rule file to fill in, and a pack to hold it."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from fupin_audit.errors import UsageError

MANIFEST = """\
id: local
version: "1"
label: {{zh: 本地规则, en: Local rules}}
extends: core
region: ""          # 只管一个地方就写代码，例如 611002
"""

RULE = """\
id: {id}
name: {name}
title: {{zh: 一句话说出差错, en: The defect in one line}}
table: {table}
kind: row                      # row 逐行 | unique 不得重复 | match 对得上
severity: warning              # error 必须更正 | warning 必须核实 | info 提醒
audit_item: 10                 # 十查第几项
settle: phone                  # 怎样核得清：desk 查资料 | phone 打电话 | visit 入户
basis:
  - {{document: 发文单位《文件名》文号, clause: 第几条, date: "2019-01-01"}}
when: {when}            # 对哪些行；不写就是全部
must: {field} >= 0           # 应当成立的条件
blame: [{field}]             # 要标出的格，最可疑的在前
message: {{zh: "{field}填 {{{field}}}，……"}}
advice: {{zh: 核对什么、怎么改。}}
false_alarms: 什么情况下它会错报。
examples:
  - {{name: 正常, given: {{{given}: {right}}}, expect: pass}}
  - {{name: 有差错, given: {{{given}: -1}}, expect: violated}}
  - {{name: 空白, given: {{{given}: null}}, expect: unknown}}
"""

# What the example judges, by table: a condition, a field, a right value of it.
STARTS = {
    "household": {
        "when": "家庭人口数 > 0", "field": "人均纯收入",
        "given": "家庭人口数: 4, 人均纯收入", "right": "5000",
    },
    "member": {
        "when": "filled(姓名)", "field": "务工时间",
        "given": "姓名: 张三, 务工时间", "right": "8",
    },
}  # fmt: skip


def scaffold(rule_id: str, name: str, pack: Path, table: str, known: Collection[str]) -> list[Path]:
    """Write a rule file that loads and passes as it stands.

    Returns:
        The files written.

    Raises:
        UsageError: The id is taken or malformed, or the file exists.
    """
    if not re.fullmatch(r"[A-Z]{2}\d{3}", rule_id):
        raise UsageError(f"规则编号“{rule_id}”应为两个大写字母加三位数字", hint="例如 IC301")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError(f"英文名“{name}”应为小写单词加连字符", hint="例如 wage-without-worker")
    if table not in STARTS:
        raise UsageError(f"没有表“{table}”", hint="可以是 " + "、".join(STARTS))
    if rule_id in known:
        raise UsageError(f"规则编号 {rule_id} 已有人用，编号不重复使用")
    manifest = pack / "pack.yaml"
    file = pack / "checks" / rule_id[:2].lower() / f"{rule_id}-{name}.yaml"
    if file.exists():
        raise UsageError("文件已经有了", where=str(file))
    written = []
    if not manifest.exists():
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text(MANIFEST.format(), encoding="utf-8")
        written.append(manifest)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        RULE.format(id=rule_id, name=name, table=table, **STARTS[table]), encoding="utf-8"
    )
    return [*written, file]
