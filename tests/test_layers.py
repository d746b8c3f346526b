"""What import-linter does not say: no two files know each other, no package outgrows the others, no file is too long."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from folders import ROOT

pytestmark = pytest.mark.unit

PACKAGES = {
    "cli": "cli",
    "client": "engine_clients/python",
    # A layer of its own inside the converters, which import-linter keeps apart.
    "formats": "converters/pantomatrix_converters/formats",
    "converters": "converters",
    "models": "models",
    "research": "research",
    "server": "server",
    "tools": "tools",
    "viewer": "viewer",
}
OTHER_CLIENTS = tuple(f"engine_clients/{name}" for name in ("blender", "cpp", "unity", "unreal", "web"))
CODE = (".py", ".js", ".mjs", ".ts", ".cc", ".cpp", ".cs", ".h")
MOST_LINES = 400
LARGEST_SHARE = 0.3


def product_files(*endings: str, folders: Iterable[str] = PACKAGES.values()) -> list[Path]:
    """Files of ours under version control: nothing generated, nobody else's, no tests."""
    tracked = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / line for line in tracked.stdout.splitlines()]
    paths = [path for path in paths if path.suffix in endings and "_pb2" not in path.name]
    return [path for path in paths if not {"vendor", "generated", "Generated", "tests", "Tests~"} & set(path.parts)]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def module_name(path: Path) -> str:
    home = next(ROOT / folder for folder in PACKAGES.values() if path.is_relative_to(ROOT / folder))
    return ".".join(path.relative_to(home).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, name: str, known: set[str]) -> set[str]:
    """Modules of ours that a file names in any import: for types alone and inside functions too."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {member if (member := f"{base}.{alias.name}") in known else base for alias in node.names}
    return found & known - {name}


def test_no_two_files_know_each_other() -> None:
    files = {module_name(path): path for path in product_files(".py")}
    try:
        TopologicalSorter({name: imported(path, name, set(files)) for name, path in files.items()}).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]), pytrace=False)


def test_nothing_that_is_installed_needs_what_is_not() -> None:
    """`tools` makes files that the packages ship; it is in no wheel."""
    tools = {module_name(path) for path in product_files(".py") if path.is_relative_to(ROOT / "tools")}
    others = {module_name(path): path for path in product_files(".py") if module_name(path) not in tools}
    assert tools
    assert not [name for name, path in others.items() if imported(path, name, tools)]


def test_no_package_outgrows_the_others() -> None:
    sizes = dict.fromkeys(PACKAGES, 0)
    for path in product_files(".py", ".js", ".css", ".html"):
        sizes[next(name for name, folder in PACKAGES.items() if path.is_relative_to(ROOT / folder))] += lines(path)
    largest = max(sizes, key=lambda name: sizes[name])
    assert sizes[largest] <= LARGEST_SHARE * sum(sizes.values()), sizes


def test_no_file_is_too_long() -> None:
    files = product_files(*CODE, folders=(*PACKAGES.values(), *OTHER_CLIENTS))
    assert {path.suffix for path in files} >= {".py", ".js", ".ts", ".cc", ".cpp", ".cs", ".h"}
    assert {str(path.relative_to(ROOT)): lines(path) for path in files if lines(path) > MOST_LINES} == {}
