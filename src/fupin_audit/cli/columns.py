"""`check --explain-columns`: what each column was taken for, and what its absence
silences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from fupin_audit.model.run import CheckResult
