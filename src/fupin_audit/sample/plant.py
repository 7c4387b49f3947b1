"""Plant faults in a county, one to a household, and state what they must lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fupin_audit.errors import UsageError
from fupin_audit.sample.county import County, Planted
from fupin_audit.sample.draw import Draw
from fupin_audit.sample.faults import (
    cause,
    conditions,
    family,
    form,
    health,
    identity,
    life,
    measure,
    money,
    removal,
    school,
    support,
    work,
)
from fupin_audit.sample.faults.host import Host, Kind
from fupin_audit.sample.shapes import Shape, shapes_of

KINDS: tuple[Kind, ...] = (
    *identity.KINDS,
    *family.KINDS,
    *money.KINDS,
    *life.KINDS,
    *form.KINDS,
    *school.KINDS,
    *health.KINDS,
    *cause.KINDS,
    *support.KINDS,
    *measure.KINDS,
    *removal.KINDS,
    *conditions.KINDS,
    *work.KINDS,
)


def plant(
    county: County, rate: float, seed: int, shapes: Sequence[str] = ("households",)
) -> list[Planted]:
    """Spoil a share of the households in place and return what was done.

    Kinds of faults take turns in a seeded order, so that `rate × households` of
    them holds every kind once before any kind twice, where a household fits.

    Args:
        county: Changed in place.
        rate: Share of households to spoil, 0–1.
        seed: Any whole number.
        shapes: The file shapes it will be written in; only faults that all of
            them can show are planted.

    Raises:
        UsageError: A rate outside 0–1 or an unknown shape.
    """
    if not 0 <= rate <= 1:
        raise UsageError("差错率应在 0 与 1 之间。", hint="例如 --faults 0.2。")
    draw = Draw(seed)
    kinds = draw.shuffled(kinds_for(county, shapes))
    wanted = round(len(county.households) * rate)
    families = county.families()
    untouched: dict[str, Host] = {}

    def others() -> Iterator[Host]:
        yield from list(untouched.values())

    order = draw.shuffled(county.households)
    for row in order:
        key = str(row["户编号"])
        untouched[key] = Host(row, families[key], county.as_of.year, county.region, draw, iter(()))
    planted: list[Planted] = []
    while kinds and len(planted) < wanted:
        for kind in list(kinds):
            if len(planted) >= wanted:
                break
            done = _plant_one(kind, untouched, others)
            if done is None:
                kinds.remove(kind)
            else:
                planted.append(done)
    _take_away(county, planted)
    return planted


def kinds_for(county: County, shapes: Sequence[str]) -> list[Kind]:
    """Return the kinds that every named shape of this county can show."""
    known = shapes_of(county.monitoring)
    chosen = [pick_shape(known, name) for name in shapes]
    return [
        kind
        for kind in KINDS
        if kind.since <= county.as_of.year <= kind.until
        and all(
            (not kind.only or shape.name in kind.only) and set(kind.fields) <= shape.fields()
            for shape in chosen
        )
    ]


def pick_shape(known: dict[str, Shape], name: str) -> Shape:
    if name not in known:
        raise UsageError("没有这种样表。", hint=f"可选:{'、'.join(known)}。")
    return known[name]


def _plant_one(
    kind: Kind, untouched: dict[str, Host], others: Callable[[], Iterator[Host]]
) -> Planted | None:
    """Plant `kind` in the first household that suits; None if none does."""
    for key, host in untouched.items():
        host.others = others()
        if not kind.apply(host):
            host.expected.clear()
            host.used.clear()
            continue
        del untouched[key]
        for partner in host.used:
            del untouched[partner.key]
        return _record(kind, host)
    return None


def _record(kind: Kind, host: Host) -> Planted:
    first = host.changes[0] if host.changes else None
    return Planted(
        kind=kind.name,
        rule=kind.rule,
        household=host.key,
        person=first.person if first else "",
        field=first.field if first else "户编号",
        before=first.before if first else None,
        after=first.after if first else None,
        changes=tuple(host.changes),
        expected=tuple(host.expected),
        removed=host.removed,
    )


def _take_away(county: County, planted: list[Planted]) -> None:
    gone = {p.household: p.removed for p in planted if p.removed}
    county.households = [h for h in county.households if gone.get(str(h["户编号"])) != "household"]
    county.members = [m for m in county.members if gone.get(str(m["户编号"])) != "members"]
