"""Cleaning cells and laying tables out: how a value is written, never whether
it is right."""

from fupin_audit.normalise.assemble import normalise
from fupin_audit.normalise.columns import CleanSheet, clean_each
from fupin_audit.normalise.place import infer_region

__all__ = ["CleanSheet", "clean_each", "infer_region", "normalise"]
