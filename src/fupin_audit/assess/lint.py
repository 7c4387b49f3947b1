"""Are the judgements of a pack well written?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fupin_audit.assess.criteria import as_rule
from fupin_audit.errors import RulePackError
from fupin_audit.evaluate.plan import compile_rule
from fupin_audit.packs.expr import parse
from fupin_audit.packs.judgement import Criterion, IncomeKind, IncomeMethod, Judgement, Procedure
from fupin_audit.packs.load import Pack, all_rules
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Basis, Label

PARAM = re.compile(r'param\("([^"]+)"')

Text = tuple[str, str, str]
"""Where it stands, table, expression."""


def problems(pack: Pack, resolved: ResolvedPack) -> Iterator[str]:
    """Yield what is wrong with a pack's judgements, as `file: what` lines."""
    for where, table, text in texts(pack):
        if table not in resolved.tables:
            yield f"{where}: 没有“{table}”这张表"
            continue
        try:
            parse(text, table, resolved.names, where)
        except RulePackError as error:
            yield str(error).replace("\n", " ")
    for layer in (pack, *pack.overlays):
        for method in layer.methods.values():
            yield from _method_problems(method, resolved)
        for judgement in layer.judgements.values():
            yield from _judgement_problems(judgement, pack, resolved)
    for where, label in _labels(pack):
        if not label.zh.strip() or not label.en.strip():
            yield f"{where}: 名称要有中文和英文"


def texts(pack: Pack) -> Iterator[Text]:
    """Yield every expression of a pack's judgements, messages left out."""
    for layer in (pack, *pack.overlays):
        for method in layer.methods.values():
            where = "judgement/income.yaml"
            yield from ((where, method.table, text) for text in _of_method(method))
        for judgement in layer.judgements.values():
            where = f"judgement/{judgement.id}.yaml"
            yield from ((where, judgement.table, text) for text in _of_judgement(judgement))
        for several in layer.procedures.values():
            for procedure in several.procedures:
                where = f"judgement/procedure.yaml:{procedure.id}"
                yield from ((where, procedure.table, t) for t in _of_procedure(procedure))


def words(pack: Pack) -> str:
    """Return everything the judgements say, to look for a name in."""
    told = [text for _, _, text in texts(pack)]
    for layer in (pack, *pack.overlays):
        for judgement in layer.judgements.values():
            told += [t for c in judgement.criteria for t in (c.reason.zh, c.reason.en)]
    return "\n".join(told)


def params(pack: Pack) -> set[str]:
    """Return the parameters the judgements read."""
    read = set(PARAM.findall(words(pack)))
    for layer in (pack, *pack.overlays):
        read |= {name for method in layer.methods.values() for name in method.options}
    return read


def bases(pack: Pack) -> Iterator[tuple[str, Basis]]:
    """Yield every document a judgement rests on."""
    for layer in (pack, *pack.overlays):
        for method in layer.methods.values():
            yield from (("judgement/income.yaml", basis) for basis in method.basis)
        for judgement in layer.judgements.values():
            for criterion in judgement.criteria:
                where = f"judgement/{judgement.id}.yaml:{criterion.id}"
                yield from ((where, basis) for basis in criterion.basis)
        for several in layer.procedures.values():
            for procedure in several.procedures:
                where = f"judgement/procedure.yaml:{procedure.id}"
                yield from ((where, basis) for basis in procedure.basis)


def _of_method(method: IncomeMethod) -> Iterator[str]:
    yield from (method.year, method.size, method.digits, method.judged, method.blank_is_zero)
    for kind in (*method.kinds, method.cost):
        for item in kind.items:
            yield from (text for text in (item.amount, item.counts) if text)
    yield from (standard.value for standard in method.standards)


def _of_judgement(judgement: Judgement) -> Iterator[str]:
    if judgement.subject:
        yield judgement.subject
    for c in judgement.criteria:
        optional = (c.when, c.value, c.limit, *c.rests_on.values())
        yield from (text for text in (c.met, *optional) if text)
    for figure in judgement.figures:
        yield from (figure.value, figure.tolerance)
    yield from (one.when for one in judgement.classes if one.when)
    yield from (one.when for one in judgement.groups)


def _of_procedure(procedure: Procedure) -> Iterator[str]:
    yield procedure.when
    yield from (step.field for step in procedure.steps)
    yield from (step.needless for step in procedure.steps if step.needless)
    for span in procedure.spans:
        yield from (text for text in (span.start, span.end, span.least, span.most) if text)


def _method_problems(method: IncomeMethod, resolved: ResolvedPack) -> Iterator[str]:
    where, fields = "judgement/income.yaml", resolved.tables[method.table].fields
    kinds: tuple[IncomeKind, ...] = (*method.kinds, method.cost)
    named = [method.gross, method.net, method.per_head, *(k.field for k in kinds)]
    named += [item.field for kind in kinds for item in kind.items]
    yield from (f"{where}: 没有“{name}”这个字段" for name in named if name not in fields)
    for kind in kinds:
        own = {item.field for item in kind.items}
        for item in kind.items:
            if item.within and item.within not in own:
                yield f"{where}: “{item.field}”所属的“{item.within}”不在同一类里"
    for name in method.options:
        if name not in resolved.params:
            yield f"{where}: 没有“{name}”这个参数"


def _judgement_problems(
    judgement: Judgement, pack: Pack, resolved: ResolvedPack
) -> Iterator[str]:  # fmt: skip
    where = f"judgement/{judgement.id}.yaml"
    known = {rule.id for rule in all_rules(pack)}
    for criterion in judgement.criteria:
        yield from _criterion_problems(criterion, f"{where}:{criterion.id}", known)
        try:
            compile_rule(as_rule(criterion, judgement.table), resolved, where)
        except RulePackError as error:
            yield str(error).replace("\n", " ")
        for name in criterion.rests_on:
            table, dot, field = name.rpartition(".")
            spec = resolved.tables.get(table if dot else judgement.table)
            if spec is None or field not in spec.fields:
                yield f"{where}:{criterion.id}: rests_on 里的“{name}”不是字段"
    groups = {group.id for group in judgement.groups}
    classes = {one.id for one in judgement.classes}
    for flag in judgement.flags:
        if flag.group not in groups or not classes.issuperset(flag.classes):
            yield f"{where}: flags 的“{flag.id}”说到没有的组或类"
    figures = {figure.id for figure in judgement.figures}
    for figure in judgement.figures:
        if figure.against and figure.against not in figures:
            yield f"{where}: figures 的“{figure.id}”要比的“{figure.against}”不存在"


def _criterion_problems(criterion: Criterion, where: str, known: set[str]) -> Iterator[str]:
    if not criterion.basis:
        yield f"{where}: 没有 basis（依据）"
    for rule in criterion.because:
        if rule not in known:
            yield f"{where}: because 里的 {rule} 不存在"
    if criterion.gap and criterion.met != "False":
        yield f"{where}: 写了 gap 就不写 met"
    if not criterion.gap and criterion.met == "False":
        yield f"{where}: 没有 met（判据）"


def _labels(pack: Pack) -> Iterator[tuple[str, Label]]:
    for layer in (pack, *pack.overlays):
        for judgement in layer.judgements.values():
            where = f"judgement/{judgement.id}.yaml"
            for c in judgement.criteria:
                yield from ((f"{where}:{c.id}", label) for label in (c.label, c.short, c.reason))
            for one in judgement.classes:
                yield from ((f"{where}:{one.id}", label) for label in (one.label, one.means))
            yield from ((f"{where}:{g.id}", g.label) for g in judgement.groups)
            yield from ((f"{where}:{f.id}", f.label) for f in judgement.figures)
            for flag in judgement.flags:
                yield from ((f"{where}:{flag.id}", label) for label in (flag.label, flag.advice))
