"""The tables, as steps: a ledger of an older version is brought up to date."""

from __future__ import annotations

APPLICATION = 0x46555041
"""Marks the file as a ledger of this program (`PRAGMA application_id`)."""

_FIRST = """
CREATE TABLE history (
  id      INTEGER PRIMARY KEY,
  at      TEXT NOT NULL,
  kind    TEXT NOT NULL,
  payload TEXT NOT NULL,
  hash    BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE runs (
  id        INTEGER PRIMARY KEY,
  entry     INTEGER NOT NULL REFERENCES history DEFERRABLE INITIALLY DEFERRED,
  at        TEXT NOT NULL,
  engine    TEXT NOT NULL,
  pack      TEXT NOT NULL,
  version   TEXT NOT NULL,
  digest    TEXT NOT NULL,
  as_of     TEXT NOT NULL,
  region    TEXT NOT NULL,
  era       TEXT NOT NULL,
  selected  TEXT,
  inputs    TEXT NOT NULL,
  scope     TEXT NOT NULL,
  counts    TEXT NOT NULL
) STRICT;

CREATE TABLE coverage (
  run       INTEGER NOT NULL REFERENCES runs,
  rule      TEXT NOT NULL,
  evaluated INTEGER NOT NULL,
  passed    INTEGER NOT NULL,
  violated  INTEGER NOT NULL,
  unknown   INTEGER NOT NULL,
  skipped   TEXT,
  PRIMARY KEY (run, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE places (
  id       INTEGER PRIMARY KEY,
  county   TEXT NOT NULL,
  township TEXT NOT NULL,
  village  TEXT NOT NULL,
  UNIQUE (county, township, village)
) STRICT;

CREATE TABLE findings (
  id          INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL UNIQUE,
  rule        TEXT NOT NULL,
  severity    TEXT NOT NULL,
  about       TEXT NOT NULL,
  at_table    TEXT NOT NULL,
  place       INTEGER NOT NULL REFERENCES places,
  home        BLOB NOT NULL,
  subject     BLOB NOT NULL,
  fields      TEXT NOT NULL,
  partners    BLOB NOT NULL,
  looked      TEXT NOT NULL,
  law         BLOB NOT NULL,
  state       TEXT NOT NULL,
  how         TEXT NOT NULL,
  since       TEXT NOT NULL,
  moved       TEXT NOT NULL,
  follows     INTEGER REFERENCES findings,
  first_run   INTEGER NOT NULL REFERENCES runs,
  last_run    INTEGER NOT NULL REFERENCES runs
) STRICT;

CREATE TABLE changes (
  entry   INTEGER NOT NULL REFERENCES history DEFERRABLE INITIALLY DEFERRED,
  finding INTEGER NOT NULL REFERENCES findings,
  was     TEXT NOT NULL,
  now     TEXT NOT NULL,
  how     TEXT NOT NULL,
  PRIMARY KEY (entry, finding)
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
  id       INTEGER PRIMARY KEY,
  entry    INTEGER NOT NULL REFERENCES history DEFERRABLE INITIALLY DEFERRED,
  finding  INTEGER NOT NULL REFERENCES findings,
  at       TEXT NOT NULL,
  state    TEXT NOT NULL,
  by       TEXT NOT NULL,
  evidence TEXT NOT NULL,
  note     TEXT NOT NULL,
  expires  TEXT,
  law      BLOB NOT NULL
) STRICT;
CREATE INDEX decisions_by_finding ON decisions (finding);

CREATE TABLE lists (
  id       INTEGER PRIMARY KEY,
  entry    INTEGER NOT NULL REFERENCES history DEFERRABLE INITIALLY DEFERRED,
  at       TEXT NOT NULL,
  run      INTEGER REFERENCES runs,
  audience TEXT NOT NULL,
  digest   BLOB NOT NULL
) STRICT;

CREATE TABLE list_lines (
  list    INTEGER NOT NULL REFERENCES lists,
  finding INTEGER NOT NULL REFERENCES findings,
  PRIMARY KEY (list, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_lines_by_finding ON list_lines (finding);

CREATE TABLE answers (
  id       INTEGER PRIMARY KEY,
  entry    INTEGER NOT NULL REFERENCES history DEFERRABLE INITIALLY DEFERRED,
  list     INTEGER REFERENCES lists,
  finding  INTEGER REFERENCES findings,
  at       TEXT NOT NULL,
  answer   TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  reason   TEXT NOT NULL,
  field    TEXT NOT NULL,
  before   BLOB NOT NULL,
  after    BLOB NOT NULL
) STRICT;
CREATE INDEX answers_by_finding ON answers (finding);
"""

_FOREVER = ("history", "runs", "coverage", "changes", "decisions", "lists", "list_lines", "answers")
"""What happened stays as it was written."""

_GUARDS = (
    "".join(
        f"""
CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: append only'); END;"""
        for table in _FOREVER
        for verb in ("UPDATE", "DELETE")
    )
    + """
CREATE TRIGGER findings_delete BEFORE DELETE ON findings
BEGIN SELECT RAISE(ABORT, 'findings: append only'); END;"""
)

_DUE = "ALTER TABLE findings ADD COLUMN due TEXT NOT NULL DEFAULT '';\n"
"""The day by which a finding must be answered, where a list from above sets one."""

STEPS: tuple[str, ...] = (_FIRST + _GUARDS, _DUE)
"""Step i brings a ledger of version i to version i + 1."""
