"""What the C++ client and the Unreal plugin are built with, as `.ci/run` installs it."""

from __future__ import annotations

import os
import shutil
import subprocess


def can_build(*libraries: str) -> bool:
    """Whether CMake, a compiler, protoc and these libraries of pkg-config's are there."""
    programs = ("cmake", "ninja", "g++", "protoc", "pkg-config")
    return all(map(shutil.which, programs)) and not any(
        subprocess.run(["pkg-config", "--exists", library]).returncode for library in libraries
    )


def run(*command: str, **environment: str) -> str:
    """What a program prints; its failure is the test's."""
    # The other processors have tests of their own.
    environment = {**os.environ, "CMAKE_BUILD_PARALLEL_LEVEL": "1", **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=800)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    return done.stdout + done.stderr
