"""Reading a pack from its folder, and the compiled cache that makes it quick."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from fupin_audit.errors import RulePackError
from fupin_audit.packs import judgement, shapes
from fupin_audit.packs import manifest as manifests
from fupin_audit.packs.cache import keep, recall

CACHE_FORMAT = "6"


class Pack(msgspec.Struct, kw_only=True):
    """A pack as its files say it, nothing resolved.

    `files` maps `rule:IC201`, `table:member`, `param:…`, `codes:…`, `terms` to
    the file, relative to `root`. `overlays` are the packs that extend it.
    """

    manifest: manifests.Manifest
    root: str = ""
    digest: str = ""
    tables: dict[str, shapes.Table] = {}
    codes: dict[str, shapes.CodeList] = {}
    params: dict[str, shapes.Parameter] = {}
    terms: dict[str, shapes.Term] = {}
    rules: dict[str, shapes.Rule] = {}
    retired: dict[str, manifests.Retirement] = {}
    overrides: dict[str, manifests.Override] = {}
    methods: dict[str, judgement.IncomeMethod] = {}
    judgements: dict[str, judgement.Judgement] = {}
    procedures: dict[str, judgement.Procedures] = {}
    files: dict[str, str] = {}
    overlays: list[Pack] = []

    def file(self, key: str) -> Path | None:
        """Return the file that defines `rule:IC201` and the like."""
        if key in self.files:
            return Path(self.root) / self.files[key]
        return next((f for o in self.overlays if (f := o.file(key))), None)


def all_rules(pack: Pack) -> list[shapes.Rule]:
    """Return the rules of a pack and of its overlays, by id."""
    found = [*pack.rules.values(), *(r for o in pack.overlays for r in o.rules.values())]
    return sorted(found, key=lambda r: r.id)


def rules_home() -> Path:
    """Return the folder of the shipped packs: inside the installed package, or
    the checkout's `rules/`."""
    package = Path(__file__).resolve().parents[1]
    for home in (package / "rules", package.parents[1] / "rules"):
        if (home / "core" / "pack.yaml").is_file():
            return home
    raise RulePackError("找不到规则目录 rules/core", hint="重新安装 fupin-audit")


def shipped_as(root: str) -> tuple[str, str] | None:
    """Tell how the pack in a folder came here: with the installed package or
    with a checkout (Chinese, English); None if it is the user's own."""
    home = rules_home()
    if Path(root) != home / "core":
        return None
    if home.parent.name == "fupin_audit":
        return "随程序安装", "installed with the program"
    return "源码目录 rules/", "the checkout's rules/"


def load_pack(
    path: str | os.PathLike[str] | None = None, *, cache: bool = True, examples: bool = True
) -> Pack:
    """Load a pack with its overlays.

    Args:
        path: A pack folder. One that `extends: core` is laid over the shipped
            pack; any other stands alone. None is the shipped pack.
        cache: Use and write the compiled form in the user's cache folder.
        examples: With the rules' examples, half of a pack, which only those who
            test or show rules look at.

    Raises:
        RulePackError: Every problem of every file, each with file and line.
    """
    home = rules_home() if path is None else Path(path)
    if path is None:
        core = load_folder(home / "core", cache=cache, examples=examples)
        provinces = sorted((home / "provinces").glob("*/pack.yaml"))
        core.overlays = [load_folder(p.parent, cache=cache, examples=examples) for p in provinces]
        return core
    pack = load_folder(home, cache=cache, examples=examples)
    if pack.manifest.extends is None:
        return pack
    core = load_pack(cache=cache, examples=examples)
    if pack.manifest.extends != core.manifest.id:
        raise RulePackError(
            f"规则包要叠加在“{pack.manifest.extends}”上，随附的规则包是“{core.manifest.id}”",
            where=str(home / "pack.yaml"),
        )
    core.overlays.append(pack)
    return core


def load_folder(folder: Path, *, cache: bool = True, examples: bool = True) -> Pack:
    """Load one pack folder, without overlays."""
    if not (folder / "pack.yaml").is_file():
        raise RulePackError("这个文件夹里没有 pack.yaml", where=str(folder))
    texts = _texts(folder)
    digest = hashlib.sha256(CACHE_FORMAT.encode())
    for name, raw in texts:
        digest.update(name.encode() + b"\0" + raw + b"\0")
    key = digest.hexdigest()
    wanted = key if examples else f"{key}-bare"
    pack = _from_cache(wanted) if cache else None
    if pack is None:
        pack = _whole(folder, key, [name for name, _ in texts], cache)
        if not examples:
            pack.rules = {i: replace(rule, examples=()) for i, rule in pack.rules.items()}
            if cache:
                _to_cache(wanted, pack)
    pack.root, pack.digest = str(folder), key[:16]
    return pack


def _texts(folder: Path) -> list[tuple[str, bytes]]:
    """Return the files of a pack by relative path. There are hundreds, and they are
    read at every start: without pathlib that takes half as long."""
    paths = [
        os.path.join(where, name)  # noqa: PTH118
        for where, _, names in os.walk(folder)
        for name in names
        if os.path.normcase(name).endswith(".yaml")
    ]
    start = len(os.path.join(folder, ""))  # noqa: PTH118
    texts = []
    for path in paths:
        if os.path.isfile(path):  # noqa: PTH113
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123
                texts.append((path[start:].replace(os.sep, "/"), file.read()))
    return sorted(texts, key=lambda one: one[0].split("/"))


def _whole(folder: Path, key: str, names: list[str], cache: bool) -> Pack:
    """Return a pack with its examples, compiled if it was not kept."""
    pack = _from_cache(key) if cache else None
    if pack is None:
        pack = compile_pack(folder, names)
        if cache:
            _to_cache(key, pack)
    return pack


def compile_pack(folder: Path, names: list[str]) -> Pack:
    """Parse and check every file of a pack folder."""
    from fupin_audit.packs.yaml_io import read_text, read_yaml  # a cached pack needs no YAML

    problems: list[str] = []
    parts: dict[str, dict[str, Any]] = {k: {} for k in (*_KINDS, "files")}
    manifest: manifests.Manifest | None = None
    for name in names:
        where = (folder / name).as_posix()
        try:
            text = read_text(folder / name)
        except UnicodeDecodeError:
            problems.append(f"{where}:1: 不是 UTF-8 编码的文件")
            continue
        data, found = read_yaml(text, where)
        if not found:
            for kind, key, value, faults in _file(name, data, text, where):
                found += faults
                if kind == "manifest":
                    manifest = value
                elif value is not None and key in parts[kind]:
                    found.append(f"{where}:1: “{key}”在 {parts['files'][_key(kind, key)]} 已有")
                elif value is not None:
                    parts[kind][key] = value
                    parts["files"][_key(kind, key)] = name
        problems += found
    if problems or manifest is None:
        what = f"规则包有 {len(problems)} 处写法不对"
        raise RulePackError(what, where=str(folder), problems=tuple(problems))
    return Pack(manifest=manifest, **parts)  # type: ignore[arg-type]


_KINDS = (
    "tables", "codes", "params", "rules", "terms", "retired", "overrides", "methods", "judgements",
    "procedures",
)  # fmt: skip
_SINGULAR = {
    "tables": "table", "params": "param", "rules": "rule", "terms": "term",
    "methods": "judgement", "judgements": "judgement", "procedures": "judgement",
}  # fmt: skip


def _key(kind: str, key: str) -> str:
    return f"{_SINGULAR.get(kind, kind)}:{key}"


def _file(name: str, data: Any, text: str, where: str) -> Iterator[tuple[str, str, Any, list[str]]]:
    """Yield (kind, key, value, problems) for each thing a file defines."""
    from fupin_audit.packs.yaml_io import convert

    if name == "pack.yaml":
        value, problems = convert(data, manifests.Manifest, text, where)
        yield "manifest", "", value, problems
        return
    whole: dict[str, tuple[str, type[Any]]] = {
        "terms.yaml": ("terms", shapes.Term),
        "retired.yaml": ("retired", manifests.Retirement),
        "overrides.yaml": ("overrides", manifests.Override),
    }
    if name in whole:
        kind, shape = whole[name]
        values, problems = convert(data or {}, dict[str, shape], text, where)  # type: ignore[valid-type]
        yield kind, "", None, problems
        for key, value in (values or {}).items():
            yield kind, key, value, []
        return
    folders: dict[str, tuple[str, type[Any], str]] = {
        "tables": ("tables", shapes.Table, "table"),
        "codes": ("codes", shapes.CodeList, "id"),
        "params": ("params", shapes.Parameter, "id"),
        "checks": ("rules", shapes.Rule, "id"),
        "judgement": ("judgements", judgement.Judgement, "id"),
    }
    if name == "judgement/income.yaml":
        folders["judgement"] = ("methods", judgement.IncomeMethod, "id")
    if name == "judgement/procedure.yaml":
        folders["judgement"] = ("procedures", judgement.Procedures, "id")
    top = name.split("/", 1)[0]
    if top not in folders:
        yield "rules", "", None, [f"{where}:1: 规则包里不认识这个文件"]
        return
    kind, shape, key = folders[top]
    if kind == "rules" and isinstance(data, dict) and isinstance(data.get("examples"), list):
        data["examples"] = [_example(e) for e in data["examples"]]
    value, problems = convert(data, shape, text, where)
    if value is not None and kind == "rules" and not Path(name).name.startswith(f"{value.id}-"):
        problems.append(f"{where}:1: 文件名应以规则编号 {value.id}- 开头")
    yield kind, getattr(value, key, ""), value, problems


def _example(example: Any) -> Any:
    if not isinstance(example, dict):
        return example
    from fupin_audit.packs.yaml_io import plain

    return {k: plain(v) if k in ("given", "rows", "sheet") else v for k, v in example.items()}


def _from_cache(key: str) -> Pack | None:
    kept = recall(f"{key}.json")
    try:
        return msgspec.json.decode(kept, type=Pack) if kept else None
    except msgspec.MsgspecError:
        return None  # one that cannot be trusted: compile again


def _to_cache(key: str, pack: Pack) -> None:
    keep(f"{key}.json", msgspec.json.encode(pack))
