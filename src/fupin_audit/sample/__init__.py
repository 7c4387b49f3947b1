"""Synthetic counties: coherent households, planted faults, and the truth about both."""

from fupin_audit.sample.county import County, Expected, Planted
from fupin_audit.sample.make import make_county
from fupin_audit.sample.plant import plant
from fupin_audit.sample.write import Written, write_county, write_sample

__all__ = [
    "County",
    "Expected",
    "Planted",
    "Written",
    "make_county",
    "plant",
    "write_county",
    "write_sample",
]
