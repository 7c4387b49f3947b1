"""Rules over tables: pass, violated or unknown for every row."""

from fupin_audit.evaluate.engine import evaluate

__all__ = ["evaluate"]
