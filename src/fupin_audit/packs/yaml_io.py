"""YAML read strictly: no duplicate keys, no surprises, and a line for every
mistake."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec
import yaml

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")
BOOL = "tag:yaml.org,2002:bool"


class _Strict(Loader):  # type: ignore[misc]
    """A safe loader that refuses a key written twice, and for which `on`, `off`,
    `yes` and `no` are words, as an auditor means them."""

    yaml_implicit_resolvers: ClassVar[Any] = {
        first: [(tag, word) for tag, word in pairs if tag != BOOL or first in "tTfF"]
        for first, pairs in Loader.yaml_implicit_resolvers.items()
    }


def _mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"键“{key}”写了两次", key_node.start_mark
            )
        seen.add(key)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(text: str, where: str) -> tuple[Any, list[str]]:
    """Parse one document. Returns (data, problems); a problem has its line."""
    try:
        return yaml.load(text, Loader=_Strict), []  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [f"{where}:{line}: YAML 写法不对：{error.problem}"]
    except yaml.YAMLError as error:
        return None, [f"{where}:1: YAML 读不出来：{str(error).splitlines()[0]}"]


def convert(data: Any, shape: type[T], text: str, where: str) -> tuple[T | None, list[str]]:
    """Check data against a shape. Returns (value, problems with line)."""
    try:
        return msgspec.convert(data, shape, strict=True), []
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        line = line_of(text, path.rstrip("`"))
        return None, [f"{where}:{line}: {_chinese(message)}（{path.rstrip('`') or '$'}）"]


def _chinese(message: str) -> str:
    for pattern, zh in (
        (r"Object contains unknown field `(.+)`", r"不认识的键“\1”"),
        (r"Object missing required field `(.+)`", r"缺少键“\1”"),
        (r"Invalid enum value (.+)", r"取值 \1 不在允许之列"),
        (r"Expected `(.+)`, got `(.+)`", r"应为 \1，写的是 \2"),
    ):
        if re.match(pattern, message):
            return re.sub(pattern, zh, message)
    return message


def line_of(text: str, path: str) -> int:
    """Return the line of a path such as `$.examples[0].expect`, as near as the
    document has it."""
    node = yaml.compose(text, Loader=Loader)
    line = 1
    for step in re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", path):
        found = _child(node, step[0], step[1])
        if found is None:
            break
        line, node = found
    return line


def _child(node: Any, key: str, index: str) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            if key_node.value == key:
                return key_node.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and index.isdigit() and int(index) < len(node.value):
        value = node.value[int(index)]
        return value.start_mark.line + 1, value
    return None


def plain(data: Any) -> Any:
    """Turn dates inside free-form data into `{date: ISO}`, so that data read
    from YAML and from the compiled cache are the same."""
    if isinstance(data, dict):
        return {str(k): plain(v) for k, v in data.items()}
    if isinstance(data, list):
        return [plain(v) for v in data]
    if isinstance(data, datetime | date):
        return {"date": data.isoformat()}
    return data


def read_text(path: Path) -> str:
    """Read a pack file as UTF-8, with or without a byte order mark."""
    return path.read_bytes().decode("utf-8-sig")
