"""Evaluating expression trees over the tables of a run.

Every distinct sub-expression of a table is computed once, however many rules
hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np

from fupin_audit.evaluate import functions
from fupin_audit.evaluate.aggregate import aggregate
from fupin_audit.evaluate.links import Link, link, rows_of_year_before
from fupin_audit.evaluate.texts import Texts
from fupin_audit.evaluate.values import (
    Column,
    Rows,
    Truth,
    arithmetic,
    column_of,
    compare,
    constant,
    day_column,
    isin,
    nothing,
    number_column,
    spread,
    taken,
    truth,
    unsaid,
    void_where,
)
from fupin_audit.model.dataset import LAST_YEAR, TableData
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.tree import KIND_OF_TYPE, Node

Result = Column | Truth


class Context:
    """The tables of one partition, with what has been computed on them."""

    def __init__(self, tables: Mapping[str, TableData], pack: ResolvedPack) -> None:
        self.tables = tables
        self.pack = pack
        self.columns = {name: frozenset(data.columns) for name, data in tables.items()}
        self.memo: dict[str, dict[Node, Result]] = {name: {} for name in tables}
        self.links: dict[tuple[str, str], Link | None] = {}
        self.before: dict[str, Rows | None] = {}
        self.texts: dict[int, Texts] = {}
        self.of_texts: dict[tuple[Any, ...], Result] = {}

    def link(self, child: str, parent: str) -> Link | None:
        key = (child, parent)
        if key not in self.links:
            self.links[key] = link(self.tables, self.pack, child, parent, self.link)
        return self.links[key]

    def truth(self, table: str, node: Node) -> Truth:
        result = self.value(table, node)
        assert isinstance(result, Truth)
        return result

    def column(self, table: str, node: Node) -> Column:
        result = self.value(table, node)
        if isinstance(result, Truth):  # a condition used as a value: 1, 0 or void
            known = result.yes | result.no
            return Column(result.yes.astype(np.float64), known, ~known)
        return result

    def value(self, table: str, node: Node) -> Result:
        """Evaluate a node for every row of a table."""
        memo = self.memo[table]
        result = memo.get(node)
        if result is None:
            result = memo[node] = self._compute(table, node)
        return result

    def forget(self, nodes: Iterable[Node]) -> None:
        """Give back the memory of nodes; asked again they are computed again."""
        for memo in self.memo.values():
            for node in nodes:
                memo.pop(node, None)

    def _compute(self, table: str, node: Node) -> Result:
        n = len(self.tables[table])
        match node.op:
            case "const":
                return constant(node.args[0], n)
            case "field":
                return self._field(node, n)
            case "and" | "or":
                return self._joined(table, node.op, node.args)
            case "not":
                return ~self.truth(table, node.args[0])
            case "neg":
                x = self.column(table, node.args[0])
                return Column(-x.data, x.known, x.void)
            case "in":
                return isin(self.column(table, node.args[0]), node.args[1])
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                a, b = (self.column(table, x) for x in node.args)
                return compare(node.op, a, b)
            case "+" | "-" | "*" | "/" | "%":
                a, b = (self.column(table, x) for x in node.args)
                return arithmetic(node.op, a, b)
            case "param":
                return self._param(table, node, n)
            case "up":
                return self._up(node, n)
            case "agg":
                return self._aggregate(node, n)
            case _:
                return self._call(table, node, n)

    def _joined(self, table: str, op: str, nodes: Iterable[Node]) -> Truth:
        """Join conditions; what is settled for every row is asked no further."""
        first, *rest = nodes
        result = self.truth(table, first)
        for node in rest:
            if (result.no if op == "and" else result.yes).all():
                break
            part = self.truth(table, node)
            result = result & part if op == "and" else result | part
        return result

    def field_column(self, table: str, name: str) -> Column:
        """Return a field's values as they stand in the table."""
        kind = KIND_OF_TYPE[self.pack.tables[table].fields[name].type]
        return self.column(table, Node("field", (table, name), kind))

    def available(self, table: str, name: str) -> bool:
        """Does any sheet of the run carry a column (or its year before)?"""
        if table not in self.tables:
            return False
        columns = self.columns[table]
        if name in columns:
            return True
        plain = name.removeprefix(LAST_YEAR)
        return plain != name and plain in columns and self.previous(table) is not None

    def counted(self, table: str) -> bool:
        """Is there a sheet of the table's own, so that what it lacks is not there?"""
        data = self.tables.get(table)
        return data is not None and not (len(data) and data.borrowed.all())

    def previous(self, table: str) -> Rows | None:
        """Return the row of the same record one year back, per row; None when
        the run holds one year only."""
        if table not in self.before:
            self.before[table] = rows_of_year_before(self.tables, self.pack, table)
        return self.before[table]

    def _field(self, node: Node, n: int) -> Column:
        table, name = node.args
        data = self.tables[table]
        if name in self.columns[table]:
            return column_of(data.columns[name], data.void.get(name))
        plain = name.removeprefix(LAST_YEAR)
        if plain != name and self.available(table, name):
            rows = self.previous(table)
            assert rows is not None
            return self._field(Node("field", (table, plain), node.kind), n).take(rows)
        return nothing(n, node.kind)

    def _up(self, node: Node, n: int) -> Result:
        parent, child, inner = node.args
        found = self.link(child, parent)
        if found is None:
            return unsaid(n, node.kind)
        return taken(self.value(parent, inner), found.up)

    def _aggregate(self, node: Node, n: int) -> Result:
        function, parent, child, *inner = node.args
        hung = self.link(child, parent)
        if hung is None or not self.counted(child):
            return unsaid(n, node.kind)
        found = aggregate(function, [self.value(child, i) for i in inner], hung.down, n)
        if hung.same is not None:
            found = taken(found, hung.same)
        # Nobody can say who belongs to a household whose own key is not there.
        keyed = hung.keyed
        if isinstance(found, Truth):
            return Truth(found.yes & keyed, found.no & keyed)
        return Column(found.data, found.known & keyed, found.voids | ~keyed, found.texts)

    def _param(self, table: str, node: Node, n: int) -> Column:
        name, year = node.args
        if year is None:
            value, _ = self.pack.param(name, self.pack.as_of)
            found = nothing(n, node.kind) if value is None else constant(value, n)
            assert isinstance(found, Column)
            return found
        years = self.column(table, year)
        at, known = np.zeros(n, np.int32), np.zeros(n, bool)
        values: list[Any] = []
        for y in np.unique(years.data[years.known]).tolist():
            value = self.pack.param(name, date(int(y), 12, 31))[0] if 1 <= y <= 9998 else None
            if value is not None:
                if value not in values:
                    values.append(value)
                here = years.known & (years.data == y)
                at[here], known[here] = values.index(value), True
        if node.kind == "text":
            return Column(at, known, ~known, np.array(values or [""], dtype=object))
        return Column(np.array(values or [0.0], dtype=np.float64)[at], known, ~known)

    def _call(self, table: str, node: Node, n: int) -> Result:
        name, *args = node.args
        if name == "coalesce" and node.kind == "bool":
            return functions.first_settled([self.truth(table, a) for a in args])
        if name in functions.OF_TEXT:
            return self._of_text(name, table, args)
        if name in functions.PLAIN:
            given = [self.column(table, a) for a in args]
            if name in functions.AMONG_ROWS:
                given[0] = void_where(given[0], self.tables[table].borrowed)
            result = functions.PLAIN[name](*given)
            if node.kind == "bool" and isinstance(result, Column):
                return truth(result.data != 0, result.known)
            return result
        return self._special(name, table, args, n)

    def _of_text(self, name: str, table: str, args: list[Node]) -> Result:
        """Apply a function of texts once per list of distinct texts: columns that
        differ only in where they are known share the answers."""
        x = self.column(table, args[0])
        assert x.texts is not None
        texts = self.texts.setdefault(id(x.texts), Texts(x.texts))  # kept, none else has their id
        key = (name, id(x.texts), *args[1:])
        if key not in self.of_texts:
            constants = [a.args[0] for a in args[1:]]
            if name == "id_birth_real":
                constants.append(self.pack.as_of)
            self.of_texts[key] = functions.OF_TEXT[name](texts, *constants)
        return spread(self.of_texts[key], x)

    def _special(self, name: str, table: str, args: list[Node], n: int) -> Result:
        as_of = self.pack.as_of
        match name:
            case "optional":
                return self.value(table, args[0])
            case "present":
                return self._present(args[0], n)
            case "as_of":
                return day_column(as_of, n)
            case "data_year":
                return number_column(as_of.year, n)
            case "date":
                return day_column(date(*(int(a.args[0]) for a in args)), n)
            case "year":
                return functions.year_of(self.column(table, args[0]), args[0].kind)
            case "month":
                return functions.month_of(self.column(table, args[0]), args[0].kind)
            case "months_between":
                a, b = (self.column(table, x) for x in args)
                return functions.months_between(a, b, (args[0].kind, args[1].kind))
            case "days_between":
                a, b = (self.column(table, x) for x in args)
                known = a.known & b.known
                return Column((b.data - a.data).astype(np.float64), known, ~known)
            case "age":
                return functions.age_on(self.column(table, args[0]), day_column(as_of, n))
            case "school_age":
                start = day_column(functions.school_start(as_of), n)
                return functions.age_on(self.column(table, args[0]), start)
            case "age_on":
                a, b = (self.column(table, x) for x in args)
                return functions.age_on(a, b)
        raise AssertionError(name)  # the parser admits listed names only

    def _present(self, node: Node, n: int) -> Truth:
        """Does the sheet of each row carry the column a node names?"""
        if node.op == "up":
            parent, child, inner = node.args
            found = self.link(child, parent)
            if found is None or not self.available(*_named(inner)):
                return Truth(np.zeros(n, bool), np.ones(n, bool))
            above = self._present(inner, len(self.tables[parent]))
            yes = taken(above, found.up).yes
            return Truth(yes, ~yes)
        table, name = _named(node)
        if not self.available(table, name):
            return Truth(np.zeros(n, bool), np.ones(n, bool))
        lacking = self.tables[table].lacking.get(name)
        yes = np.ones(n, bool) if lacking is None else ~lacking
        return Truth(yes, ~yes)


def _named(node: Node) -> tuple[str, str]:
    """Return (table, field) of a field; the parser lets nothing else be asked for."""
    table, name = node.args
    return table, name
