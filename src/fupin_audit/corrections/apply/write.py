"""Corrected copies of the source files: all of them whole in their place, or none.

They are first written to a folder of their own beside their place. Only when every
one is there, and reads back as it was meant, are they moved.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from fupin_audit.corrections.apply.fates import Fate
from fupin_audit.corrections.apply.work import Work
from fupin_audit.corrections.patch.change import Change, LogRow
from fupin_audit.errors import InputError, UsageError
from fupin_audit.model.dataset import written
from fupin_audit.model.edit import Edit
from fupin_audit.model.sheet import address
from fupin_audit.report.aside import written_aside

STAGE = ".更正中"


def sources_of(work: Work) -> dict[str, Path]:
    """Return where the files with corrections are, by the name they were read under."""
    touched = {edit.file for fate in work.fates if fate.correction for edit in fate.edits}
    return {s.file: s.path for s in work.reading.sheets if s.file in touched and s.path}


def names_in(sources: dict[str, Path], given: Sequence[str | Path]) -> dict[str, Path]:
    """Return the name of each copy below the folder of copies, by file as read.

    A file of a folder keeps its place in it; two of one name are told apart.
    """
    tops = [p.resolve() for p in map(Path, given) if p.is_dir()]
    made: dict[str, Path] = {}
    for file, path in sources.items():
        full = path.resolve()
        top = next((t for t in tops if full.is_relative_to(t)), full.parent)
        name = full.relative_to(top)
        if name in made.values():
            name = Path(f"{full.parent.name}_{name.name}")
        made[file] = name
    return made


def not_over(sources: dict[str, Path], names: dict[str, Path], out: Path) -> None:
    """Refuse to write a copy over a source.

    Raises:
        UsageError: One would be.
    """
    for file, path in sources.items():
        if (out / names[file]).resolve() == path.resolve():
            raise UsageError(
                "更正件不能写在原表上", where=str(out), hint="--write 换一个文件夹，或用 --in-place"
            )


@contextmanager
def stage_in(out: Path) -> Iterator[Path]:
    """Give an empty folder inside `out`, gone afterwards; a killed run's is emptied.

    Raises:
        InputError: The folder cannot be made or written, or the disk is full.
    """
    stage = out / STAGE
    try:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        yield stage
    except OSError as problem:
        raise InputError(
            f"写不成：{problem.strerror or '磁盘或权限有问题'}。原表没有动，没有留下半个文件",
            where=str(out), hint="检查磁盘空间和权限后重来",
        ) from problem  # fmt: skip
    finally:
        with suppress(OSError):
            shutil.rmtree(stage)


def write_stage(
    work: Work, stage: Path, names: dict[str, Path], *, in_place: bool = False
) -> list[str]:
    """Write every corrected copy below the stage; corrections a file does not take
    are refused, and the rest is checked and written once more.

    Args:
        in_place: It is a rehearsal: the files themselves will be changed.

    Returns:
        What the copies do not keep, Chinese.

    Raises:
        InputError: A file cannot be written at all.
    """
    from fupin_audit.corrections.patch import patch_file

    while True:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        said, refused = [], False
        for file, path in sources_of(work).items():
            target = stage / names[file]
            target.parent.mkdir(parents=True, exist_ok=True)
            told = changes_of(work, file)
            patch = patch_file(path, target, [change for change, _ in told])
            if in_place and patch.path.suffix != target.suffix:
                raise InputError(
                    f"{path.suffix} 文件不能原样改写", where=path.name,
                    hint="改用 --write 写出更正件，或先另存为 .xlsx",
                )  # fmt: skip
            if in_place and path.with_name(f"~${path.name}").exists():
                raise InputError(
                    "文件正被 Excel 或 WPS 打开", where=path.name, hint="关闭打开着的文件后重试"
                )
            said += [f"{names[file]}：{text}" for text in patch.said]
            for one in patch.refused:
                refused = True
                for change, fate in told:
                    if change == one.change:
                        fate.settle("refused", one.why, "请直接在原表里改")
        if not refused:
            return said
        work.again()


def changes_of(work: Work, file: str) -> list[tuple[Change, Fate]]:
    """Return the changes of one file, with their lines in the log."""
    at = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    sheets = {(s.file, s.name): s for s in work.reading.sheets}
    made = []
    for fate in work.fates:
        for edit in fate.edits if fate.correction else ():
            if edit.file == file:
                raw = sheets[edit.file, edit.sheet]
                before = written(raw.columns[edit.column][edit.row])
                log = _log(at, fate, edit, before)
                made.append((Change(edit.sheet, edit.row, edit.column, edit.value, log), fate))
    return made


def _log(at: str, fate: Fate, edit: Edit, before: str) -> LogRow:
    said = fate.said
    place = address(edit.row, edit.column)
    return LogRow(
        at, fate.number, fate.given("户编号"), fate.given("姓名"), fate.told_field,
        f"{edit.sheet}:{place}" if edit.sheet else place, before, written(edit.value),
        said.by, said.on, said.evidence, fate.finding.rule if fate.finding else "", said.note,
    )  # fmt: skip


def move_all(stage: Path, out: Path) -> list[Path]:
    """Move everything that is on the stage to its place; return where it is."""
    made = []
    for path in sorted(p for p in stage.rglob("*") if p.is_file()):
        target = out / path.relative_to(stage)
        target.parent.mkdir(parents=True, exist_ok=True)
        move(path, target)
        made.append(target)
    return made


def move(path: Path, target: Path) -> None:
    """Move a file to its place, whole or not at all, on another disk as well."""
    try:
        path.replace(target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        with written_aside(target) as aside:
            shutil.copyfile(path, aside)
        path.unlink()


def write_in_place(work: Work, backups: Path | None) -> tuple[list[Path], list[str]]:
    """Change the source files themselves, each after a copy of it was kept.

    Returns:
        The files, and what is to be said of them, Chinese.
    """
    from fupin_audit.corrections.patch import patch_in_place

    made, said = [], []
    for file, path in sources_of(work).items():
        changes = [change for change, _ in changes_of(work, file)]
        patch = patch_in_place(path, changes, backups)
        made.append(patch.path)
        said += [f"{path.name}：{text}" for text in patch.said]
    return made, said
