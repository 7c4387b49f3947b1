"""Which recipe a field's type calls for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fupin_audit.model.recognised import Match
from fupin_audit.model.sheet import Cell
from fupin_audit.normalise.amounts import clean_integer, clean_number
from fupin_audit.normalise.cleaned import Cleaned
from fupin_audit.normalise.codes import clean_code, clean_codes, decoder
from fupin_audit.normalise.moments import clean_date, clean_month, clean_period, clean_year
from fupin_audit.normalise.texts import (
    clean_id_number,
    clean_identifier,
    clean_name,
    clean_phone,
    clean_region,
    clean_text,
)
from fupin_audit.packs.shapes import Field

if TYPE_CHECKING:
    from fupin_audit.packs.resolve import ResolvedPack

TEXT_TYPES = frozenset(("text", "name", "id_number", "phone", "account", "region", "code", "codes"))
NUMBER_TYPES = frozenset(("number", "integer", "money"))
_TEXT_RECIPES: dict[str, Callable[..., Cleaned]] = {
    "text": clean_text, "name": clean_name, "region": clean_region, "phone": clean_phone,
    "account": clean_identifier, "id_number": clean_id_number,
}  # fmt: skip
_MOMENT_RECIPES: dict[str, Callable[[list[Cell]], Cleaned]] = {
    "date": clean_date, "month": clean_month, "year": clean_year, "period": clean_period,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """A field's way of cleaning, by the name the cleaning log uses."""

    name: str
    clean: Callable[[list[Cell]], Cleaned]


def recipe(
    field: Field,
    name: str,
    match: Match,
    pack: ResolvedPack,
    code_sets: Mapping[str, str],
    *,
    exact: bool,
) -> Recipe:
    """Choose the recipe for one column.

    Args:
        name: Canonical name of the field.
        code_sets: Field name → set of bare code numbers, beside the pack's.
        exact: Whole numbers of the sheet are exact at any length (parquet).
    """
    kind = field.type
    if kind == "text" and (field.role or "").endswith("_key"):
        kind = "account"  # register numbers are joined on: no spaces, no `.0`
    if kind in _TEXT_RECIPES:
        return Recipe(kind, partial(_TEXT_RECIPES[kind], exact=exact))
    if kind in _MOMENT_RECIPES:
        return Recipe(kind, _MOMENT_RECIPES[kind])
    if kind in NUMBER_TYPES:
        unit = field.unit or ("元" if kind == "money" else None)
        clean = clean_integer if kind == "integer" else clean_number
        scaled = match.factor != 1.0
        return Recipe("unit" if scaled else kind, partial(clean, unit=unit, factor=match.factor))
    codes = pack.codes.get(field.codes or "")
    if codes is None:
        return Recipe("text", partial(clean_text, exact=exact))
    words = decoder(codes, code_sets.get(name, field.code_set), inverted=match.inverted)
    clean_coded = clean_codes if kind == "codes" else clean_code
    return Recipe("inverted" if match.inverted else kind, partial(clean_coded, decoder=words))
