"""The command `pantomatrix`: in this process, or as users run it."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from typer.testing import CliRunner

from pantomatrix_cli import app


def run(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in this process, which saves the start of another. What it leaves behind in the process is undone.

    Where a process itself is tested (its imports, signals, pipes, what it reads once from its environment), and for
    commands that run until they are stopped, `run_process` is the one to take.
    """
    arguments = list(map(str, words))
    with contextlib.chdir(cwd or Path.cwd()), _as_at_the_start():
        result = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


@contextlib.contextmanager
def _as_at_the_start() -> Iterator[None]:
    """Logging that nobody has set up, empty caches of the command, and a torch's random numbers and threads given back."""
    root, own = logging.getLogger(), logging.getLogger("pantomatrix")
    handlers, levels = root.handlers, (root.level, own.level)
    root.handlers = []
    _clear_caches()
    torch = sys.modules.get("torch")
    random, threads = (torch.get_rng_state(), torch.get_num_threads()) if torch else (None, 0)
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(levels[0])
        own.setLevel(levels[1])
        _clear_caches()
        if torch and random is not None:
            torch.set_rng_state(random)
            torch.set_num_threads(threads)


def _clear_caches() -> None:
    """What the command's modules remember of files, which a second run must read again."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith("pantomatrix_cli."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def command(*words: object) -> list[str]:
    """What starts it as a process."""
    return [sys.executable, "-m", "pantomatrix_cli", *map(str, words)]


def run_process(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        command(*words), cwd=cwd, capture_output=True, text=True, timeout=120, env={**os.environ, **environment}
    )


def fails(
    *words: object, code: int = 2, run: Callable[..., subprocess.CompletedProcess[str]] = run, **more: str
) -> str:
    """The one line that it says."""
    result = run(*words, **more)
    assert result.returncode == code, result.stderr
    lines = [line for line in result.stderr.splitlines() if not line.startswith("note:")]
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    return lines[0]
