"""The nightly run: what is in the folder is checked unattended, for years.

A night is one run over all files that have arrived whole, judged as one dataset,
so that a person on two townships' lists is seen. It leaves a folder of its own,
whole or not at all.
"""
