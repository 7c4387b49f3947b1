"""One household as people see it: its card, and all that is known about it."""
