"""A second opinion: the rules once more in plain pandas, judged by stock pandera."""

from fupin_audit.evaluate.proof.outcome import Apart, Proof, RuleProof, TableProof
from fupin_audit.evaluate.proof.work import prove

__all__ = ["Apart", "Proof", "RuleProof", "TableProof", "prove"]
