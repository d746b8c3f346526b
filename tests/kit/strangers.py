"""Readers that other people wrote, run on files of ours. Node's come from package.json, which `dev.py test` installs."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from folders import ROOT

FOLDER = ROOT / "tests" / "strangers"
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(
    NODE is None or not (FOLDER / "node_modules").exists(), reason="Node or tests/strangers/node_modules is missing"
)


def run_node(script: str, *arguments: object) -> Any:
    """What a script of this folder prints as JSON."""
    assert NODE is not None
    command = [NODE, str(FOLDER / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
