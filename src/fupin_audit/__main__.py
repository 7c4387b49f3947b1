"""`python -m fupin_audit`."""

from fupin_audit.cli import run

run()
