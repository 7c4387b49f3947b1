"""`nightly.toml`: what a nightly run is to do. Every mistake in it is told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec

from fupin_audit.batch.day import day_of
from fupin_audit.batch.lines import Lines
from fupin_audit.errors import UsageError
from fupin_audit.packs.names import nearest

When = Literal["new", "failure", "always"]


class Township(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A township that has to send files: its name, where they arrive, and the
    column map they need."""

    name: str
    inputs: tuple[str, ...]
    map: str = ""


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to judge; the words of `fupin-audit check`."""

    as_of: str = "month-end"
    region: str = ""
    pack: str = ""
    map: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Literal["error", "warning", "info"] = "info"
    fail_on: Literal["error", "warning", "info", "never"] = "error"
    whole: bool = False
    max_unpacked: str = "1G"
    password_file: str = ""


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to go about it: `settle` and `time_limit` in seconds, `cores` 0 for all."""

    settle: float = 60.0
    time_limit: float = 600.0
    cores: int = 0


class Outputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a night leaves in its folder."""

    workbook: bool = True
    html: bool = True
    json: bool = True
    junit: bool = True
    lists: Literal["none", "township", "village", "helper", "all"] = "township"
    only_new: bool = False
    mask: Literal["staff", "strict", "none"] = "staff"
    lang: Literal["zh", "en"] = "zh"


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ledger; `file` empty means none is kept."""

    file: str = ".fupin/ledger.sqlite"


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many nights are kept, and for how many days; 0 means for ever."""

    runs: int = 60
    days: int = 400


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The log: json lines, a new file after `megabytes`, `files` of them kept."""

    megabytes: float = 5.0
    files: int = 10


class Notify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command to run: `{summary}` in it stands for the path of summary.json."""

    command: tuple[str, ...]
    when: When = "new"
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration; relative paths in it start at `file`'s folder."""

    file: Path
    inputs: tuple[str, ...]
    out: Path
    check: Check = field(default_factory=Check)
    run: Run = field(default_factory=Run)
    outputs: Outputs = field(default_factory=Outputs)
    ledger: Book = field(default_factory=Book)
    retention: Retention = field(default_factory=Retention)
    log: Log = field(default_factory=Log)
    townships: tuple[Township, ...] = ()
    notify: tuple[Notify, ...] = ()

    @property
    def folder(self) -> Path:
        return self.file.parent

    def path(self, text: str) -> Path:
        """Return a path of the configuration as one that can be used."""
        return self.folder / text


_SECTIONS: Mapping[str, type[msgspec.Struct]] = {
    "check": Check, "run": Run, "outputs": Outputs, "ledger": Book, "retention": Retention,
    "log": Log,
}  # fmt: skip
_LISTS: Mapping[str, tuple[str, type[msgspec.Struct]]] = {
    "township": ("townships", Township),
    "notify": ("notify", Notify),
}
_TOP = ("inputs", "out")
_MOST = 1e6


def _is_day(rule: str) -> bool:
    try:
        day_of(rule, date.today())
    except ValueError:
        return False
    return True


_LIMITS: Mapping[tuple[str, str], tuple[Callable[[Any], bool], str]] = {
    ("", "out"): (bool, "写上放结果的文件夹"),
    ("run", "settle"): (lambda n: 0 <= n <= _MOST, "从 0 到一百万秒"),
    ("run", "time_limit"): (lambda n: 0 < n <= _MOST, "要大于 0，最多一百万秒"),
    ("run", "cores"): (lambda n: n >= 0, "不能小于 0（0 是用全部）"),
    ("retention", "runs"): (lambda n: n >= 0, "不能小于 0（0 是不限）"),
    ("retention", "days"): (lambda n: 0 <= n <= 36500, "从 0（不限）到 36500"),
    ("log", "megabytes"): (lambda n: 0.01 <= n <= _MOST, "从 0.01 起"),
    ("log", "files"): (lambda n: n >= 2, "至少 2：一个在写，一个是写满的"),
    ("notify", "timeout"): (lambda n: 0 < n <= _MOST, "要大于 0，最多一百万秒"),
    ("check", "as_of"): (_is_day, "可以是 today、month-end、year-end，或写明日期，如 2020-12-31"),
    ("check", "max_unpacked"): (
        lambda text: re.fullmatch(r"\s*\d+\s*[kmgKMG]?i?[bB]?\s*", text) is not None,
        "写成 512M、2G 的样子",
    ),
    ("township", "inputs"): (bool, "至少写一个文件或通配符"),
    ("notify", "command"): (bool, "至少写出程序名"),
}


def load(file: Path) -> Config:
    """Read a configuration.

    Raises:
        UsageError: It cannot be read, or says what cannot be; all mistakes are told
            together, each with its line.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except OSError as problem:
        raise UsageError(
            f"配置文件打不开：{problem.strerror}", where=str(file),
            hint="用 fupin-audit batch init 新建一个",
        ) from None  # fmt: skip
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(
            f"配置文件读不出来：{problem}", where=str(file),
            hint="应是 UTF-8 的 TOML；路径用单引号，如 'D:\\报送\\*.xlsx'",
        ) from None  # fmt: skip
    problems: list[tuple[str, str, int, str]] = []
    made = _built(file.absolute(), data, problems)
    problems += [("", "", 0, told) for told in _missing(made, data)]
    if problems:
        lines = Lines(text)
        told = sorted((lines.of(name, key, n), what) for name, key, n, what in problems)
        raise UsageError(
            "；".join(what for _, what in told) if len(told) == 1 else f"有 {len(told)} 处要改："
            + "；".join(f"第 {line} 行 {what}" if line else what for line, what in told),
            where=f"{file}:{told[0][0]}" if told[0][0] else str(file),
            hint="改好后用 fupin-audit batch check 再看一遍",
        )  # fmt: skip
    return made


def _built(file: Path, data: dict[str, Any], problems: list[tuple[str, str, int, str]]) -> Config:
    known = (*_TOP, *_SECTIONS, *_LISTS)
    values: dict[str, Any] = {"inputs": (), "out": file.parent}
    for key, value in data.items():
        if key == "inputs":
            values["inputs"] = _value("", key, 0, value, tuple[str, ...], problems) or ()
        elif key == "out":
            values["out"] = file.parent / (_value("", key, 0, value, str, problems) or "")
        elif key in _SECTIONS:
            values[key] = _section(key, 0, value, _SECTIONS[key], problems)
        elif key in _LISTS:
            name, shape = _LISTS[key]
            rows = value if isinstance(value, list) else [value]
            parts = [_section(key, i, row, shape, problems) for i, row in enumerate(rows)]
            values[name] = tuple([part for part in parts if part is not None])
        else:
            problems.append(("", key, 0, f"不认识的设置“{key}”{_near(key, known)}"))
    return Config(file, **{k: v for k, v in values.items() if v is not None})


def _section(
    name: str, number: int, value: Any, shape: type[msgspec.Struct],
    problems: list[tuple[str, str, int, str]],
) -> msgspec.Struct | None:  # fmt: skip
    if not isinstance(value, dict):
        problems.append((name, "", number, f"[{name}] 应是一节"))
        return None
    fields = {one.name: one for one in msgspec.structs.fields(shape)}
    kept: dict[str, Any] = {}
    for key, given in value.items():
        if key not in fields:
            problems.append((name, key, number, f"不认识的设置“{key}”{_near(key, fields)}"))
            continue
        made = _value(name, key, number, given, fields[key].type, problems)
        if made is not None:
            kept[key] = made
    lacking = [key for key, one in fields.items() if one.required and key not in value]
    problems += [(name, "", number, f"[[{name}]] 少了 {key}") for key in lacking]
    if any(one.required and key not in kept for key, one in fields.items()):
        return None
    return shape(**kept)


def _value(
    section: str, key: str, number: int, given: Any, kind: Any,
    problems: list[tuple[str, str, int, str]],
) -> Any:  # fmt: skip
    try:
        made = msgspec.convert(given, kind, strict=True)
    except msgspec.ValidationError:
        problems.append((section, key, number, f"“{key}”的值写法不对，应是{_kind(kind)}"))
        return None
    holds, told = _LIMITS.get((section, key), (lambda _: True, ""))
    if any("\0" in text for text in (made if isinstance(made, tuple) else [str(made)])):
        holds, told = (lambda _: False), "有不能用的字符"
    if not holds(made):
        problems.append((section, key, number, f"“{key}”的值不行：{told}"))
        return None
    return made


def _kind(kind: Any) -> str:
    choices = getattr(kind, "__args__", ())
    if choices and all(isinstance(one, str) for one in choices):
        return "这几个之一：" + "、".join(choices)
    plain = {str: "文字", bool: "true 或 false", int: "整数", float: "数"}
    return plain.get(kind, '文字的列表，如 ["收件/*.xlsx"]')


def _near(key: str, known: Any) -> str:
    hint = nearest(key, known)
    return f"（{hint}）" if hint else ""


def _missing(made: Config, data: dict[str, Any]) -> Iterator[str]:
    if not made.inputs and not made.townships and not data.get("inputs"):
        yield "没有写 inputs（要核对哪些文件）"
    if "out" not in data:
        yield "没有写 out（结果放在哪里）"
    for what, text in (("规则包", made.check.pack), ("列对照文件", made.check.map),
                       ("密码文件", made.check.password_file),
                       *((f"{t.name} 的列对照文件", t.map) for t in made.townships)):  # fmt: skip
        if text and not made.path(text).exists():
            yield f"{what} {text} 不存在"
