"""The command `pantomatrix`, run as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pantomatrix_cli", *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )


def fails(*words: object, code: int = 2) -> str:
    """The one line that it says."""
    result = run(*words)
    assert result.returncode == code, result.stderr
    lines = [line for line in result.stderr.splitlines() if not line.startswith("note:")]
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    return lines[0]
