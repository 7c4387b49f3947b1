"""`fupin-audit sample`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fupin_audit.errors import UsageError


def sample(
    out: Annotated[Path, typer.Argument(help="写到哪个文件夹 / Folder to write")],
    households: Annotated[int, typer.Option("--households", help="户数 / Number of households")] = 60,
    faults: Annotated[float, typer.Option("--faults", help="埋差错的户占比 0–1 / Share with a fault")] = 0.2,
    seed: Annotated[int, typer.Option("--seed", help="同一个数得到同一份样本 / Same seed, same data")] = 1,
    as_of: Annotated[str, typer.Option("--as-of", help="数据的年份 / Year of the data")] = "2019-12-31",
) -> None:  # fmt: skip
    """造一个虚构的县：互相吻合的样本，埋好差错，附差错清单。 / A synthetic county."""
    from fupin_audit.cli.settings import day
    from fupin_audit.sample import write_sample

    if households < 1:
        raise UsageError("--households 至少是 1")
    if not 0 <= faults <= 1:
        raise UsageError("--faults 在 0 和 1 之间", hint="0.2 是两成的户各埋一处差错")
    done = write_sample(out, households, faults, seed, as_of=day(as_of))
    for file in done.files:
        typer.echo(str(file))
    typer.echo(f"埋下的差错与应有的疑点：{done.truth}")
