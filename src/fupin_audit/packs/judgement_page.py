"""A judgement as lines to read on the terminal: what is in force on a day in a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from fupin_audit.domain.reason import english
from fupin_audit.packs.expr import parse
from fupin_audit.packs.judgement import Criterion, IncomeItem, IncomeMethod, Judgement
from fupin_audit.packs.load import Pack
from fupin_audit.packs.pages import WEAK, basis_line
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.packs.shapes import Label
from fupin_audit.packs.tree import walk


def judgements(pack: Pack) -> list[str]:
    """Return what `shown` can be asked for: `income`, `household` …"""
    levels = {level for layer in (pack, *pack.overlays) for level in layer.judgements}
    return ["income", *sorted(levels)] if pack.methods else sorted(levels)


def shown(pack: Pack, name: str, day: date, region: str, at: int = 0) -> list[str]:
    """Return a judgement as lines, with every parameter it uses on a day in a region.

    Chinese if `at` is 0, English if it is 1; what the law has in Chinese alone stays so.
    """
    resolved = resolve(pack, day, region)
    file = pack.file(f"judgement:{name}")
    if name == "income" and resolved.method is not None:
        method = resolved.method
        lines = [*_method(method, at), "", *_options(method.options, resolved, at)]
    else:
        lines = list(_judgement(resolved.judgements[name], resolved, at))
    return [*lines, "", (f"文件：{file}", f"file: {file}")[at]]


def _named(label: Label, at: int) -> str:
    return (label.en if at else "") or label.zh


def _judgement(judgement: Judgement, pack: ResolvedPack, at: int) -> Iterator[str]:
    yield _colon(_named(judgement.label, at), judgement.note, at)
    for criterion in judgement.criteria:
        yield ""
        yield from _criterion(criterion, judgement.table, pack, at)
    yield ""
    yield ("分类", "Classes")[at]
    yield from (
        f"  {_colon(_named(one.label, at), _named(one.means, at), at)}"
        for one in judgement.classes
    )  # fmt: skip


def _colon(head: str, told: str, at: int) -> str:
    return f"{head}{('：', ': ')[at]}{told}"


def _criterion(criterion: Criterion, table: str, pack: ResolvedPack, at: int) -> Iterator[str]:
    veto = any(pack.region.startswith(region) for region in criterion.veto)
    alone = ("（一票否决）", " (fails the household by itself)")[at] if veto else ""
    yield f"{criterion.id}  {_named(criterion.label, at)}{alone}"
    if criterion.gap:
        yield "  " + _colon(("不能判定", "cannot be judged")[at], criterion.gap, at)
    else:
        yield f"  met   {' '.join(criterion.met.split())}"
    if criterion.when:
        yield f"  when  {' '.join(criterion.when.split())}"
    yield from (f"  {line}" for line in _params(criterion, table, pack, at))
    if criterion.because:
        rules = ("同一判据的规则", "rules by the same test")[at]
        yield "  " + _colon(rules, " ".join(criterion.because), at)
    yield from (f"  {basis_line(basis, at)}" for basis in criterion.basis)


def _params(criterion: Criterion, table: str, pack: ResolvedPack, at: int) -> Iterator[str]:
    texts = [t for t in (criterion.met, criterion.when) if t]
    nodes = (n for text in texts for n in walk(parse(text, table, pack.names)))
    for name in dict.fromkeys(n.args[0] for n in nodes if n.op == "param"):
        yield _param(name, pack, at)


def _param(name: str, pack: ResolvedPack, at: int) -> str:
    value, why = pack.param(name, pack.as_of)
    head = f"{('参数', 'parameter')[at]} {name}"
    if value is None:
        return _colon(head, (why, english(why))[at], at)
    found = pack.param_value(name, pack.as_of)
    weak = found is not None and bool(found.basis) and found.basis[0].confidence != "firm"
    told = f"{head} = {value} {pack.params[name].unit}".rstrip()
    return told + (WEAK[at] if weak else "")


def _options(names: Iterable[str], pack: ResolvedPack, at: int) -> Iterator[str]:
    yield ("口径", "Choices")[at]
    for name in names:
        yield f"  {_param(name, pack, at)}"
        found = pack.param_value(name, pack.as_of)
        yield from (f"      {basis_line(basis, at)}" for basis in (found.basis if found else ()))


def _method(method: IncomeMethod, at: int) -> Iterator[str]:
    yield _colon(_named(method.label, at), " ".join(method.note.split()), at)
    for kind in (*method.kinds, method.cost):
        yield ""
        name = _named(kind.label, at)
        yield (f"{name}（{kind.field}）", f"{name} ({kind.field})")[at]
        yield from (_item(item, at) for item in kind.items)
    yield ""
    yield f"{('人口', 'people')[at]}  {method.size}"
    yield f"{('判断所用的人均', 'income per head judged by')[at]}  {method.judged}"
    yield from (f"{_named(s.label, at)}  {s.value}" for s in method.standards)


def _item(item: IncomeItem, at: int) -> str:
    told = f"  {item.field}"
    if item.within:
        of_which = f"其中 {item.field}（{item.within}）", f"of which {item.field} ({item.within})"
        told = f"    {of_which[at]}"
    if item.extra:
        told += ("（另加）", " (on top)")[at]
    if item.counts == "False":
        return _colon(told, ("不计", "not counted")[at], at)
    if item.counts:
        return _colon(told, (f"{item.counts} 时计入", f"counted if {item.counts}")[at], at)
    return told
