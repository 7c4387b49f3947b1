"""Is the law well written? Static checks of a pack, and the deep check that a
rule's examples would notice if the rule were broken."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from urllib.parse import urlsplit

import msgspec

from fupin_audit.assess import lint as judgement
from fupin_audit.errors import RulePackError
from fupin_audit.evaluate.plan import Plan, compile_rule
from fupin_audit.packs.expr import parse
from fupin_audit.packs.load import Pack, all_rules
from fupin_audit.packs.names import nearest
from fupin_audit.packs.resolve import SEVERITIES, ResolvedPack, resolve
from fupin_audit.packs.shapes import Basis, Rule
from fupin_audit.packs.tree import Node, walk
from fupin_audit.selftest import ERA_DAYS, judge
from fupin_audit.suggest import lint as suggested

RULE_ID = re.compile(r"[A-Z]{2}\d{3}")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PUBLIC_HOSTS = (".gov.cn", "people.com.cn", "xinhuanet.com", "news.cn", "npc.gov.cn", "samr.gov.cn")
"""A link in a basis goes to a government or official-press host or nowhere."""
HOLE = re.compile(r"\{[^{}]*\}")
NARROW = re.compile(r"[一-鿿）”][,;:!?]|[,;!?][一-鿿“（]|[一-鿿]\(|\)[一-鿿]")
"""A half-width mark beside a Chinese character."""


def lint(pack: Pack, ids: Collection[str] | None = None) -> list[str]:
    """Return every problem, as `file: what` lines; an empty list is a good pack."""
    problems: list[str] = []
    rules = [r for r in all_rules(pack) if ids is None or r.id in ids]
    known = {r.id for r in all_rules(pack)}
    for rule in rules:
        where = _where(pack, rule.id)
        problems += [f"{where}: {p}" for p in _rule_problems(rule, pack, known)]
    if ids is None:
        problems += _pack_problems(pack)
    return problems


def deep(pack: Pack, ids: Collection[str] | None = None) -> list[str]:
    """Break every rule on purpose; return those whose examples do not notice."""
    problems: list[str] = []
    for rule in all_rules(pack):
        if ids is not None and rule.id not in ids:
            continue
        for what, mutant in _mutants(rule):
            if all(judge(pack, mutant, e) == e.expect for e in rule.examples):
                where = _where(pack, rule.id)
                problems.append(f"{where}: {what}，例子却没有一个变样；请补一个例子")
    return problems


def _mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    replace = msgspec.structs.replace
    if rule.must:
        yield "把 must 反过来", replace(rule, must=f"not ({rule.must})")
    if rule.when:
        yield "去掉 when", replace(rule, when=None)
    if rule.differing:
        yield "去掉 differing", replace(rule, differing=None)
    if rule.kind == "observed":
        yield "换成别的观察", replace(rule, observed="no_such")


def _where(pack: Pack, rule_id: str) -> str:
    return str(pack.file(f"rule:{rule_id}") or rule_id)


def _rule_problems(rule: Rule, pack: Pack, known: Collection[str]) -> Iterator[str]:
    if not RULE_ID.fullmatch(rule.id):
        yield f"编号“{rule.id}”应为两个大写字母加三位数字"
    if not NAME.fullmatch(rule.name):
        yield f"name“{rule.name}”应为小写英文单词加连字符"
    if not 1 <= rule.audit_item <= 10:
        yield "audit_item 应为 1–10（十查）"
    yield from _kind_problems(rule)
    yield from _example_problems(rule)
    texts = {
        "title.en": rule.title.en,
        "message": rule.message.zh,
        "advice": rule.advice.zh,
        "false_alarms": rule.false_alarms,
    }
    for what, text in texts.items():
        if not text.strip():
            yield f"{what} 是空的"
    if not rule.basis:
        yield "没有 basis（依据）"
    for basis in rule.basis:
        yield from _link_problems(basis)
    yield from _text_problems(rule)
    if rule.severity == "error" and not _well_founded(rule):
        yield "推断的规则没有法规、标准或恒等关系作依据的，最多是 warning"
    if rule.id in rule.because:
        yield "because 里写了自己"
    retired = [i for i in rule.because if i in pack.retired]
    if retired:
        yield f"because 里的 {'、'.join(retired)} 已停用"
    resolved = _resolved_for(rule, pack)
    try:
        plan = compile_rule(rule, resolved)
    except RulePackError as error:
        yield str(error).replace("\n", " ")
        return
    yield from _number_problems(rule, plan)
    yield from suggested.problems(rule, resolved)
    if rule.table in resolved.tables:
        fields = resolved.tables[rule.table].fields
        for name in plan.blame:
            if name not in fields:
                yield f"blame 的“{name}”不在 {rule.table} 表。{nearest(name, fields)}"


def _text_problems(rule: Rule) -> Iterator[str]:
    """What a clerk reads has Chinese punctuation."""
    own = [t for b in rule.basis for t in (b.document, b.clause, b.note)]
    for text in (rule.title.zh, rule.message.zh, rule.advice.zh, rule.false_alarms,
                 rule.never_unknown, *own, *(s.why.zh for s in rule.suggest if s.why)):  # fmt: skip
        if found := NARROW.search(HOLE.sub("X", text)):
            yield f"“{text[:30]}”里的“{found[0]}”应改用全角标点"


def _well_founded(rule: Rule) -> bool:
    return rule.evidence != "inferred" or any(b.confidence == "firm" for b in rule.basis)


def _number_problems(rule: Rule, plan: Plan) -> Iterator[str]:
    """A computed number needs a format, or its decimals run on."""
    if rule.kind == "observed":
        return
    for lang, pieces in plan.pieces.items():
        for piece in (p for p in pieces if p.argument >= 0 and not p.spec):
            if _computed(plan.arguments[piece.argument]):
                yield f"message.{lang} 里算出来的数要写格式，例如 {{…:.2f}} 或 {{…:.0f}}"


def _computed(node: Node) -> bool:
    return node.op in ("+", "-", "*", "/", "%") or (node.op == "agg" and node.args[0] == "count")


def _kind_problems(rule: Rule) -> Iterator[str]:
    needs = {"row": rule.must, "unique": rule.key, "match": rule.match, "observed": rule.observed}
    for kind, value in needs.items():
        if kind == rule.kind and not value:
            yield f"kind 是 {kind}，缺少相应的内容"
        if kind != rule.kind and value:
            yield f"kind 是 {rule.kind}，不该写 {kind} 的内容"


def _example_problems(rule: Rule) -> Iterator[str]:
    got = {e.expect for e in rule.examples}
    names = [e.name for e in rule.examples]
    for verdict, zh in (("pass", "通过"), ("violated", "有疑点"), ("unknown", "判断不了")):
        if verdict not in got and not (verdict == "unknown" and rule.never_unknown):
            yield f"没有“{zh}”的例子"
    if rule.never_unknown and "unknown" in got:
        yield "写了 never_unknown，却有“判断不了”的例子"
    doubted = [e for e in rule.examples if e.doubt is not None]
    if rule.doubt and not any(e.expect == "violated" for e in doubted):
        yield "有 doubt，却没有一个“有疑点”的例子写明存疑多少元（doubt: 数额）"
    if doubted and not rule.doubt:
        yield "例子写了存疑多少元，规则却没有 doubt"
    for name in {n for n in names if names.count(n) > 1}:
        yield f"两个例子都叫“{name}”"


def _link_problems(basis: Basis) -> Iterator[str]:
    if not basis.document.strip():
        yield "basis 的 document 是空的"
    host = urlsplit(basis.source).hostname or ""
    if basis.source and not any(host == h.lstrip(".") or host.endswith(h) for h in PUBLIC_HOSTS):
        yield f"basis 的链接 {host} 不是政府或官方媒体网站"


def _resolved_for(rule: Rule, pack: Pack) -> ResolvedPack:
    return resolve(pack, ERA_DAYS[rule.era[0]], rule.regions[0] if rule.regions else "")


def _pack_problems(pack: Pack) -> Iterator[str]:
    resolved = resolve(pack, date(2019, 12, 31))
    for name, term in pack.terms.items():
        try:
            parse(term.means, term.table, resolved.names, f"terms.yaml:{name}")
        except RulePackError as error:
            yield str(error).replace("\n", " ")
    yield from _stakes_problems(resolved)
    for table in pack.tables.values():
        for name, field in table.fields.items():
            if not name.isidentifier():
                yield f"tables/{table.table}.yaml: 字段“{name}”不能作名字用"
            if field.type in ("code", "codes") and field.codes not in pack.codes:
                yield f"tables/{table.table}.yaml: 字段“{name}”的代码表“{field.codes}”不存在"
    yield from _twice_problems(pack)
    yield from judgement.problems(pack, resolved)
    for where, basis in judgement.bases(pack):
        yield from (f"{where}: {p}" for p in _link_problems(basis))
    yield from _unused_problems(pack, resolved)
    for layer in (pack, *pack.overlays):
        for param in layer.params.values():
            for value in param.values:
                if (value.value is None) == (not value.gap):
                    yield f"参数“{param.id}” {value.since}: value 与 gap 要写且只写一个"
                for basis in value.basis:
                    yield from (f"参数“{param.id}”：{p}" for p in _link_problems(basis))
        for rule_id, override in layer.overrides.items():
            rule = pack.rules.get(rule_id)
            if rule and SEVERITIES.index(override.severity) < SEVERITIES.index(rule.severity):
                yield f"{layer.root}/overrides.yaml: {rule_id} 只能提高级别，不能降低"
        for name, claimed in layer.manifest.claims.items():
            yield from _claim_problems(name, claimed, pack, layer.manifest.region or "")


def _stakes_problems(pack: ResolvedPack) -> Iterator[str]:
    """What the manifest says of stakes and triage must mean something here."""
    texts = (
        [pack.stakes.value, pack.stakes.size, *(s.line for s in pack.stakes.lines)]
        if pack.stakes
        else []
    )
    for text in texts:
        try:
            parse(text, pack.stakes.table if pack.stakes else "", pack.names, "pack.yaml:stakes")
        except RulePackError as error:
            yield str(error).replace("\n", " ")
    if pack.card:
        own = [f for p in pack.card.policies for f in (*p.fields, *p.amounts)]
        persons = [f for p in pack.card.policies for f in p.members]
        for table, names in (("household", [*pack.card.household, *own]),
                             ("member", [*pack.card.member, *persons])):  # fmt: skip
            for name in names:
                if table not in pack.tables or name not in pack.tables[table].fields:
                    yield f"pack.yaml: card 里的“{name}”不在 {table} 表"
    known = {name for rule in pack.rules for name in (rule, rule[:2])}
    for name in pack.triage:
        if name not in known:
            yield f"pack.yaml: triage 里的“{name}”不是规则，也不是规则类别"


def _twice_problems(pack: Pack) -> Iterator[str]:
    """One header means one field of a table, one word one value of a list."""
    for table in pack.tables.values():
        owners: dict[tuple[str, str], str] = {}
        for name, field in table.fields.items():
            words = [("", a) for a in (name, *field.aliases, *field.invert_aliases)]
            words += [(group, a) for group, names in field.group_aliases.items() for a in names]
            for word in dict.fromkeys(words):
                if owners.setdefault(word, name) != name:
                    yield f"tables/{table.table}.yaml: “{word[1]}”同属“{owners[word]}”和“{name}”"
    for codes in pack.codes.values():
        labels: dict[str, str] = {}
        for code in codes.values:
            for text in dict.fromkeys((code.label, *code.aliases, *code.misprints)):
                if labels.setdefault(text, code.label) != code.label:
                    yield f"codes/{codes.id}.yaml: “{text}”同属“{labels[text]}”和“{code.label}”"


def _unused_problems(pack: Pack, resolved: ResolvedPack) -> Iterator[str]:
    """Data that nothing reads and no manifest claims only looks like law."""
    nodes: list[Node] = []
    for rule in all_rules(pack):
        try:
            plan = compile_rule(rule, resolved)
        except RulePackError:
            continue  # told where the rule itself is checked
        trees = (*plan.trees(), *plan.arguments, *plan.offers, plan.match_when, plan.doubt)
        nodes += [n for tree in trees if tree is not None for n in walk(tree)]
    read = {n.args[0] for n in nodes if n.op == "param"} | judgement.params(pack)
    for name in sorted(pack.params.keys() - read - pack.manifest.claims.keys()):
        yield f"参数“{name}”没有一条规则用到"
    listed = {f.codes for t in pack.tables.values() for f in t.fields.values()}
    for name in sorted(pack.codes.keys() - listed):
        yield f"codes/{name}.yaml: 没有一个字段用这个代码表"
    rules = all_rules(pack)
    texts = [judgement.words(pack), *(r.message.zh for r in rules)]
    texts += [t for r in rules for t in (r.when, r.must, r.differing, *r.key, r.doubt) if t]
    texts += [t for r in rules for s in r.suggest for t in (s.value, s.gap, s.when) if t]
    for name, term in pack.terms.items():
        others = [t.means for k, t in pack.terms.items() if k != name]
        if not any(re.search(rf"(?<!\w){name}(?!\w)", t) for t in (*texts, *others)):
            yield f"terms.yaml: {term.table} 表的“{name}”没有用到"


def _claim_problems(name: str, claimed: Collection[str], pack: Pack, home: str) -> Iterator[str]:
    """A claim is `2019` (the pack's own region) or `61:2019`: a value is there."""
    if name not in pack.params:
        yield f"pack.yaml: claims 里的参数“{name}”不存在"
        return
    for claim in claimed:
        region, _, year = claim.rpartition(":")
        day = date(int(year), 12, 31)
        value, why = resolve(pack, day, region or home).param(name, day)
        if value is None:
            yield f"pack.yaml: 声明有 {claim} 的数值，但{why}"
