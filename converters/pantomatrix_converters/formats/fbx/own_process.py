"""FBX is read and written in processes of their own: a hostile file may bring one down, and Blender keeps state."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ...errors import (
    FormatError,
    InvalidInputError,
    LimitError,
    OutputError,
    PantomatrixError,
    UnknownNameError,
    UnsupportedError,
)

_ERRORS: dict[str, type[PantomatrixError]] = {
    error.__name__: error
    for error in (FormatError, InvalidInputError, LimitError, OutputError, UnknownNameError, UnsupportedError)
}
REFUSED = 3
"""Exit code of a child that says on its last line, as JSON, why it refuses."""


class ProcessError(Exception):
    """The process died, or took too long; the message ends a sentence that begins with what it did."""


def run_python(module: str, arguments: list[str | Path], seconds: float) -> None:
    """Run a module of this package. Raises ProcessError, or the error that the child reports by `refuse`."""
    _run([sys.executable, "-P", "-m", f"{__package__}.{module}", *map(str, arguments)], seconds)


def run_blender(module: str, arguments: list[str | Path], seconds: float) -> None:
    """Run a module of this package that needs Blender: in the package bpy, else in an installed Blender. Raises what
    `run_python` does."""
    if find_spec("bpy") is not None:
        run_python(module, arguments, seconds)
        return
    program = shutil.which("blender")
    if program is None:
        raise ProcessError("neither the package bpy nor the program blender is installed")
    script = str(Path(__file__).with_name(f"{module}.py"))
    quiet = ["--background", "--factory-startup", "--python-exit-code", "1"]
    _run([program, *quiet, "--python", script, "--", *map(str, arguments)], seconds, blender_environment(program))


def blender_environment(program: str) -> dict[str, str]:
    """For an installed Blender. It takes the first Python in PATH for its own, as Debian's does, whose packages are others
    where pyenv or conda is in front."""
    return {**os.environ, "PATH": os.pathsep.join((str(Path(program).parent), os.environ.get("PATH", "")))}


def has_blender() -> bool:
    """Whether something can run what needs Blender."""
    return find_spec("bpy") is not None or shutil.which("blender") is not None


def refuse(error: PantomatrixError) -> None:
    """In the child: end with an error that the parent raises."""
    given = [error.kind, error.name, error.valid] if isinstance(error, UnknownNameError) else [str(error)]
    print(json.dumps({"error": type(error).__name__, "given": given}))
    sys.stdout.flush()
    os._exit(REFUSED)


def _run(command: list[str], seconds: float, environment: Mapping[str, str] = os.environ) -> None:
    # One thread: numpy's own reserve address space for each, which counts against the limit on memory.
    environment = {**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise ProcessError(f"did not finish within {seconds:g} s") from None
    if done.returncode == REFUSED:
        said = json.loads(done.stdout.strip().splitlines()[-1])
        raise _ERRORS[said["error"]](*said["given"])
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ProcessError(_died(done.returncode) if done.returncode < 0 or not lines else lines[-1])


def _died(code: int) -> str:
    if code < 0:
        return f"died of {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"died of signal {-code}"
    return f"ended with code {code}"
