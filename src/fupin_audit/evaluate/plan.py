"""A rule made ready: its expressions parsed, and why it may have to be silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fupin_audit.domain.reason import Reason
from fupin_audit.errors import RulePackError, RuleSyntaxError, UnknownName
from fupin_audit.evaluate.context import Context
from fupin_audit.evaluate.links import missing_keys
from fupin_audit.evaluate.message import compile_template
from fupin_audit.evaluate.needs import Needs, needs_of
from fupin_audit.model.findings import Piece
from fupin_audit.packs.expr import parse
from fupin_audit.packs.names import Names, nearest
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Rule, Suggest
from fupin_audit.packs.tree import Node, walk

_TRUE = Node("const", (True,), "bool")


@dataclass(frozen=True, slots=True)
class Plan:
    """One rule with its expressions as trees.

    `population` is the condition that the row is of the rule's population;
    None when the rule is for everyone. `offers` has two trees per entry of
    `suggest`: its value or gap, and its `when`.
    """

    rule: Rule
    when: Node | None
    must: Node | None
    key: tuple[Node, ...]
    differing: Node | None
    match_when: Node | None
    doubt: Node | None
    pieces: dict[str, list[Piece]]
    arguments: tuple[Node, ...]
    blame: tuple[str, ...]
    needs: Needs
    offers: tuple[Node, ...] = ()

    @property
    def table(self) -> str:
        return self.rule.table

    def trees(self) -> list[Node]:
        own = (self.when, self.must, self.differing, *self.key)
        return [node for node in own if node is not None]


def compile_rule(rule: Rule, pack: ResolvedPack, where: str = "") -> Plan:
    """Parse everything a rule says.

    Raises:
        RulePackError: The first mistake, with `where` and the nearest name.
    """
    names, observed = pack.names, rule.kind == "observed"

    def tree(text: str | None, table: str = rule.table) -> Node | None:
        return None if text is None else parse(text, table, names, where)

    arguments: list[Node] = []
    pieces = {
        lang: compile_template(text, rule.table, names, where, arguments, observed)
        for lang, text in (("zh", rule.message.zh), ("en", rule.message.en))
        if text
    }
    when, must, differing = tree(rule.when), tree(rule.must), tree(rule.differing)
    key = tuple(parse(k, rule.table, names, where) for k in rule.key)
    return Plan(
        rule=rule,
        when=when,
        must=must,
        key=key,
        differing=differing,
        match_when=tree(rule.match.when, rule.match.table) if rule.match else None,
        doubt=tree(rule.doubt),
        pieces=pieces,
        arguments=tuple(arguments),
        blame=rule.blame or _own_fields([must, *key], rule.table),
        needs=needs_of(rule, [n for n in (when, must, differing, *key) if n is not None]),
        offers=tuple(node for one in rule.suggest for node in _offer(one, rule, names, where)),
    )


def _offer(one: Suggest, rule: Rule, names: Names, where: str) -> Iterator[Node]:
    """Yield the trees of one entry of `suggest`."""
    fields = names.tables[rule.table].fields if rule.table in names.tables else {}
    if one.field and fields and one.field not in fields:
        hint = nearest(one.field, fields)
        told = f"suggest 的字段“{one.field}”不在 {rule.table} 表"
        raise UnknownName(told, where=where, hint=hint)
    if not fields:  # of a rule about any table: nothing but finders, without expressions
        if one.value or one.gap or one.when:
            raise RuleSyntaxError("读表所见的规则，suggest 里只能写 find", where=where)
        yield from (_TRUE, _TRUE)
        return
    yield parse(one.value or one.gap or "True", rule.table, names, where)
    yield parse(one.when, rule.table, names, where) if one.when else _TRUE


def compile_rules(rules: Iterable[Rule], pack: ResolvedPack) -> list[Plan]:
    """Parse many rules; all mistakes are reported together."""
    plans: list[Plan] = []
    problems: list[str] = []
    for rule in rules:
        try:
            plans.append(compile_rule(rule, pack, where=rule.id))
        except RulePackError as error:
            problems.append(_located(error, rule, pack))
    if problems:
        raise RulePackError(f"有 {len(problems)} 条规则不能用", problems=tuple(problems))
    return plans


def _located(error: RulePackError, rule: Rule, pack: ResolvedPack) -> str:
    """Return a mistake on one line, with the file and line it is in."""
    from fupin_audit.packs.yaml_io import line_of, read_text  # a sound pack needs no YAML

    told = f"{error.what}。{error.hint}" if error.hint else error.what
    if rule.id not in pack.files:
        return f"{rule.id}: {told}"
    keys = ("when", "must", "differing", "doubt")
    key = next((k for k in keys if _refused(rule, k, pack)), "message")
    if error.what.startswith("suggest"):
        key = "suggest"
    file = Path(pack.files[rule.id])
    return f"{file}:{line_of(read_text(file), f'$.{key}')}: {told}"


def _refused(rule: Rule, key: str, pack: ResolvedPack) -> bool:
    text = getattr(rule, key)
    try:
        return text is not None and not parse(text, rule.table, pack.names)
    except RulePackError:
        return True


def _own_fields(trees: list[Node | None], table: str) -> tuple[str, ...]:
    """Blame, when a rule names none: the fields of its own table it judges."""
    named = [
        n.args[1]
        for tree in trees
        if tree is not None
        for n in walk(tree)
        if n.op == "field" and n.args[0] == table and not n.args[1].startswith("last_year.")
    ]
    return tuple(dict.fromkeys(named))


_NO_HOUSEHOLDS = Reason(
    "没有户表，分不清脱贫户和监测户",
    "without a household table, registered and monitored households cannot be told apart",
)


def population(plan: Plan, ctx: Context) -> tuple[Node | None, str]:
    """Return the condition that a row belongs to the rule's population.

    Returns:
        (condition, ""), (None, "") for everyone, or (None, why it is skipped).
    """
    wanted, pack = plan.rule.population, ctx.pack
    home = plan.table == "household"
    if not wanted or not (home or pack.names.parent_of(plan.table, "household")):
        return None, ""
    if not home and "household" not in ctx.tables:
        return None, _NO_HOUSEHOLDS
    conditions: list[Node] = []
    present: set[str] = set()
    everyone = False
    for name in wanted:
        spec = pack.populations[name]
        here = {c for c in spec.columns if ctx.available("household", c)}
        present |= here
        everyone |= pack.era in spec.everyone_without_columns_in
        if here:
            conditions.append(parse(spec.where, "household", pack.names, f"population {name}"))
    if not present:
        columns = [c for name in wanted for c in pack.populations[name].columns]
        names = list(dict.fromkeys(columns))
        why = Reason(
            f"缺 {'、'.join(names)} 列，分不清规则所说的户",
            f"without the columns {', '.join(names)} nobody can tell which households are meant",
        )
        return None, "" if everyone else why
    node = conditions[0] if len(conditions) == 1 else Node("or", tuple(conditions), "bool")
    return (node if home else Node("up", ("household", plan.table, node), "bool")), ""


def why_skipped(plan: Plan, ctx: Context) -> str:
    """Return why a rule cannot judge this data at all (Chinese), or nothing."""
    pack = ctx.pack
    if plan.rule.id in pack.inapplicable:
        return pack.inapplicable[plan.rule.id]
    if plan.rule.kind == "observed":
        return ""
    for table in plan.needs.tables:
        own_cells = table == plan.table and not plan.needs.among_rows
        if table not in ctx.tables or not (own_cells or ctx.counted(table)):
            return Reason(f"没有{pack.tables[table].label.zh}表", f"there is no table {table}")
    missing = [name for table, name in plan.needs.columns if not ctx.available(table, name)]
    missing += [" 或 ".join(names) for names in _alternatives(plan, ctx)]
    if missing:
        names = [f.replace("last_year.", "上年") for f in missing]
        either = (name.replace(" 或 ", " or ") for name in names)
        return Reason("缺列：" + "、".join(names), "columns missing: " + ", ".join(either))
    for child, parent in plan.needs.links:
        if ctx.link(child, parent) is None:
            lower, upper = (pack.tables[t].label.zh for t in (child, parent))
            keys = missing_keys(ctx.tables, pack, child, parent)
            return Reason(
                f"{lower}与{upper}对不上" + (f"：缺 {'、'.join(keys)} 列" if keys else ""),
                f"{child} cannot be matched with {parent}"
                + (f": columns {', '.join(keys)} are missing" if keys else ""),
            )
    for name in plan.needs.params:
        value, why = pack.param(name, pack.as_of)
        if value is None:
            return why
    return population(plan, ctx)[1]


def _alternatives(plan: Plan, ctx: Context) -> list[tuple[str, ...]]:
    """Return the coalesce() calls of which no sheet carries a single column."""
    absent = [
        tuple(dict.fromkeys(name for _, name in places))
        for places in plan.needs.one_of
        if not any(ctx.available(*place) for place in places)
    ]
    return list(dict.fromkeys(absent))
