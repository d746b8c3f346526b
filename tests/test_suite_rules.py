"""Rules that the tests themselves keep."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from folders import ROOT

pytestmark = pytest.mark.unit

TESTS = ROOT / "tests"


def _imported(path: Path) -> set[str]:
    """First words of all modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_only_modules_of_the_kit_are_shared() -> None:
    """What two test modules use lies in tests/kit."""
    files = [path for path in TESTS.rglob("*.py") if "node_modules" not in path.parts]
    private = {path.stem for path in files if path.parent != TESTS / "kit"}
    wrong = {str(path.relative_to(ROOT)): sorted(_imported(path) & private) for path in files}
    assert {name: modules for name, modules in wrong.items() if modules} == {}
