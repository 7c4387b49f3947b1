"""The expression trees of rules a second time, over pandas frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from fupin_audit.evaluate.proof import functions as fn
from fupin_audit.evaluate.proof.cells import (
    Cells,
    among,
    arithmetic,
    as_number,
    compare,
    constant,
    moved,
    nothing,
    reckoned,
    typed,
)
from fupin_audit.evaluate.proof.folds import fold
from fupin_audit.evaluate.proof.hang import Hung
from fupin_audit.model.dataset import LACKING, LAST_YEAR, VOID
from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.packs.tree import KIND_OF_TYPE, Node

_COMPARE = frozenset({"==", "!=", "<", "<=", ">", ">="})


class Reckoner:
    """Frames of a run, how their rows hang together, and what was reckoned.

    Attributes:
        borrowed: Table → where rows stand on rows of another table.
    """

    def __init__(
        self,
        frames: Mapping[str, pd.DataFrame],
        hung: Mapping[tuple[str, str], Hung],
        borrowed: Mapping[str, pd.Series],
        pack: ResolvedPack,
    ) -> None:
        self.frames, self.hung, self.borrowed, self.pack = frames, hung, borrowed, pack
        self.memo: dict[tuple[str, Node], Cells] = {}
        self.before: dict[str, pd.Series | None] = {}

    def forget(self, nodes: Iterable[Node]) -> None:
        """Give back the memory of nodes that no later rule holds."""
        for node in nodes:
            for table in self.frames:
                self.memo.pop((table, node), None)

    def condition(self, table: str, node: Node) -> pd.Series:
        """Return a condition: True, False, or NA where nobody can say."""
        return self.cells(table, node).values.astype("boolean")

    def cells(self, table: str, node: Node) -> Cells:
        """Return the value of a node in every row of a table."""
        found = self.memo.get((table, node))
        if found is None:
            found = self.memo[table, node] = self._made(table, node)
        return found

    def _made(self, table: str, node: Node) -> Cells:
        index, args = self.frames[table].index, node.args
        match node.op:
            case "const":
                return constant(args[0], index)
            case "field":
                return self._field(table, args[1], node.kind)
            case "and" | "or":
                made = self.condition(table, args[0])
                for other in args[1:]:
                    right = self.condition(table, other)
                    made = made & right if node.op == "and" else made | right
                return reckoned(made)
            case "not":
                return reckoned(~self.condition(table, args[0]))
            case "neg":
                x = as_number(self.cells(table, args[0]))
                return Cells(-x.values, x.void)
            case "in":
                return among(as_number(self.cells(table, args[0])), args[1])
            case op if op in _COMPARE:
                return compare(op, *(self.cells(table, x) for x in args))
            case "+" | "-" | "*" | "/" | "%":
                return arithmetic(node.op, *(self.cells(table, x) for x in args))
            case "param":
                return self._param(table, node)
            case "up":
                hung = self.hung.get((args[1], args[0]))
                if hung is None:
                    return nothing(node.kind, index)
                return moved(self.cells(args[0], args[2]), hung.up)
            case "agg":
                return self._fold(node)
            case _:
                return self._call(table, node)

    def has(self, table: str, name: str) -> bool:
        """Does any sheet carry a column, of this year or the year before?"""
        if table not in self.frames:
            return False
        columns, plain = self.frames[table].columns, name.removeprefix(LAST_YEAR)
        return name in columns or (
            plain != name and plain in columns and self.year_before(table) is not None
        )

    def year_before(self, table: str) -> pd.Series | None:
        """Return the row of the same record one year earlier, -1 for none; None
        where a table holds no two years."""
        if table not in self.before:
            self.before[table] = self._year_before(table)
        return self.before[table]

    def _year_before(self, table: str) -> pd.Series | None:
        frame, year = self.frames[table], self.pack.role(table, "year")
        keys = [k for k in self.pack.tables[table].key if k != year]
        if year is None or not {year, *keys} <= set(frame.columns):
            return None
        if frame[year].nunique() < 2:
            return None
        own = frame[[*keys]].astype(object).assign(**{"#": frame[year].astype("Float64")})
        rows = own.assign(row=range(len(own))).dropna().drop_duplicates([*keys, "#"])
        wanted = own.assign(**{"#": own["#"] - 1})
        found = wanted.merge(rows, how="left", on=[*keys, "#"])["row"]
        found = found.mask(wanted.isna().any(axis=1).to_numpy())
        return pd.Series(found.fillna(-1).astype("int64").to_numpy(), index=frame.index)

    def field(self, table: str, name: str) -> Cells:
        """Return a column of a table."""
        return self._field(table, name, KIND_OF_TYPE[self.pack.tables[table].fields[name].type])

    def _field(self, table: str, name: str, kind: str) -> Cells:
        frame = self.frames[table]
        if name in frame:
            marked = frame.get(f"{name}{VOID}")
            void = pd.Series(False, index=frame.index) if marked is None else marked
            return Cells(typed(frame[name], kind), void)
        plain = name.removeprefix(LAST_YEAR)
        if plain != name and self.has(table, name):
            rows = self.year_before(table)
            assert rows is not None
            return moved(self._field(table, plain, kind), rows)
        return nothing(kind, frame.index)

    def _param(self, table: str, node: Node) -> Cells:
        name, year = node.args
        index = self.frames[table].index
        if year is None:
            value = self.pack.param(name, self.pack.as_of)[0]
            return nothing(node.kind, index) if value is None else constant(value, index)
        years = as_number(self.cells(table, year)).values

        def in_force(one: Any) -> Any:
            inside = 1 <= one <= 9998
            value = self.pack.param(name, date(int(one), 12, 31))[0] if inside else None
            return pd.NA if value is None else value

        every = {one: in_force(one) for one in years.dropna().unique().tolist()}
        made = years.astype(object).map(lambda one: every.get(one, pd.NA), na_action="ignore")
        return reckoned(typed(made, node.kind))

    def _fold(self, node: Node) -> Cells:
        function, parent, child, *inner = node.args
        index = self.frames[parent].index
        hung = self.hung.get((child, parent))
        own = child in self.frames and not (len(self.frames[child]) and self.borrowed[child].all())
        if hung is None or not own:
            return nothing(node.kind, index)
        found = fold(function, [self.cells(child, one) for one in inner], hung.down, index)
        if hung.same is not None:
            found = moved(found, hung.same)
        values = found.values.where(hung.keyed)
        return Cells(values, found.void | ~hung.keyed)

    def _call(self, table: str, node: Node) -> Cells:
        name, *args = node.args
        index, as_of = self.frames[table].index, self.pack.as_of
        if name == "present":
            return self._present(table, args[0])
        given = [self.cells(table, a) for a in args]
        kinds = [a.kind for a in args]
        if name in fn.OF_TEXT:
            constants = [a.args[0] for a in args[1:]]
            extra = [as_of] if name == "id_birth_real" else []
            return fn.OF_TEXT[name](given[0], *constants, *extra)
        if name in ("count_same", "count_overlapping"):
            borrowed = self.borrowed[table]
            given[0] = Cells(given[0].values.mask(borrowed), given[0].void | borrowed)
        if name in fn.PLAIN:
            return fn.PLAIN[name](*given)
        match name:
            case "optional":
                return given[0]
            case "as_of":
                return constant(as_of, index)
            case "data_year":
                return constant(as_of.year, index)
            case "date":
                return constant(date(*(int(a.args[0]) for a in args)), index)
            case "year" | "month":
                return (fn.year if name == "year" else fn.month)(given[0], kinds[0])
            case "months_between":
                return fn.months_between(given[0], given[1], (kinds[0], kinds[1]))
            case "age":
                return fn.age_on(given[0], constant(as_of, index))
            case "school_age":
                begun = as_of.year - (as_of.month < 9)
                return fn.age_on(given[0], constant(date(begun, 9, 1), index))
        raise AssertionError(name)  # `written` has said so before

    def _present(self, table: str, node: Node) -> Cells:
        """Does the sheet of each row carry the column?"""
        index = self.frames[table].index
        if node.op == "up":
            parent, child, inner = node.args
            hung = self.hung.get((child, parent))
            if hung is None or not self.has(*inner.args):
                return constant(False, index)
            above = moved(self._present(parent, inner), hung.up).values
            return Cells(above.fillna(False), pd.Series(False, index=index))
        home, name = node.args
        lacking = self.frames[home].get(f"{name}{LACKING}")
        if not self.has(home, name) or lacking is None:
            return constant(self.has(home, name), index)
        return Cells((~lacking).astype("boolean"), pd.Series(False, index=index))


def written(nodes: Iterable[Node]) -> bool:
    """Tell whether all that some trees call is written a second time."""
    return not any(n.op == "call" and n.args[0] in fn.NOT_WRITTEN for n in nodes)
