"""A blank workbook to fill in: errors stopped while they are typed.

Every sheet is read back by `check` as the table it is of, without a map.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlsxwriter.workbook import Workbook

from fupin_audit.packs.resolve import ResolvedPack
from fupin_audit.report.aside import written_aside
from fupin_audit.report.template.columns import Form, forms_of
from fupin_audit.report.template.guide import write_fields, write_guide
from fupin_audit.report.template.looks import looks
from fupin_audit.report.template.sheet import write_sheet
from fupin_audit.report.workbook.code_sheet import CodeSheet

__all__ = ["Form", "forms_of", "write_template"]


def write_template(
    forms: Sequence[Form], pack: ResolvedPack, path: Path, *, rows: int, engine: str
) -> None:
    """Write the forms into one workbook, with a cover and what each column is.

    Args:
        rows: How many rows have drop-downs and colours.

    Raises:
        InputError: The file cannot be written; what stood there is untouched.
    """
    with written_aside(path) as aside:
        book = Workbook(str(aside), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": "填报模板", "comments": f"fupin-audit {engine}"})
        look = looks(book)
        codes = CodeSheet(pack)
        write_guide(book, look, forms, pack, rows)
        for form in forms:
            write_sheet(book, look, form, pack, codes, rows)
        write_fields(book, look, forms, pack)
        codes.write(book)
        book.close()
