"""From the unit a header names to the unit a field is kept in."""

from __future__ import annotations

from decimal import Decimal

from fupin_audit.domain.numbers import UNITS, canonical_unit

_MU = Decimal(2000) / 3  # square metres
_COUNTABLE = ("count", "month", "age", "year", "day", "percent")


def measures(unit: str | None, target: str | None) -> bool:
    """Tell whether a header's unit measures what the field's unit measures."""
    return bool(unit and target) and not conversion(unit, target)[1]


def conversion(unit: str | None, target: str | None) -> tuple[float, str]:
    """Return what to multiply by, and what is doubtful about it (Chinese).

    A floor area headed 亩 is not converted: that is a slip of the form seen in
    use, and a house of 80 亩 does not exist. Land in 平方米 is converted.
    """
    written, wanted = canonical_unit(unit), canonical_unit(target)
    if not written or written == wanted:
        return 1.0, ""
    kind, size = UNITS[written]
    if not wanted:
        if kind in _COUNTABLE:
            return 1.0, ""
        return 1.0, f"表头单位“{written}”，这一项没有约定单位，数值按原样使用"
    its_kind, its_size = UNITS[wanted]
    if kind == "scale" and its_kind == "money":  # (万) over an amount
        return float(size / its_size), ""
    if kind == its_kind:
        return float(size / its_size), ""
    if (kind, its_kind) == ("floor", "land"):
        return float(size / _MU / its_size), ""
    return 1.0, f"表头单位“{written}”换不成“{wanted}”，数值按“{wanted}”使用，请核对"
