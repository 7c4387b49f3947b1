"""A pack as it stands on one day in one place."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from typing import Any

import msgspec

from fupin_audit.domain.reason import Reason
from fupin_audit.errors import UnknownName
from fupin_audit.packs.judgement import IncomeMethod, Judgement, Procedure
from fupin_audit.packs.laid import laid_judgements, laid_method, laid_procedures
from fupin_audit.packs.load import Pack
from fupin_audit.packs.manifest import Card, EraSpan, Population, Relation, Stakes
from fupin_audit.packs.names import Names, nearest
from fupin_audit.packs.shapes import (  # fmt: skip
    CodeList,
    Field,
    Parameter,
    Rule,
    Table,
    Term,
    Value,
)

ERA_ZH = {"registration": "2014—2020年", "monitoring": "2021—2025年", "regular": "2026年起"}
ERA_EN = {"registration": "2014–2020", "monitoring": "2021–2025", "regular": "2026 and later"}
SEVERITIES = ("info", "warning", "error")


@dataclass(frozen=True, slots=True)
class ResolvedPack:
    """The law in force: overlays of the region laid on, era chosen.

    `path` is the core pack's folder, `overlays` the names of those laid on it.
    `rules` holds every rule of the pack; `inapplicable` says of some why they
    do not judge here (era, province), Chinese; `retired` are ids it no longer has.
    `files` says where each rule is written. `judgements` hold only what applies in
    this era and region.
    """

    id: str
    version: str
    digest: str
    path: str
    overlays: tuple[str, ...]
    as_of: date
    region: str
    era: str
    tables: dict[str, Table]
    codes: dict[str, CodeList]
    params: dict[str, Parameter]
    terms: dict[str, Term]
    rules: dict[str, Rule]
    inapplicable: dict[str, str]
    relations: tuple[Relation, ...]
    populations: dict[str, Population]
    files: dict[str, str] = attribute(default_factory=dict)
    method: IncomeMethod | None = None
    judgements: dict[str, Judgement] = attribute(default_factory=dict)
    procedures: tuple[Procedure, ...] = ()
    stakes: Stakes | None = None
    triage: tuple[str, ...] = ()
    card: Card | None = None
    retired: frozenset[str] = frozenset()
    names: Names = attribute(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = Names(self.tables, self.terms, self.params, self.codes, self.relations)
        object.__setattr__(self, "names", names)

    def field(self, table: str, name: str) -> Field:
        return self.tables[table].fields[name]

    def role(self, table: str, role: str) -> str | None:
        """Return the field of a table that plays a role, None if none does."""
        fields = self.tables[table].fields.items() if table in self.tables else ()
        return next((name for name, field in fields if field.role == role), None)

    def wide_parent(self, child: str) -> str | None:
        """Return the table whose columns may stand on a sheet of another's rows."""
        return next((r.parent for r in self.relations if r.child == child and r.wide), None)

    def param(self, name: str, on: date) -> tuple[Any, str]:
        """Look a parameter up for a day in this pack's region.

        The most specific region that says anything wins, then the latest start.

        Returns:
            (value, "") or (None, why there is none, Chinese).
        """
        found = self.param_value(name, on)
        place = self.region or "全国"
        if found is None:
            return None, Reason(
                f"参数“{name}”没有 {on.year} 年 {place} 的数值",
                f"the parameter {name} has no value for {on.year}, region {self.region or 'any'}",
            )
        if found.value is None:
            return None, Reason(
                f"参数“{name}” {on.year} 年 {place} 无数值：{found.gap}",
                f"no value of the parameter {name} was published or found for {on.year}, "
                f"region {self.region or 'any'}",
            )
        return found.value, ""

    def param_value(self, name: str, on: date) -> Value | None:
        """Return the dated entry itself, for its basis and gap."""
        values = [v for v in self.params[name].values if v.since <= on]
        for length in (6, 4, 2, 0):
            region = self.region[:length]
            if length > len(self.region):
                continue
            here = [v for v in values if (v.region or "") == region]
            if here:
                return max(here, key=lambda v: v.since)
        return None


def era_of(pack: Pack, as_of: date) -> EraSpan:
    """Return the era a day falls in; before the first counts as the first."""
    spans = pack.manifest.eras
    return next((s for s in reversed(spans) if s.first_year <= as_of.year), spans[0])


def resolve(pack: Pack, as_of: date, region: str = "") -> ResolvedPack:
    """Lay the overlays that cover `region` on the pack and choose the era."""
    overlays = [o for o in pack.overlays if region.startswith(o.manifest.region or "")]
    era = era_of(pack, as_of).era
    rules = {k: r for layer in (pack, *overlays) for k, r in layer.rules.items()}
    for overlay in overlays:
        for rule_id, override in overlay.overrides.items():
            rules[rule_id] = _raised(rules, rule_id, override.severity, overlay)
    retired = {k: r.reason for layer in (pack, *overlays) for k, r in layer.retired.items()}
    rules = {k: rules[k] for k in sorted(rules) if k not in retired}
    inapplicable = {k: why for k, r in rules.items() if (why := _why_not(r, era, region))}
    return ResolvedPack(
        id=pack.manifest.id,
        version=pack.manifest.version,
        digest=_digest(pack, overlays),
        path=pack.root,
        overlays=tuple(o.manifest.label.zh for o in overlays),
        as_of=as_of,
        region=region,
        era=era,
        tables=_tables(pack, overlays),
        codes=_codes(pack, overlays),
        params=_params(pack),
        terms={k: t for layer in (pack, *overlays) for k, t in layer.terms.items()},
        rules=rules,
        inapplicable=inapplicable,
        relations=pack.manifest.relations,
        populations=pack.manifest.populations,
        files={k: str(f) for k in rules if (f := pack.file(f"rule:{k}"))},
        method=laid_method(pack, overlays, era),
        judgements=laid_judgements(pack, overlays, era, region),
        procedures=laid_procedures(pack, overlays, era),
        stakes=pack.manifest.stakes,
        triage=pack.manifest.triage,
        card=pack.manifest.card,
        retired=frozenset(retired),
    )


def _digest(pack: Pack, overlays: list[Pack]) -> str:
    return "+".join([pack.digest, *(o.digest for o in overlays)])


def _raised(rules: dict[str, Rule], rule_id: str, severity: str, overlay: Pack) -> Rule:
    if rule_id not in rules:
        raise UnknownName(
            f"规则“{rule_id}”不存在",
            where=f"{overlay.root}/overrides.yaml",
            hint=nearest(rule_id, rules),
        )
    rule = rules[rule_id]
    if SEVERITIES.index(severity) < SEVERITIES.index(rule.severity):
        return rule  # an overlay may raise, never lower; lint reports the attempt
    return msgspec.structs.replace(rule, severity=severity)


def _why_not(rule: Rule, era: str, region: str) -> str:
    if era not in rule.era:
        return Reason(
            "只适用于 " + "、".join(ERA_ZH[e] for e in rule.era),
            "meant only for " + ", ".join(ERA_EN[e] for e in rule.era),
        )
    if rule.regions and not any(region.startswith(r) for r in rule.regions):
        return Reason(
            "只适用于 " + "、".join(rule.regions) + " 地区",
            "meant only for region " + ", ".join(rule.regions),
        )
    return ""


def _tables(pack: Pack, overlays: list[Pack]) -> dict[str, Table]:
    tables = dict(pack.tables)
    for overlay in overlays:
        for name, extra in overlay.tables.items():
            if name not in tables:
                tables[name] = extra
                continue
            fields = dict(tables[name].fields)
            for key, spec in extra.fields.items():
                old = fields.get(key)
                aliases = (*old.aliases, *spec.aliases) if old else spec.aliases
                fields[key] = msgspec.structs.replace(old or spec, aliases=aliases)
            tables[name] = msgspec.structs.replace(tables[name], fields=fields)
    return tables


def _codes(pack: Pack, overlays: list[Pack]) -> dict[str, CodeList]:
    codes = dict(pack.codes)
    for overlay in overlays:
        for name, extra in overlay.codes.items():
            if name in codes:
                merged = {c.label: c for c in codes[name].values}
                for code in extra.values:
                    old = merged.get(code.label)
                    aliases = (*(old.aliases if old else ()), *code.aliases)
                    merged[code.label] = msgspec.structs.replace(old or code, aliases=aliases)
                extra = msgspec.structs.replace(codes[name], values=tuple(merged.values()))
            codes[name] = extra
    return codes


def _params(pack: Pack) -> dict[str, Parameter]:
    """Values of every overlay take part: each carries its own region."""
    params = dict(pack.params)
    for overlay in pack.overlays:
        home = overlay.manifest.region
        for name, extra in overlay.params.items():
            values = tuple(
                v if v.region else msgspec.structs.replace(v, region=home) for v in extra.values
            )
            old = params.get(name)
            params[name] = msgspec.structs.replace(
                old or extra, values=(*(old.values if old else ()), *values)
            )
    return params
