"""A rule as a page to read: for docs/rules, and on the terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fupin_audit.errors import RulePackError
from fupin_audit.packs.expr import parse
from fupin_audit.packs.load import Pack, all_rules
from fupin_audit.packs.resolve import ERA_ZH, ResolvedPack, resolve
from fupin_audit.packs.shapes import Basis, Example, Rule, Suggest
from fupin_audit.packs.tree import Node, walk
from fupin_audit.packs.yaml_io import line_of, read_text

SEVERITY = {"error": "错误（必须更正）", "warning": "警告（必须核实）", "info": "提示"}
EVIDENCE = {"seen": "有公开依据", "weak": "依据较弱（二手来源）", "inferred": "推定，非文件明文"}
SETTLE = {"desk": "查台账资料", "phone": "打电话", "visit": "要入户"}
VERDICT = {"pass": "通过", "violated": "有疑点", "unknown": "判断不了"}
ITEMS = (
    "两不愁三保障达标", "收入核算真实", "帮扶政策落实", "档案完善",
    "致贫原因、措施、政策与清单相符", "驻村帮扶扎实", "院落环境卫生", "政策知晓",
    "核查反馈整改", "系统数据更新补正",
)  # fmt: skip
KIND = {"row": "逐行", "unique": "不得重复", "match": "应能对上", "observed": "读表时所见"}


def pages(pack: Pack) -> dict[str, str]:
    """Return file name → text: a page per rule and `README.md`, the index."""
    rules = all_rules(pack)
    made = {f"{r.id}.md": _page(r) for r in rules}
    made["README.md"] = _index(rules)
    return made


def _index(rules: list[Rule]) -> str:
    lines = ["# 规则目录", "", "由 `fupin-audit rules docs` 生成，请勿手改。", ""]
    lines += ["| 编号 | 级别 | 十查 | 标题 | Title |", "|---|---|---|---|---|"]
    lines += [
        f"| [{r.id}]({r.id}.md) | {SEVERITY[r.severity][:2]} | {r.audit_item} "
        f"| {r.title.zh} | {r.title.en} |"
        for r in rules
    ]
    return "\n".join([*lines, "", f"共 {len(rules)} 条。", ""])


def _page(rule: Rule) -> str:
    lines = [f"# {rule.id} {rule.title.zh}", "", f"*{rule.title.en}* · `{rule.name}`", ""]
    lines += [f"- {line}" for line in _facts(rule)]
    lines += ["", "## 判断", "", "```", *_condition(rule), "```", ""]
    lines += ["## 说明与办法", "", f"> {rule.message.zh}", "", rule.advice.zh, ""]
    if rule.suggest:
        lines += ["## 建议值", "", *(f"- {line}" for line in map(suggest_line, rule.suggest)), ""]
    lines += ["## 依据", "", *(f"- {b}" for b in map(basis_line, rule.basis)), ""]
    lines += ["## 什么时候会错报", "", rule.false_alarms.strip(), ""]
    lines += ["## 例子", "", "| 情况 | 数据 | 结果 |", "|---|---|---|"]
    lines += [f"| {e.name} | {_example(e)} | {VERDICT[e.expect]} |" for e in rule.examples]
    if rule.never_unknown:
        lines += ["", f"不会“判断不了”：{rule.never_unknown}"]
    return "\n".join([*lines, ""])


def _facts(rule: Rule, table: str = "") -> list[str]:
    facts = [
        f"级别：{SEVERITY[rule.severity]}",
        f"十查第 {rule.audit_item} 项：{ITEMS[rule.audit_item - 1]}",
        f"表：{table or rule.table}；方式：{KIND[rule.kind]}",
        "时期：" + "、".join(ERA_ZH[e] for e in rule.era),
        f"证据：{EVIDENCE[rule.evidence]}",
    ]
    if rule.population:
        names = {"P": "脱贫（建档立卡）户", "M": "监测对象"}
        facts.append("对象：" + "、".join(names[p] for p in rule.population))
    facts.append(f"核实：{SETTLE[rule.settle]}")
    if rule.regions:
        facts.append("地区：" + "、".join(rule.regions))
    if rule.official:
        facts.append("国家系统核查编号：" + "、".join(rule.official))
    if rule.because:
        facts.append("连带：" + "、".join(rule.because))
    return facts


def _condition(rule: Rule) -> list[str]:
    lines = [f"当   {rule.when.strip()}"] if rule.when else []
    if rule.must:
        lines.append(f"应当 {rule.must.strip()}")
    if rule.key:
        lines.append("不重复 " + " + ".join(rule.key))
    if rule.differing:
        lines.append(f"而且 {rule.differing} 不同")
    if rule.match:
        pairs = "、".join(f"{a} = {b}" for a, b in rule.match.on.items()) or "所属的一行"
        lines.append(f"应在 {rule.match.table} 表找到 {pairs}")
    if rule.doubt:
        lines.append(f"存疑 {rule.doubt.strip()}（元，全户全年）")
    if rule.observed:
        lines.append(f"读表时所见：{rule.observed}")
    return lines


FOUND = {
    "near_id": "改一位、对调相邻两位、补一位或去一位就正确，又与出生日期、性别、地区相合的号码；"
    "或者上年的号码、户表里户主的号码",
    "id_18": "按国家标准由 15 位推出的 18 位号码",
    "sex_of_id": "证件号码表示的性别",
    "birth_of_id": "证件号码里的出生日期",
    "slipped_number": "使合计相符的那个数：相邻两位颠倒、正负号写反、差 10、12 或 1 万倍",
    "slipped_date": "月日对调或世纪写错的日期",
    "near_code": "代码表里写法最接近的一项",
    "near_place": "本次数据里最接近的地名",
    "near_key": "户表里只差一位、户主对得上的户编号",
    "listed_id": "成员表里同名同户、号码只差一点的人的号码",
}


def suggest_line(one: Suggest) -> str:
    """Return one entry of `suggest` in words."""
    told = f"`{' '.join(one.value.split())}`" if one.value else FOUND[one.find or "near_id"]
    if one.gap:
        told += f"（`{' '.join(one.gap.split())}` 应为 0）"
    sure = "有把握" if one.confidence == "safe" else "仅供参考"
    parts = [f"{one.field or '所涉字段'}：{told}，{sure}"]
    if one.when:
        parts.append(f"当 `{' '.join(one.when.split())}`")
    if one.why:
        parts.append(one.why.zh)
    return "；".join(parts)


def basis_line(basis: Basis) -> str:
    parts = [basis.document, basis.clause, basis.date, basis.note]
    text = "，".join(p for p in parts if p)
    weak = {"weak": "（二手来源）", "inferred": "（推定）"}.get(basis.confidence, "")
    return f"{text}{weak}" + (f" <{basis.source}>" if basis.source else "")


def _example(example: Example) -> str:
    if example.sheet is not None:
        return "一张表"
    rows = example.rows or {"": [example.given or {}]}
    told = []
    for table, cells in rows.items():
        for row in cells:
            shown = "，".join(f"{k} {_cell(v)}" for k, v in row.items())
            told.append(f"{table}（{shown}）" if table else shown)
    when = f" 截至 {example.as_of}" if example.as_of else ""
    return ("；".join(told) + when).replace("|", "\\|").replace("\n", " ")


def _cell(value: object) -> str:
    if value is None:
        return "空白"
    if isinstance(value, dict):
        return str(next(iter(value.values())))
    return str(value)


def shown(pack: Pack, rule: Rule, day: date, region: str) -> list[str]:
    """Return a rule as lines, with file and line of what it says and of every
    parameter it would use on a day in a region."""
    file = pack.file(f"rule:{rule.id}")
    resolved = resolve(pack, day, region)
    facts = _facts(rule, f"{resolved.tables[rule.table].label.zh}（{rule.table}）")
    lines = [f"{rule.id} {rule.title.zh}", f"  {rule.title.en}", *(f"  {f}" for f in facts)]
    lines += ["", *_placed(rule, file), ""]
    if rule.id in resolved.inapplicable:
        lines.append(f"{day} {region or '全国'}：{resolved.inapplicable[rule.id]}")
    lines += _params(pack, rule, resolved, day)
    lines += ["", "依据", *(f"  {basis_line(b)}" for b in rule.basis)]
    if rule.suggest:
        lines += ["", "建议值", *(f"  {suggest_line(one)}" for one in rule.suggest)]
    return [*lines, "", "什么时候会错报", f"  {rule.false_alarms.strip()}"]


def _placed(rule: Rule, file: Path | None) -> list[str]:
    text = read_text(file) if file else ""
    lines = []
    for key in ("when", "must", "key", "differing", "match", "observed", "doubt", "severity"):
        value = getattr(rule, key)
        if value:
            place = f"{file}:{line_of(text, f'$.{key}')}" if file else ""
            told = " + ".join(value) if isinstance(value, tuple) else value
            lines.append(f"{key:<9} {str(told).strip()}\n          {place}")
    return lines


def _params(pack: Pack, rule: Rule, resolved: ResolvedPack, day: date) -> list[str]:
    lines: list[str] = []
    for name in _names(rule, resolved):
        value = resolved.param_value(name, day)
        if value is None or value.value is None:
            lines.append(f"参数 {name}：{resolved.param(name, day)[1]}")
            continue
        unit = resolved.params[name].unit
        where = _param_place(pack, name, value.region, value.since)
        weak = "（二手来源）" if any(b.confidence != "firm" for b in value.basis) else ""
        lines.append(f"参数 {name} = {value.value} {unit}{weak}，自 {value.since}")
        lines += [f"          {where}"] if where else []
        lines += [f"          {basis_line(b)}" for b in value.basis]
    return lines


def _names(rule: Rule, resolved: ResolvedPack) -> list[str]:
    found: dict[str, None] = {}
    for text in (rule.when, rule.must, rule.differing, *rule.key):
        if text is None:
            continue
        try:
            tree: Node = parse(text, rule.table, resolved.names)
        except RulePackError:
            continue
        found |= {n.args[0]: None for n in walk(tree) if n.op == "param"}
    return list(found)


def _param_place(pack: Pack, name: str, region: str | None, since: date) -> str:
    """Return file:line of the dated value, in the pack of its region."""
    homes = [o for o in pack.overlays if region and o.manifest.region == region] or [pack]
    file = next((f for h in homes if (f := h.file(f"param:{name}"))), None)
    if file is None:
        return ""
    lines = read_text(file).splitlines()
    at = next((i for i, line in enumerate(lines, 1) if since.isoformat() in line), 1)
    return f"{file}:{at}"
