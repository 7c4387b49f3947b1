"""Native charts beside the tables of 汇总, drawn from their cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fupin_audit.report.words import SEVERITIES, SEVERITY
from fupin_audit.report.workbook.styles import FONT, INK, LINE, SHADES

_WIDTH = 500
_GAP = 18
_FONT = {"name": FONT, "size": 9, "color": INK}
_AXIS = {"num_font": _FONT, "line": {"color": LINE}}
_SCALE = {
    "num_font": _FONT, "major_gridlines": {"visible": True, "line": {"color": LINE}},
    "line": {"none": True}, "num_format": "#,##0", "min": 0,
}  # fmt: skip


@dataclass(slots=True)
class Charts:
    """Charts one below the other, from a cell down; the severities of a table stand
    in three columns from `counts` on, what they are of in the second."""

    book: Workbook
    sheet: Worksheet
    name: str
    row: int
    column: int
    counts: int
    down: int = 0

    def bars(self, title: str, first: int, count: int) -> None:
        """Draw a bar per row, stacked by severity."""
        chart = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        for i, name in enumerate(SEVERITIES):
            border = {"color": "#7F7F7F", "width": 0.5}
            chart.add_series(
                self._series(i, first, count)
                | {"gap": 45, "fill": {"color": SHADES[name]}, "border": border}
            )
        chart.set_y_axis({**_AXIS, "reverse": True, "crossing": "max"})
        chart.set_x_axis(_SCALE)
        self._place(chart, title, 150 + 26 * count)

    def trend(self, title: str, first: int, count: int) -> None:
        """Draw the rows as points in time, a line per severity."""
        chart = self.book.add_chart({"type": "line"})
        for i, name in enumerate(SEVERITIES):
            line = {"color": _DARKER[name], "width": 2}
            chart.add_series(self._series(i, first, count) | {"line": line})
        chart.set_x_axis({**_AXIS, "num_font": {**_FONT, "rotation": -45}})
        chart.set_y_axis(_SCALE)
        self._place(chart, title, 300)

    def _series(self, severity: int, first: int, count: int) -> dict[str, Any]:
        last, column = first + count - 1, self.counts + severity
        return {
            "name": SEVERITY[SEVERITIES[severity]][0],
            "categories": [self.name, first, 1, last, 1],
            "values": [self.name, first, column, last, column],
        }

    def _place(self, chart: Any, title: str, height: int) -> None:
        chart.set_title({"name": title, "name_font": {**_FONT, "size": 12}, "overlay": False})
        chart.set_legend({"position": "bottom", "font": _FONT})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size({"width": _WIDTH, "height": height})
        where = {"description": title, "y_offset": self.down}
        self.sheet.insert_chart(self.row, self.column, chart, where)
        self.down += height + _GAP


_DARKER = {"error": "#A8201A", "warning": "#C98A1B", "info": "#7C8B99"}
"""A line needs more colour than a filled cell."""
