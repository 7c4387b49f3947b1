"""Commands that are made when they are asked for, and take words as they are typed.

To make one of typer's commands takes about a millisecond per option, and there
are hundreds. And typer has every parameter checked by pydantic, which takes as long to load as a
township's register takes to read and judge. A text needs no check, a path
hardly one, and what was not given none; the rest is left to typer. A typer that
works otherwise is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group_from_info
from typer.models import TyperInfo


class LightCommand(TyperCommand):
    """A command of typer's."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _lightened(super().get_params(ctx))


class LightGroup(TyperGroup):
    """A group of commands of typer's."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _lightened(super().get_params(ctx))


class Made(MutableMapping[str, Any]):
    """Commands by name, each made when it is first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Any]]) -> None:
        self.makers, self.made = dict(makers), dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = self.makers[name]()
        return self.made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self.makers[name] = lambda: command

    def __delitem__(self, name: str) -> None:
        del self.makers[name]

    def __contains__(self, name: object) -> bool:
        return name in self.makers

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def command_in(room: str, name: str) -> Any:
    """Make the command of the function `name` in the module of that name."""
    made = typer.Typer(add_completion=False)
    made.command(name, cls=LightCommand)(getattr(import_module(f"{room}.{name}"), name))
    return get_command(made)


def group_in(room: str, name: str) -> Any:
    """Make the group of commands of the `app` in the module of that name."""
    app: typer.Typer = import_module(f"{room}.{name}").app
    return get_group_from_info(
        TyperInfo(app, name=name),
        pretty_exceptions_short=app.pretty_exceptions_short,
        suggest_commands=app.suggest_commands,
        rich_markup_mode=app.rich_markup_mode,
    )


class _Coercion:
    """Stands for typer's own, which is made when first needed."""

    def __init__(self, make: Callable[[], Any], sort: Any, info: Any) -> None:
        self.make, self.sort, self.info = make, sort, info

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return what typer would, without asking it where that is plain."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if self.sort is str and isinstance(value, str):
            return value
        if self.sort == list[str] and isinstance(value, list | tuple):
            if all(isinstance(one, str) for one in value):
                return list(value)
        elif self.sort is Path and isinstance(value, str) and self._fine(value):
            return Path(value)
        return self.make().coerce(value, param=param, ctx=ctx)

    def _fine(self, path: str) -> bool:
        """Tell whether a path passes, where nothing more is asked of it than typer
        asks of its own accord."""
        asked = ("exists", "writable", "resolve_path", "allow_dash")
        unasked = ("file_okay", "dir_okay", "readable")
        if any(getattr(self.info, name, True) for name in asked):
            return False
        if not all(getattr(self.info, name, False) for name in unasked):
            return False
        return not Path(path).exists() or os.access(path, os.R_OK)


def _lightened(params: Sequence[Any]) -> list[Any]:
    for param in params:
        make = getattr(param, "get_runtime_param", None)
        seen: Any = getattr(param, "type_descriptor", None)
        if not (make is None or isinstance(make, partial)) and hasattr(seen, "annotation"):
            info = getattr(seen, "parameter_info", None)
            param.get_runtime_param = partial(_Coercion, make, seen.annotation, info)
    return list(params)
