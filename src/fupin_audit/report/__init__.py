"""A result made readable: view → console, workbook, annotated copy, json, csv.

Import from the submodule that writes the format wanted, so that printing to a
terminal loads no workbook library. Reports format; they never decide.
"""
