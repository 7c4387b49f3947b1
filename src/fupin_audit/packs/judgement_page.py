"""A judgement as lines to read on the terminal: what is in force on a day in a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from fupin_audit.packs.expr import parse
from fupin_audit.packs.judgement import Criterion, IncomeItem, IncomeMethod, Judgement
from fupin_audit.packs.load import Pack
from fupin_audit.packs.pages import basis_line
from fupin_audit.packs.resolve import ResolvedPack, resolve
from fupin_audit.packs.tree import walk


def judgements(pack: Pack) -> list[str]:
    """Return what `shown` can be asked for: `income`, `household` …"""
    levels = {level for layer in (pack, *pack.overlays) for level in layer.judgements}
    return ["income", *sorted(levels)] if pack.methods else sorted(levels)


def shown(pack: Pack, name: str, day: date, region: str) -> list[str]:
    """Return a judgement as lines, with every parameter it uses on a day in a region."""
    resolved = resolve(pack, day, region)
    file = pack.file(f"judgement:{name}")
    if name == "income" and resolved.method is not None:
        lines = [*_method(resolved.method), "", *_options(resolved.method.options, resolved)]
    else:
        lines = list(_judgement(resolved.judgements[name], resolved))
    return [*lines, "", f"文件：{file}"]


def _judgement(judgement: Judgement, pack: ResolvedPack) -> Iterator[str]:
    yield f"{judgement.label.zh}：{judgement.note}"
    for criterion in judgement.criteria:
        yield ""
        yield from _criterion(criterion, judgement.table, pack)
    yield ""
    yield "分类"
    yield from (f"  {one.label.zh}：{one.means.zh}" for one in judgement.classes)


def _criterion(criterion: Criterion, table: str, pack: ResolvedPack) -> Iterator[str]:
    veto = any(pack.region.startswith(region) for region in criterion.veto)
    yield f"{criterion.id}  {criterion.label.zh}" + ("（一票否决）" if veto else "")
    if criterion.gap:
        yield f"  不能判定：{criterion.gap}"
    else:
        yield f"  met   {' '.join(criterion.met.split())}"
    if criterion.when:
        yield f"  when  {' '.join(criterion.when.split())}"
    yield from (f"  {line}" for line in _params(criterion, table, pack))
    if criterion.because:
        yield f"  同一判据的规则：{' '.join(criterion.because)}"
    yield from (f"  {basis_line(basis)}" for basis in criterion.basis)


def _params(criterion: Criterion, table: str, pack: ResolvedPack) -> Iterator[str]:
    texts = [t for t in (criterion.met, criterion.when) if t]
    nodes = (n for text in texts for n in walk(parse(text, table, pack.names)))
    for name in dict.fromkeys(n.args[0] for n in nodes if n.op == "param"):
        yield _param(name, pack)


def _param(name: str, pack: ResolvedPack) -> str:
    value, why = pack.param(name, pack.as_of)
    return f"参数 {name}：{why}" if value is None else _valued(name, value, pack)


def _valued(name: str, value: object, pack: ResolvedPack) -> str:
    found = pack.param_value(name, pack.as_of)
    weak = found is not None and bool(found.basis) and found.basis[0].confidence != "firm"
    told = f"参数 {name} = {value} {pack.params[name].unit}".rstrip()
    return told + ("（二手来源）" if weak else "")


def _options(names: Iterable[str], pack: ResolvedPack) -> Iterator[str]:
    yield "口径"
    for name in names:
        yield f"  {_param(name, pack)}"
        found = pack.param_value(name, pack.as_of)
        yield from (f"      {basis_line(basis)}" for basis in (found.basis if found else ()))


def _method(method: IncomeMethod) -> Iterator[str]:
    yield f"{method.label.zh}：{' '.join(method.note.split())}"
    for kind in (*method.kinds, method.cost):
        yield ""
        yield f"{kind.label.zh}（{kind.field}）"
        yield from (_item(item) for item in kind.items)
    yield ""
    yield f"人口  {method.size}"
    yield f"判断所用的人均  {method.judged}"
    yield from (f"{s.label.zh}  {s.value}" for s in method.standards)


def _item(item: IncomeItem) -> str:
    told = f"    其中 {item.field}（{item.within}）" if item.within else f"  {item.field}"
    if item.extra:
        told += "（另加）"
    if item.counts:
        told += "：不计" if item.counts == "False" else f"：{item.counts} 时计入"
    return told
