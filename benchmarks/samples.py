"""The files to measure on: a synthetic county, about two in a hundred households
with a planted fault. Seeded, so that every run measures the same cells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fupin_audit.sample import County, make_county, plant, write_county

DAY = date(2019, 12, 31)
FAULTS = 0.02
PERSONS_PER_HOUSEHOLD = 3.35
SEED = 7
COUNTIES = ("610112", "610113", "610114", "610115", "610116", "610122", "610124", "610222",
            "610302", "610303")  # fmt: skip
MORE = ("610322", "610323", "610324", "610326", "610327", "610328", "610329", "610330", "610331",
        "610402")  # fmt: skip


def write_workbook(members: int, folder: Path) -> dict[str, float]:
    """Write households.xlsx: one sheet of households, one of members."""
    made = _county(members, SEED, "611002")
    planted = plant(made, FAULTS, SEED, shapes=["households"])
    written = write_county(made, planted, folder, ["households"])
    return {"members": len(made.members), "bytes": written.files[0].stat().st_size}


def write_csv(members: int, folder: Path) -> dict[str, float]:
    """Write one GBK csv, a row per person, from as many counties as it takes."""
    total = 0
    target = folder / "members.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        for number, code in enumerate(COUNTIES):
            made = _county(members // len(COUNTIES), SEED + number, code)
            planted = plant(made, FAULTS, SEED, shapes=["csv"])
            part = write_county(made, planted, folder / "part", ["csv"]).files[0]
            with part.open("rb") as lines:
                header = lines.readline()
                out.write(header if number == 0 else b"")
                while piece := lines.read(1 << 20):
                    out.write(piece)
            part.unlink()
            total += len(made.members)
    return {"members": total, "bytes": target.stat().st_size}


def write_townships(members: int, folder: Path, faulty: bool = False) -> dict[str, float]:
    """Write twenty workbooks, as townships send them.

    Args:
        faulty: Hardly a row is right, instead of hardly one wrong.
    """
    total = size = 0
    each = members // (len(COUNTIES) + len(MORE))
    for number, code in enumerate((*COUNTIES, *MORE)):
        made = _county(each, SEED + number, code)
        for row in (*made.households, *made.members):
            row["乡"] = f"第{number + 1}镇"
        planted = plant(made, 0.95 if faulty else FAULTS, SEED, shapes=["households"])
        if faulty:
            _spoil(made)
        written = write_county(made, planted, folder / "part", ["households"]).files[0]
        target = written.replace(folder / f"乡镇{number + 1:02d}.xlsx")
        size += target.stat().st_size
        total += len(made.members)
    return {"members": total, "bytes": size}


def _spoil(made: County) -> None:
    for number, row in enumerate(made.households):
        row["户联系电话"] = str(row["户联系电话"])[:9]
        income = row["人均纯收入"]
        if number % 4 == 0 and isinstance(income, float):
            row["人均纯收入"] = income + 137
    for number, row in enumerate(made.members):
        if number % 6 == 0:
            row["文化程度"] = "大学三年级"


def _county(members: int, seed: int, region: str) -> County:
    households = max(round(members / PERSONS_PER_HOUSEHOLD), 1)
    return make_county(households, seed, as_of=DAY, region=region)
