"""What a sheet holds that the cell reader does not tell: how far it reaches,
error values, and formulas whose result was never stored.

The reach comes first. The cell reader lays a sheet out as one dense block, so
a single cell in the last row and column would claim hundreds of gigabytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fupin_audit.errors import UnreadableFile
from fupin_audit.model.sheet import address
from fupin_audit.read.percent import Places

NO_RESULT = "="
"""Error code of a formula whose result the file does not hold."""

MAX_ROWS = 1 << 20
MAX_COLUMNS = 1 << 14

DENSE = 20_000_000
"""Cells that may be laid out without asking how many are really filled."""


@dataclass(slots=True)
class Survey:
    """One sheet, seen without reading its values.

    Attributes:
        rows: Rows from row 1 to the last that may hold a cell.
        columns: The same for columns.
        cells: Cells written, empty ones included.
        mixed: The sheet may hold booleans or integers beside floats, which
            Python would take for one another.
        errors: (row, column), zero-based → error code.
        percents: Cells that show a percentage.
        merges: Merged ranges where the cell reader knows none.
        dimension: Where an .xls sheet states its size, when what it states
            cannot be believed.
    """

    rows: int = 0
    columns: int = 0
    cells: int = 0
    mixed: bool = True
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: Places = field(default_factory=Places)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    dimension: slice | None = None

    def reach(self, row: int, column: int) -> None:
        """Count a filled cell."""
        if row >= self.rows:
            self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1

    @property
    def sprawling(self) -> bool:
        """Whether the used block is huge and almost empty, or cells repeat."""
        area = self.rows * self.columns
        if self.rows > MAX_ROWS or self.columns > MAX_COLUMNS:
            return True
        return area > max(DENSE, 4 * self.cells) or self.cells > max(area, 1000) * 4


def refuse_sprawl(sheet: str, survey: Survey) -> UnreadableFile:
    """Return the refusal of a sheet with a stray cell far outside its data."""
    corner = address(survey.rows - 1, survey.columns - 1)
    return UnreadableFile(
        f"工作表“{sheet}”的已用区域一直到 {corner}，其中绝大部分是空的",
        hint="在数据区以外有游离的内容：选中数据下方的空行、右侧的空列，删除后保存",
    )
