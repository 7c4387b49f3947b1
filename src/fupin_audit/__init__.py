"""fupin-audit: check and clean household registers (建档立卡 / 防返贫监测).

    result = fupin_audit.check("households.xlsx", as_of=date(2019, 12, 31))
    schema = fupin_audit.schema("household", as_of=date(2019, 12, 31), region="611002")

Importing the package loads neither pandas nor pandera; using it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fupin_audit.errors import FupinError

if TYPE_CHECKING:
    from fupin_audit.api import check, clean, load_pack, schema
    from fupin_audit.model.run import CheckResult

__version__ = "0.1.0"
__all__ = ["CheckResult", "FupinError", "check", "clean", "load_pack", "schema"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = "model.run" if name == "CheckResult" else "api"
    return getattr(import_module(f"fupin_audit.{home}"), name)
