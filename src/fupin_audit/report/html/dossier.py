"""One household as a page for a browser."""

from __future__ import annotations

from typing import TextIO

from fupin_audit.report.household.dossier import SETTLE, DossierView
from fupin_audit.report.html import environment
from fupin_audit.report.remarks import suggested, told
from fupin_audit.report.words import SEVERITY


def to_html(view: DossierView, stream: TextIO) -> None:
    """Write the page, whole: nothing in it is fetched from elsewhere."""
    template = environment().get_template("dossier.html.j2")
    page = template.render(
        view=view, page=view.page, frame=view.frame, severity=SEVERITY, settle=SETTLE,
        told=lambda one: told(one, view.lang),
        suggested=lambda one: suggested(one, view.lang, f"{one.suggestion.field} "),
    )  # fmt: skip
    stream.write(page.encode("utf-8", "replace").decode("utf-8"))
