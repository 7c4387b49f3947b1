"""Cleaning cells and laying tables out: how a value is written, never whether
it is right."""

from fupin_audit.normalise.assemble import normalise
from fupin_audit.normalise.place import infer_region

__all__ = ["infer_region", "normalise"]
