"""`fupin-audit sample`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from fupin_audit.cli.options import Language, option
from fupin_audit.errors import UsageError

LAST_XLS_YEAR = 2020  # from 2021 the registers export xlsx only

Folder = Annotated[Path, typer.Argument(help="写到哪个文件夹 / Folder to write")]
Households = Annotated[int, option("--households", zh="户数", en="Households")]
Faults = Annotated[float, option("--faults", zh="埋差错的户占比 0–1", en="Share with a fault")]
Seed = Annotated[int, option("--seed", zh="同一个数得到同一份样本", en="Same seed, same data")]
Region = Annotated[str, option("--region", zh="六位行政区划代码", en="Division code")]
Day = Annotated[str, option("--as-of", zh="数据的时点", en="Day of the data")]


def sample(
    out: Folder,
    households: Households = 60,
    faults: Faults = 0.2,
    seed: Seed = 1,
    as_of: Day = "2019-12-31",
    region: Region = "611002",
    lang: Language = None,
) -> None:
    """造一个虚构的县：互相吻合的样本，埋好差错，附差错清单。 / A synthetic county."""
    from fupin_audit.cli.settings import day, language
    from fupin_audit.sample import write_sample
    from fupin_audit.sample.shapes import shapes_of

    if households < 1:
        raise UsageError("--households 至少是 1")
    if not 0 <= faults <= 1:
        raise UsageError("--faults 在 0 和 1 之间", hint="0.2 是两成的户各埋一处差错")
    moment = day(as_of)
    shapes = list(shapes_of(moment.year > LAST_XLS_YEAR))
    if "xls" in shapes and not find_spec("xlwt"):
        shapes.remove("xls")
        missing = (
            "没有安装 xlwt，这次不写 .xls（安装：pip install 'fupin-audit[xls]'）",
            "xlwt is not installed, no .xls is written (pip install 'fupin-audit[xls]')",
        )
        typer.echo(missing[language(lang) == "en"], err=True)
    done = write_sample(out, households, faults, seed, as_of=moment, region=region, shapes=shapes)
    for file in done.files:
        typer.echo(str(file))
    told = ("埋下的差错与应有的疑点：", "Planted faults and what is to be found: ")
    typer.echo(f"{told[language(lang) == 'en']}{done.truth}")
