"""A rule as a page to read: for docs/rules, and on the terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fupin_audit.domain.audit_items import AUDIT_ITEMS
from fupin_audit.domain.reason import english
from fupin_audit.errors import RulePackError
from fupin_audit.packs.expr import parse
from fupin_audit.packs.load import Pack, all_rules
from fupin_audit.packs.resolve import ERA_EN, ERA_ZH, ResolvedPack, resolve
from fupin_audit.packs.shapes import Basis, Example, Rule, Suggest
from fupin_audit.packs.tree import Node, walk
from fupin_audit.packs.yaml_io import line_of, read_text

Pair = tuple[str, str]
SEVERITY: dict[str, Pair] = {
    "error": ("错误（必须更正）", "error (must be corrected)"),
    "warning": ("警告（必须核实）", "warning (must be verified)"),
    "info": ("提示", "info"),
}
EVIDENCE: dict[str, Pair] = {
    "seen": ("有公开依据", "a published document"),
    "weak": ("依据较弱（二手来源）", "weak (second-hand sources)"),
    "inferred": ("推定，非文件明文", "inferred; no document says so outright"),
}
SETTLE: dict[str, Pair] = {
    "desk": ("查台账资料", "in the files"), "phone": ("打电话", "by telephone"),
    "visit": ("要入户", "by a visit"),
}  # fmt: skip
VERDICT = {"pass": "通过", "violated": "有疑点", "unknown": "判断不了"}
KIND: dict[str, Pair] = {
    "row": ("逐行", "row by row"), "unique": ("不得重复", "no two alike"),
    "match": ("应能对上", "has its counterpart"),
    "observed": ("读表时所见", "seen while reading the sheet"),
}  # fmt: skip
ERA: dict[str, Pair] = {era: (zh, ERA_EN[era]) for era, zh in ERA_ZH.items()}
PEOPLE: dict[str, Pair] = {
    "P": ("脱贫（建档立卡）户", "registered households"),
    "M": ("监测对象", "monitored households"),
}
WEAK: Pair = ("（二手来源）", " (second-hand source)")


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
        f"| [{r.id}]({r.id}.md) | {SEVERITY[r.severity][0][:2]} | {r.audit_item} "
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


def _facts(rule: Rule, table: str = "", at: int = 0) -> list[str]:
    """Return what is said of a rule in a line each; `at` is 0 for Chinese, 1 for English."""
    colon, comma = ("：", ": ")[at], ("、", ", ")[at]

    def line(head: Pair, *told: str) -> str:
        return f"{head[at]}{colon}{comma.join(told)}"

    item = (f"十查第 {rule.audit_item} 项", f"matter {rule.audit_item} of the ten inspected")
    facts = [
        line(("级别", "severity"), SEVERITY[rule.severity][at]),
        line(item, AUDIT_ITEMS[rule.audit_item][at]),
        line(("表", "table"), table or rule.table)
        + line(("；方式", "; judged"), KIND[rule.kind][at]),
        line(("时期", "years"), *(ERA[e][at] for e in rule.era)),
        line(("证据", "evidence"), EVIDENCE[rule.evidence][at]),
    ]
    if rule.population:
        facts.append(line(("对象", "meant for"), *(PEOPLE[p][at] for p in rule.population)))
    facts.append(line(("核实", "verified"), SETTLE[rule.settle][at]))
    if rule.regions:
        facts.append(line(("地区", "regions"), *rule.regions))
    if rule.official:
        facts.append(line(("国家系统核查编号", "numbers in the national system"), *rule.official))
    if rule.because:
        facts.append(line(("连带", "follows from"), *rule.because))
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


FOUND: dict[str, Pair] = {
    "near_id": (
        "改一位、对调相邻两位、补一位或去一位就正确，又与出生日期、性别、地区相合的号码；"
        "或者上年的号码、户表里户主的号码",
        "the number one digit away (changed, swapped, added or dropped) that is right and agrees "
        "with birth, sex and region; or last year's, or the head's of the household table",
    ),
    "id_18": (
        "按国家标准由 15 位推出的 18 位号码", "the 18 digits that follow from 15 by the standard",
    ),
    "sex_of_id": ("证件号码表示的性别", "the sex the id number tells"),
    "birth_of_id": ("证件号码里的出生日期", "the date of birth in the id number"),
    "slipped_number": (
        "使合计相符的那个数：相邻两位颠倒、正负号写反、差 10、12 或 1 万倍",
        "the number that makes the total right: two digits swapped, the sign turned, or 10, 12 "
        "or 10,000 times as much",
    ),
    "slipped_date": (
        "月日对调或世纪写错的日期", "the date with day and month swapped or another century",
    ),
    "near_code": ("代码表里写法最接近的一项", "the nearest entry of the code list"),
    "near_place": ("本次数据里最接近的地名", "the nearest place name of this data"),
    "near_key": (
        "户表里只差一位、户主对得上的户编号",
        "the household number one digit away whose head agrees",
    ),
    "listed_id": (
        "成员表里同名同户、号码只差一点的人的号码",
        "the number, hardly different, of the member of that name in the household",
    ),
}  # fmt: skip


def suggest_line(one: Suggest, at: int = 0) -> str:
    """Return one entry of `suggest` in words."""
    told = f"`{' '.join(one.value.split())}`" if one.value else FOUND[one.find or "near_id"][at]
    if one.gap:
        gap = f"`{' '.join(one.gap.split())}`"
        told += (f"（{gap} 应为 0）", f" ({gap} to be 0)")[at]
    safe = one.confidence == "safe"
    sure = (("仅供参考", "for consideration"), ("有把握", "safe"))[safe][at]
    field = one.field or ("所涉字段", "the field in question")[at]
    parts = [(f"{field}：{told}，{sure}", f"{field}: {told}; {sure}")[at]]
    if one.when:
        parts.append(f"{('当', 'when')[at]} `{' '.join(one.when.split())}`")
    if one.why:
        parts.append((one.why.zh, one.why.en or one.why.zh)[at])
    return ("；", "; ")[at].join(parts)


def basis_line(basis: Basis, at: int = 0) -> str:
    """Name a document; its own words stay as they are."""
    parts = [basis.document, basis.clause, basis.date, basis.note]
    text = "，".join(p for p in parts if p)
    weak = {"weak": WEAK, "inferred": ("（推定）", " (inferred)")}.get(basis.confidence, ("", ""))
    return f"{text}{weak[at]}" + (f" <{basis.source}>" if basis.source else "")


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


def shown(pack: Pack, rule: Rule, day: date, region: str, at: int = 0) -> list[str]:
    """Return a rule as lines, with file and line of what it says and of every
    parameter it would use on a day in a region. What documents say, and what the
    rule says to its reader, stays in Chinese; the rest is so if `at` is 0, English if it is 1."""
    file = pack.file(f"rule:{rule.id}")
    resolved = resolve(pack, day, region)
    label = resolved.tables[rule.table].label
    facts = _facts(rule, (f"{label.zh}（{rule.table}）", f"{label.en} ({rule.table})")[at], at)
    titles = (rule.title.zh, rule.title.en)
    lines = [f"{rule.id} {titles[at]}", f"  {titles[1 - at]}", *(f"  {f}" for f in facts)]
    lines += ["", *_placed(rule, file), ""]
    if rule.id in resolved.inapplicable:
        here = f"{day} {region or ('全国', 'the nation')[at]}"
        why = resolved.inapplicable[rule.id]
        lines.append((f"{here}：{why}", f"{here}: {english(why)}")[at])
    lines += _params(pack, rule, resolved, day, at)
    lines += ["", ("依据", "Basis")[at], *(f"  {basis_line(b, at)}" for b in rule.basis)]
    if rule.suggest:
        lines += ["", ("建议值", "Suggested value")[at]]
        lines += [f"  {suggest_line(one, at)}" for one in rule.suggest]
    wrong = ("什么时候会错报", "When it may be wrong")[at]
    return [*lines, "", wrong, f"  {rule.false_alarms.strip()}"]


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


def _params(pack: Pack, rule: Rule, resolved: ResolvedPack, day: date, at: int) -> list[str]:
    lines: list[str] = []
    for name in _names(rule, resolved):
        value = resolved.param_value(name, day)
        if value is None or value.value is None:
            why = resolved.param(name, day)[1]
            lines.append((f"参数 {name}：{why}", f"parameter {name}: {english(why)}")[at])
            continue
        unit = resolved.params[name].unit
        where = _param_place(pack, name, value.region, value.since)
        weak = WEAK[at] if any(b.confidence != "firm" for b in value.basis) else ""
        head, since = (("参数", "，自"), ("parameter", ", since"))[at]
        lines.append(f"{head} {name} = {value.value} {unit}{weak}{since} {value.since}")
        lines += [f"          {where}"] if where else []
        lines += [f"          {basis_line(b, at)}" for b in value.basis]
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
