"""Where an assessment is printed, and how."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fupin_audit.model.assessment import MET, NOT_ASKED, UNKNOWN, UNMET, Kind
from fupin_audit.report.assessment.view import AssessmentView
from fupin_audit.report.safe import visible

ANSWER_STYLE = {MET: "green", UNMET: "bold red", UNKNOWN: "yellow", NOT_ASKED: "dim"}
_KIND_STYLE = {"supported": "cyan", "meets": "green", "lacking": "bold red", "unknown": "yellow"}


class Screen:
    """A view and where it is printed."""

    def __init__(self, view: AssessmentView, out: Console) -> None:
        self.view, self.out = view, out

    def say(self, zh: str, en: str) -> str:
        return self.view.say((zh, en))

    def title(self, zh: str, en: str, note: str = "") -> None:
        text = Text("\n" + self.say(zh, en), style="bold")
        self.out.print(text.append(f"  {note}", style="not bold dim") if note else text)

    def line(self, text: str, style: str = "", indent: int = 2) -> None:
        self.out.print(Padding(Text(visible(text), style=style), (0, 0, 0, indent)))

    def table(self, table: Table, indent: int = 2) -> None:
        self.out.print(Padding(table, (0, 0, 0, indent)))

    def more(self, left: int) -> None:
        if left > 0:
            told = self.say(f"另有 {left:,} 个，见认定表", f"and {left:,} more, see the list")
            self.line(told, "dim")

    def kind(self, kind: Kind) -> Text:
        return Text(self.view.say(kind.label), _KIND_STYLE.get(kind.id, ""))


def count_text(count: int) -> Text:
    return Text(f"{count:,}", "" if count else "dim")


def wrong_text(count: int) -> Text:
    return Text(f"{count:,}", "bold red" if count else "dim")
