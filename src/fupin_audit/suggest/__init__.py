"""Candidates for the right value of a doubtful cell."""

from fupin_audit.suggest.choose import suggest

__all__ = ["suggest"]
