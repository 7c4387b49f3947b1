"""Start a command in a fresh process; tell how long it took and how much memory.

This module imports nothing heavy: on Linux a child inherits the high-water mark
of the process that started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ACCEPTED = (0, 1)  # 1: `check` has found something


@dataclass(frozen=True, slots=True)
class Run:
    """One measured process.

    Attributes:
        seconds: From start to exit.
        megabytes: Peak resident memory.
        told: What the process said about itself, see `worker.py`.
    """

    seconds: float
    megabytes: float
    told: dict[str, float] = field(default_factory=dict)


def product() -> str:
    """Return the path of the `fupin-audit` command of this environment."""
    return str(Path(sys.executable).with_name("fupin-audit"))


def run(command: Sequence[str | Path]) -> Run:
    """Run a command once, its output thrown away.

    Raises:
        RuntimeError: It failed.
    """
    # Compiled modules may be kept, as they are where the package is installed.
    settings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    settings.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "fupin-bench-pyc"))
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        words = [str(c) for c in command]
        process = subprocess.Popen(words, stdout=said, stderr=errors, env=settings)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ACCEPTED:
            errors.seek(0)
            raise RuntimeError(f"{command}: {errors.read().decode(errors='replace')[-2000:]}")
        said.seek(0)
        last = said.read().strip().rsplit(b"\n", 1)[-1]
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    told = json.loads(last) if last.startswith(b"{") else {}
    return Run(seconds, usage.ru_maxrss / scale, told)


def worker(job: str, *arguments: str | Path) -> Run:
    """Run a job of `worker.py`."""
    return run([sys.executable, HERE / "worker.py", job, *arguments])


def ratio(of: Sequence[Run], to: Sequence[Run]) -> float:
    """Return the median ratio of runs that were made in turn, pair by pair: a slow
    minute is slow for both, and the odd one is not believed."""
    return median(a.seconds / b.seconds for a, b in zip(of, to, strict=True))


def best(*runs: Run) -> Run:
    """Return the least of each number: what disturbs a run only adds."""
    told = {k: min(r.told[k] for r in runs if k in r.told) for r in runs for k in r.told}
    return Run(min(r.seconds for r in runs), min(r.megabytes for r in runs), told)
