"""Corrections that follow from the sheet itself: tried, checked again, kept or withdrawn."""

from __future__ import annotations

from fupin_audit.repair.candidates import Candidate, candidates
from fupin_audit.repair.settle import repair

__all__ = ["Candidate", "candidates", "repair"]
