"""Settings: `fupin.toml`, nearest up from the first input; the command line wins."""

from __future__ import annotations

import locale
import os
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from fupin_audit.errors import UsageError
from fupin_audit.packs.names import nearest

KEYS = {
    "as_of": str, "region": str, "pack": str, "select": list, "ignore": list, "severity": str,
    "fail_on": str, "lang": str, "map": dict, "max_unpacked": str, "ledger": str, "whole": bool,
}  # fmt: skip
Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a `fupin.toml` says; `file` is None when there is none."""

    file: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def pick(self, given: Any, key: str, default: Any = None) -> Any:
        """Return the command line's value, else the file's, else the default."""
        return given if given is not None else self.values.get(key, default)


def find(paths: Sequence[str]) -> Settings:
    """Read the nearest `fupin.toml` at or above the first input."""
    start = Path(paths[0] if paths else ".").absolute()
    for folder in (start, *start.parents):
        candidate = folder / "fupin.toml"
        if candidate.is_file():
            return read(candidate)
    return Settings()


def read(file: Path) -> Settings:
    """Read one settings file.

    Raises:
        UsageError: Not TOML, an unknown key, or a value of the wrong kind.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"设置文件读不出来：{error}",
            where=str(file),
            hint='文字和中文的键都要加引号，例如 "人数" = "家庭人口数"',
        ) from None
    values = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
    for key, value in values.items():
        if key not in KEYS:
            raise UsageError(f"不认识的设置“{key}”", where=str(file), hint=nearest(key, KEYS))
        if not isinstance(value, KEYS[key]):
            raise UsageError(f"设置“{key}”的值写法不对", where=str(file))
    return Settings(file, values)


def day(text: str | None) -> date:
    """Read `--as-of`: a day, a month (its last day) or a year (its last day)."""
    if text is None:
        return date.today()
    found = re.fullmatch(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?", text.strip())
    try:
        if not found:
            raise ValueError(text)
        year, month, of_month = (int(g) if g else None for g in found.groups())
        if year is not None and of_month is None:
            after = date(year + 1, 1, 1) if month in (None, 12) else date(year, (month or 0) + 1, 1)
            return date.fromordinal(after.toordinal() - 1)
        return date(year or 0, month or 0, of_month or 0)
    except ValueError:
        raise UsageError(f"日期“{text}”读不出来", hint="写成 2019-12-31、2019-12 或 2019") from None


def region(text: str | None) -> str | None:
    """Read `--region`: 2, 4 or 6 digits; an empty text is the nation."""
    if not text:
        return text
    from fupin_audit.domain.division import known

    if re.fullmatch(r"(\d{2}){1,3}", text):
        if known(text.ljust(6, "0")):
            return text
        raise UsageError(f"没有行政区划代码“{text}”", hint="例如 61、6110、611002")
    raise UsageError(f"行政区划代码“{text}”应为 2、4 或 6 位数字", hint="例如 61、6110、611002")


def size(text: str) -> int:
    """Read a size such as `512M` or `2G`."""
    found = re.fullmatch(r"(\d+)\s*([kmg]?)i?b?", text.strip().lower())
    if not found:
        raise UsageError(f"大小“{text}”读不出来", hint="例如 512M、2G")
    return int(found.group(1)) * SIZES[found.group(2)]


def language(given: str | None) -> Lang:
    """Return `zh` or `en`: as asked, else by locale, else Chinese."""
    for known in LANGS:
        if given == known:
            return known
    if given is not None:
        raise UsageError(f"没有语言“{given}”", hint="--lang zh 或 --lang en")
    words = next((w for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (w := os.environ.get(n))), "")
    if not words and sys.platform == "win32":  # elsewhere Python answers en_US for no locale
        words = locale.getlocale()[0] or ""
    return "en" if words.lower().startswith("en") else "zh"


def spoken(given: str | None, near: str | Path = ".") -> Lang:
    """Return the language of a command that needs no settings but this: as asked,
    of the settings nearest to a place, else by locale, else Chinese."""
    return language(given if given is not None else find([str(near)]).pick(None, "lang"))


def one_of(value: str, allowed: Sequence[str], name: str) -> str:
    """Return the value of an option that may only be one of a few words."""
    if value not in allowed:
        raise UsageError(f"{name} 不能是“{value}”", hint="可以是 " + "、".join(allowed))
    return value
