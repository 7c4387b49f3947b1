"""The faults the generator can plant, one function each, in tables by family."""
