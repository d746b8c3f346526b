"""How long the command line takes to start; the fastest of the repeats after a warm-up."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPEATS = 7
SPEECH = Path(__file__).resolve().parents[1] / "examples" / "speech.wav"


def fastest(*words: str) -> float:
    command = [sys.executable, "-m", "pantomatrix_cli", *words]
    times = []
    for _ in range(REPEATS + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return min(times[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        take, bvh = f"{folder}/take.npz", f"{folder}/take.bvh"
        print(f"command line, fastest of {REPEATS}")
        print(f"pantomatrix --version          {fastest('--version'):.2f} s")
        print(f"pantomatrix generate (11 s)    {fastest('generate', str(SPEECH), '-o', take, '--force'):.2f} s")
        print(f"pantomatrix convert (11 s)     {fastest('convert', take, '-o', bvh, '--force'):.2f} s")


if __name__ == "__main__":
    main()
