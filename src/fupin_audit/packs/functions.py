"""The functions an expression may call, and what each takes and gives.

Lint and the parser need only these signatures; `evaluate.functions` holds what
they do. A test keeps the two tables to the same names.
"""

from __future__ import annotations

from dataclasses import dataclass

TEXTS = ("text", "multi")
NUMBERS = ("number", "year", "month")
DAYS = ("date", "month", "year")
ANY = (*TEXTS, *NUMBERS, "date", "bool")


@dataclass(frozen=True, slots=True)
class Signature:
    """Kinds of the arguments (the last repeats when `more`), and of the result.

    `result` may be `same`: the kind of the first argument. `constant` names the
    argument positions that must be literals.
    """

    takes: tuple[tuple[str, ...], ...]
    result: str
    more: bool = False
    optional: int = 0
    constant: tuple[int, ...] = ()


_T, _N, _D, _A, _B = TEXTS, NUMBERS, DAYS, ANY, ("bool",)

FUNCTIONS: dict[str, Signature] = {
    "blank": Signature((_A,), "bool"),
    "filled": Signature((_A,), "bool"),
    "optional": Signature((_A,), "same"),
    "coalesce": Signature((_A,), "same", more=True),
    "only_if": Signature((_A, _B), "same"),
    "present": Signature((_A,), "bool"),
    "abs": Signature((_N,), "number"),
    "min": Signature((_N,), "number", more=True),
    "max": Signature((_N,), "number", more=True),
    "round": Signature((_N, _N), "number", optional=1),
    "total": Signature((_N,), "number", more=True),
    "length": Signature((_T,), "number"),
    "first": Signature((_T, _N), "text", constant=(1,)),
    "last": Signature((_T, _N), "text", constant=(1,)),
    "part": Signature((_T, _N, _N), "text", constant=(1, 2)),
    "starts": Signature((_T, _T), "bool", constant=(1,)),
    "ends": Signature((_T, _T), "bool", constant=(1,)),
    "contains": Signature((_T, _T), "bool", more=True, constant=(1,)),
    "matches": Signature((_T, _T), "bool", constant=(1,)),
    "has": Signature((_T, _T), "bool", more=True, constant=(1,)),
    "count_values": Signature((_T,), "number"),
    "year": Signature((_D,), "year"),
    "month": Signature((_D,), "number"),
    "months_between": Signature((_D, _D), "number"),
    "days_between": Signature((("date",), ("date",)), "number"),
    "workdays_between": Signature((("date",), ("date",)), "number"),
    "age": Signature((("date",),), "number"),
    "age_on": Signature((("date",), ("date",)), "number"),
    "school_age": Signature((("date",),), "number"),
    "date": Signature((_N, _N, _N), "date", constant=(0, 1, 2)),
    "as_of": Signature((), "date"),
    "data_year": Signature((), "year"),
    "id_length": Signature((_T,), "number"),
    "id_ok": Signature((_T,), "bool"),
    "id_birth": Signature((_T,), "date"),
    "id_birth_real": Signature((_T,), "bool"),
    "id_sex": Signature((_T,), "text"),
    "id_region_known": Signature((_T,), "bool"),
    "disability_kind": Signature((_T,), "number"),
    "disability_grade": Signature((_T,), "number"),
    "is_mobile": Signature((_T,), "bool"),
    "is_landline": Signature((_T,), "bool"),
    "names_county": Signature((_T,), "bool"),
    "same_county": Signature((_T, _T), "bool"),
    "count_overlapping": Signature((_T, ("month",), ("month",)), "number"),
    "count_same": Signature((_A,), "number", more=True),
}

# Over the rows of a child table: the argument is resolved in that table.
AGGREGATES: dict[str, Signature] = {
    "any": Signature((_B,), "bool"),
    "all": Signature((_B,), "bool"),
    "count": Signature((_B,), "number"),
    "sum": Signature((_N,), "number"),
    "min": Signature((_N,), "number"),
    "max": Signature((_N,), "number"),
    "pick": Signature((_A, _B), "same"),
}

# Surface name → (aggregate, child table); None: the table is the first argument.
AGGREGATE_NAMES: dict[str, tuple[str, str | None]] = {
    "any_member": ("any", "member"),
    "all_members": ("all", "member"),
    "count_members": ("count", "member"),
    "sum_members": ("sum", "member"),
    "min_member": ("min", "member"),
    "max_member": ("max", "member"),
    "pick_member": ("pick", "member"),
    "any_row": ("any", None),
    "all_rows": ("all", None),
    "count_rows": ("count", None),
    "sum_rows": ("sum", None),
    "min_rows": ("min", None),
    "max_rows": ("max", None),
    "pick_row": ("pick", None),
}

# Inside these, a column that no sheet has does not silence the rule.
TOLERANT = frozenset({"optional", "coalesce", "present"})
