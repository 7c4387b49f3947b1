"""A second opinion: the rules once more in plain pandas, judged by stock pandera."""

from fupin_audit.evaluate.proof.outcome import Apart, Proof, RuleProof, TableProof
from fupin_audit.evaluate.proof.work import prove, prove_some

__all__ = ["Apart", "Proof", "RuleProof", "TableProof", "prove", "prove_some"]
