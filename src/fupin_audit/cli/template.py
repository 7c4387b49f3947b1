"""`fupin-audit template`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fupin_audit.cli import options as o
from fupin_audit.cli import settings
from fupin_audit.errors import UsageError

if TYPE_CHECKING:
    from fupin_audit.packs.shapes import Table
    from fupin_audit.report.template import Form

FIELDS = ("all", "minimal")
_ALL = ("all", "全部")
_MOST = 100_000

What = Annotated[
    list[str],
    typer.Argument(
        metavar="TABLE...",
        help="哪些表：户、成员、务工明细、行政村……，或 all / household, member, village … or all",
    ),
]
Out = Annotated[
    Path | None, o.option("-o", "--out", zh="写到哪里，默认 <表名>模板.xlsx", en="File to write")
]
Fields = Annotated[
    str, o.option("--fields", zh="all 全部列，minimal 多数规则要用的列", en="Which columns")
]
Rows = Annotated[int, o.option("--rows", zh="备好多少行", en="Rows made ready")]


def template(
    tables: What,
    out: Out = None,
    as_of: o.AsOf = None,
    region: o.Region = None,
    pack: o.PackPath = None,
    fields: Fields = "all",
    rows: Rows = 500,
    lang: o.Language = None,
    quiet: o.Quiet = False,
) -> None:
    """写一份空白的填报模板：下拉框、提示、当场查错。 / A blank workbook to fill in."""
    settings.one_of(fields, FIELDS, "--fields")
    if not 1 <= rows <= _MOST:
        raise UsageError(f"--rows 在 1 和 {_MOST} 之间")
    from fupin_audit import __version__
    from fupin_audit.packs.load import load_pack
    from fupin_audit.packs.resolve import resolve
    from fupin_audit.packs.uses import uses_of

    found = settings.find([str(out or Path())])
    english = settings.language(found.pick(lang, "lang")) == "en"
    law = resolve(
        load_pack(found.pick(pack, "pack"), examples=False),
        settings.day(found.pick(as_of, "as_of")),
        settings.region(found.pick(region, "region")) or "",
    )
    wanted, everything = _named(tables, law.tables)
    from fupin_audit.report.template import forms_of, write_template

    forms = forms_of(wanted, law, uses_of(law), minimal=fields == "minimal")
    lacking = [law.tables[t].label for t in wanted if t not in {form.table for form in forms}]
    if not forms or (lacking and not everything):
        raise UsageError(
            f"{law.as_of} 没有规则用到{'、'.join(f'“{one.zh}”' for one in lacking)}表",
            hint="用 --as-of 换一个时点，例如 --as-of 2019-12-31",
        )
    target = _target(out, "全部" if everything else "、".join(form.label for form in forms))
    write_template(forms, law, target, rows=rows, engine=__version__)
    typer.echo(str(target))
    if not quiet:
        for form in forms:
            typer.echo(_told(form, english))
        for label in lacking:
            said = (
                f"{label.zh}表：{law.as_of} 没有规则用到，没有写",
                f"{label.en}: of another era",
            )
            typer.echo(f"  {said[english]}")


def _told(form: Form, english: bool) -> str:
    must = sum(column.group == "must" for column in form.columns)
    other, shape = len(form.left_out), form.shape
    if english:
        more = f"; {other} of another era left out" if other else ""
        return f"  {shape.label.en}: {len(form.columns)} columns, {must} required{more}"
    more = f"；别的时期才用的 {other} 列没有放" if other else ""
    return f"  {form.label}表：{len(form.columns)} 列，必填 {must} 列{more}"


def _named(words: list[str], tables: Mapping[str, Table]) -> tuple[list[str], bool]:
    """Return the tables meant, in the pack's order, and whether that is all.

    Raises:
        UsageError: A word is no table.
    """
    if any(word in _ALL for word in words):
        return list(tables), True
    by_name = {name: name for name in tables}
    for name, shape in tables.items():
        label = shape.label.zh
        by_name |= {label: name, f"{label}表": name, shape.label.en.lower(): name}
    asked = set()
    for word in words:
        known = by_name.get(word) or by_name.get(word.lower())
        if known is None:
            from fupin_audit.packs.names import nearest

            listed = "、".join(f"{shape.label.zh}（{name}）" for name, shape in tables.items())
            raise UsageError(
                f"没有“{word}”表", hint=nearest(word, by_name) or f"可以是：{listed}，或 all"
            )
        asked.add(known)
    return [name for name in tables if name in asked], False


def _target(out: Path | None, label: str) -> Path:
    """Return where to write; what is there is never written over."""
    name = f"{label}模板.xlsx"
    target = Path(name) if out is None else out / name if out.is_dir() else out
    if target.suffix.lower() != ".xlsx":
        raise UsageError("模板只能写成 .xlsx", where=str(target))
    if target.exists():
        raise UsageError(
            "已经有这个文件，没有覆盖", where=str(target), hint="用 -o 换一个文件名，或先移走旧的"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    return target
