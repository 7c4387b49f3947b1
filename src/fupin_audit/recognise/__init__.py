"""From raw sheets to tables with known columns; nothing is guessed."""

from __future__ import annotations

from fupin_audit.recognise.pins import Pin, load_pins
from fupin_audit.recognise.sheets import recognise, recognise_each, settle

__all__ = ["Pin", "load_pins", "recognise", "recognise_each", "settle"]
