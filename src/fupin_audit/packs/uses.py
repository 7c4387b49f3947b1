"""What the columns of a table are used for: by which rules, on which days.

The pack dates its rules, its criteria and its code values, not its columns. A
column that only rules of other eras read is one of those eras.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fupin_audit.packs.expr import parse
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.shapes import Rule, Table
from fupin_audit.packs.tree import Node, fields_needed, walk

Place = tuple[str, str]
_LAST_YEAR = "last_year."
_ENOUGH = 0.9
_WHO = (
    "household_key", "person_key", "person_name", "head_name", "id_number", "head_id_number",
    "head_relation", "county", "township", "village", "year",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uses:
    """What columns are read for on the day of a pack.

    Attributes:
        needs: Rule → the columns it cannot judge without, of the rules in force.
        named: Columns that rules, criteria or the card of this day name.
        elsewhere: Columns that rules name, all of them rules of another era.
    """

    needs: dict[str, frozenset[Place]]
    named: frozenset[Place]
    elsewhere: frozenset[Place]

    def rules(self, table: str, name: str) -> int:
        """Return how many rules in force cannot judge without a column."""
        return sum((table, name) in places for places in self.needs.values())


def uses_of(pack: ResolvedPack) -> Uses:
    """Read off every expression of a pack which columns it names."""
    needs: dict[str, frozenset[Place]] = {}
    named: set[Place] = set()
    other: set[Place] = set()
    for rule in pack.rules.values():
        trees = list(_trees(rule, pack))
        seen = {_plain(n.args) for tree in trees for n in walk(tree) if n.op == "field"}
        seen |= _matched(rule)
        if rule.id in pack.inapplicable:
            other |= seen
        else:
            named |= seen
            strict = {_plain(place) for tree in trees for place in fields_needed(tree)}
            needs[rule.id] = frozenset(strict | _matched(rule))
    named |= _judged(pack)
    return Uses(needs, frozenset(named), frozenset(other - named))


def _plain(place: Place) -> Place:
    return place[0], place[1].removeprefix(_LAST_YEAR)


def _trees(rule: Rule, pack: ResolvedPack) -> Iterator[Node]:
    if rule.table in pack.tables:
        for text in (rule.when, rule.must, rule.differing, *rule.key):
            if text:
                yield parse(text, rule.table, pack.names)


def _matched(rule: Rule) -> set[Place]:
    if rule.match is None:
        return set()
    pairs = rule.match.on.items()
    return {(rule.table, own) for own, _ in pairs} | {(rule.match.table, its) for _, its in pairs}


def _judged(pack: ResolvedPack) -> set[Place]:
    """Return the columns of the exit criteria, the procedures and the card."""
    found: set[Place] = set()
    for judgement in pack.judgements.values():
        texts = [t for c in judgement.criteria for t in (c.met, c.when) if t]
        texts += [group.when for group in judgement.groups]
        for text in texts:
            tree = parse(text, judgement.table, pack.names)
            found |= {_plain(n.args) for n in walk(tree) if n.op == "field"}
    for procedure in pack.procedures:
        found |= {(procedure.table, step.field) for step in procedure.steps}
    if pack.card:
        for policy in pack.card.policies:
            found |= {("household", name) for name in (*policy.fields, *policy.amounts)}
            found |= {("member", name) for name in policy.members}
        found |= {("household", name) for name in pack.card.household}
        found |= {("member", name) for name in pack.card.member}
    return found


def of_this_era(table: str, pack: ResolvedPack, uses: Uses) -> list[str]:
    """Return the columns of a table that there are in the era of the pack."""
    shape = pack.tables[table]
    must = must_have(shape, pack.era)
    return [n for n in shape.fields if n in must or (table, n) not in uses.elsewhere]


def must_have(shape: Table, era: str) -> set[str]:
    """Return the columns a row is known by, and those an era asks for."""
    asked = {n for n, f in shape.fields.items() if era in f.required or era in f.expected}
    who = {n for n, f in shape.fields.items() if f.role in _WHO}
    return asked | who | set(shape.key)


def fewest(tables: Iterable[str], pack: ResolvedPack, uses: Uses) -> set[Place]:
    """Return the columns by which most rules of these tables can judge.

    Beside what every table must have, the rule that asks for the fewest further columns
    is taken in, again and again, until three quarters can judge. What a
    rule needs of other tables is left to them.
    """
    tables = list(tables)
    have = {(t, n) for t in tables for n in must_have(pack.tables[t], pack.era)}
    for table in tables:
        wanted = [
            frozenset(p for p in places if p[0] == table)
            for rule, places in uses.needs.items()
            if pack.rules[rule].table == table
        ]
        spare = int(len(wanted) * (1 - _ENOUGH))
        while len(lacking := [w - have for w in wanted if not w <= have]) > spare:
            have |= min(lacking, key=lambda places: (len(places), sorted(places)))
    return have
