"""The wheel carries everything: installed alone, it checks with its own rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import file_writers as write
from register_facts import FAULTS, wide

ROOT = Path(__file__).parents[1]


def call(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that sees nothing of this checkout."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    return subprocess.run(
        [*map(str, arguments)], cwd=cwd, env={**environment, "LANG": "zh_CN.UTF-8"},
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    done = call(*pip, ROOT, "--no-deps", "--no-build-isolation", "-w", out, cwd=out)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_rules_and_nothing_private(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {n.removeprefix("fupin_audit/") for n in names if n.startswith("fupin_audit/rules/")}
    kept = {p.relative_to(ROOT).as_posix() for p in (ROOT / "rules").rglob("*.yaml")}
    assert kept <= shipped
    assert "fupin_audit/py.typed" in names
    page = ("page.html.j2", "page.css", "page.js", "vendor/chart.umd.min.js")
    assert {f"fupin_audit/report/html/{name}" for name in page} <= {*names}
    assert "fupin_audit/report/html/vendor/chart.js-LICENSE.md" in names
    assert not [n for n in names if n.startswith(("tests", "sample_data", "benchmarks", "docs"))]
    assert not [n for n in names if "__pycache__" in n or n.endswith(".xlsx")]


def test_installed_alone_it_checks_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", scripts / "python")
    flags = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-compile")
    done = call(*pip, "install", *flags, wheel, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    site = next(home.rglob("site-packages"))
    # The dependencies are borrowed; path files among them, such as that of an
    # editable install, are not read from a borrowed folder.
    (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")

    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    file = write.xlsx(elsewhere / "名单.xlsx", {"名单": wide()})
    shown = call(scripts / "fupin-audit", "rules", "show", "IC201", cwd=elsewhere)
    assert shown.returncode == 0, shown.stderr
    assert f"规则包目录：{site / 'fupin_audit' / 'rules'}" in shown.stdout
    asked = ("--as-of", "2019", "--region", "", "--format", "json", "--out", "结果.json")
    done = call(scripts / "fupin-audit", "check", file.name, *asked, cwd=elsewhere)
    assert (done.returncode, done.stderr) == (1, "")
    told = json.loads((elsewhere / "结果.json").read_text(encoding="utf-8"))
    assert {f["rule"] for f in told["findings"]} == set(FAULTS)
