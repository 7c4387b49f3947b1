"""The demonstration in the README: run it, or write it anew.

python tests/docs_demo.py     rewrites the block in README.md
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(<!-- demo: (.+?) -->\n```text\n)(.*?)(```\n<!-- /demo -->)", re.DOTALL)


def block(readme: str) -> str:
    """Return the output shown in the README."""
    found = BLOCK.search(readme)
    assert found
    return found.group(3)


def demo_output(folder: Path) -> str:
    """Run the command of `make demo` on a copy of sample_data, piped."""
    fresh = shutil.ignore_patterns(".fupin")
    shutil.copytree(ROOT / "sample_data", folder / "sample_data", ignore=fresh, dirs_exist_ok=True)
    command = [sys.executable, "-m", "fupin_audit", "check", "sample_data/households.xlsx"]
    done = subprocess.run(
        [*command, "--fail-on", "never"], cwd=folder, capture_output=True, check=True,
        env={**os.environ, "PYTHONUTF8": "1", "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"},
    )  # fmt: skip
    return done.stdout.decode("utf-8").replace("\r\n", "\n").replace(str(folder) + os.sep, "")


if __name__ == "__main__":
    readme = ROOT / "README.md"
    with tempfile.TemporaryDirectory() as folder:
        shown = demo_output(Path(folder))
    text = readme.read_text(encoding="utf-8")
    readme.write_text(BLOCK.sub(lambda m: m[1] + shown + m[4], text), encoding="utf-8")
