"""Correction lists (更正清单): made, sent out, read back, applied with a log."""
