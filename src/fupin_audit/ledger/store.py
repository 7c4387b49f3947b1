"""Opening the file, and every write in one transaction that is all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fupin_audit.errors import LedgerError
from fupin_audit.ledger.schema import APPLICATION, STEPS

PATIENCE = 10.0
"""Seconds to wait for another process to finish writing."""


@contextmanager
def reading(ledger: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that sees one state of an existing ledger.

    Raises:
        LedgerError: There is none, or it cannot be used.
    """
    _there(ledger)
    with told(ledger), closing(_connect(ledger)) as connection:
        _up_to_date(connection, ledger)
        connection.execute("BEGIN")
        yield connection
        connection.execute("ROLLBACK")


@contextmanager
def writing(ledger: Path, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    """Give a connection inside a transaction; commit it if all went well.

    Args:
        make: Make the ledger if there is none.

    Raises:
        LedgerError: It cannot be used; nothing was written.
    """
    if not make:
        _there(ledger)
    with told(ledger), closing(_connect(ledger)) as connection:
        _up_to_date(connection, ledger)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _there(ledger: Path) -> None:
    if not ledger.is_file():
        raise LedgerError(
            "还没有台账",
            where=str(ledger),
            hint="先运行 fupin-audit check，或用 --ledger 指明在哪里",
        )


def _connect(ledger: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(ledger, timeout=PATIENCE, isolation_level=None)
    try:
        # A commit is on the disk when it returns, also if the power fails then.
        connection.execute("PRAGMA synchronous = FULL")
        # References are not checked row by row, which would double the time of a
        # large run; `verify` checks them all.
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def _up_to_date(connection: sqlite3.Connection, ledger: Path) -> None:
    """Bring the tables to this version.

    Raises:
        LedgerError: Not a ledger, or one of a later version.
    """
    version = _version(connection, ledger)
    if version == len(STEPS):
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[_version(connection, ledger) :]:
            _script(connection, step)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, ledger: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    foreign = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if mark != APPLICATION and (mark or version or foreign):
        raise LedgerError("这个文件不是台账", where=str(ledger), hint="用 --ledger 指明台账文件")
    if version > len(STEPS):
        raise LedgerError(
            "台账是更新版本的程序写的", where=str(ledger), hint="用那个版本，或升级本程序"
        )  # fmt: skip
    return version


def _script(connection: sqlite3.Connection, script: str) -> None:
    """Run statements one by one: `executescript` would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


@contextmanager
def told(ledger: Path) -> Iterator[None]:
    """Turn what SQLite refuses into what a person can act on."""
    try:
        yield
    except sqlite3.Error as problem:
        raise _refusal(problem, ledger) from problem


def _refusal(problem: sqlite3.Error, ledger: Path) -> LedgerError:
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    where = str(ledger)
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LedgerError(
                "台账正被别的程序占用，等了很久", where=where, hint="等那边结束后再运行一次"
            )  # fmt: skip
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return LedgerError(
                "台账没有写成，磁盘已满或出错；台账保持原样", where=where,
                hint="腾出空间后再运行一次",
            )  # fmt: skip
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return LedgerError(
                "台账打不开或不能写", where=where, hint="检查文件和所在文件夹的权限"
            )  # fmt: skip
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return LedgerError(
                "台账文件损坏", where=where, hint="从备份恢复，或移走后从头记起；疑点清单不受影响"
            )  # fmt: skip
    return LedgerError(f"台账出错：{problem}", where=where, hint="请连同版本号告诉维护人员")
