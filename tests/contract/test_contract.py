"""The contract: stubs are fresh, breaking changes are caught, every field is explained."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import dev
from folders import ROOT

pytestmark = pytest.mark.unit

PROTO = ROOT / "proto" / "pantomatrix" / "v1"
COMPAT = ROOT / "proto" / "compat" / "nvidia_ace_compat"


def test_stubs_are_what_the_contract_generates(tmp_path: Path) -> None:
    with dev.stub_generator() as generator:
        for contract, package, target in dev.STUBS:
            dev.generate_stubs(generator, contract, package, tmp_path)
            fresh, committed = tmp_path / package, target / package
            made = sorted(path.name for path in fresh.iterdir())
            assert made == sorted(path.name for path in committed.glob("*_pb2*"))
            for name in made:
                same = (fresh / name).read_text() == (committed / name).read_text()
                assert same, f"{name} is stale: python3 dev.py stubs"
    assert not list((ROOT / "proto").rglob("*.py*")), "proto/ holds the contract, not its stubs"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("frames.proto", "bytes data = 3;", "bytes data = 4;"),
        ("options.proto", "uint64 seed = 3;", "int32 seed = 3;"),
        ("motion.proto", "rpc GenerateMotion", "rpc MakeMotion"),
    ],
)
def test_breaking_changes_are_caught(tmp_path: Path, file: str, old: str, new: str) -> None:
    shutil.copytree(ROOT / "proto", tmp_path / "proto")
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    command = [dev.tool("buf"), "breaking", "--against", str(dev.RECORDED)]
    subprocess.run(command, cwd=tmp_path, check=True)
    changed = tmp_path / "proto" / "pantomatrix" / "v1" / file
    text = changed.read_text()
    assert old in text
    changed.write_text(text.replace(old, new))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0


def test_the_recorded_contract_is_whole(tmp_path: Path) -> None:
    """What was added since holds from now on too."""
    dev.record_contract(tmp_path / "now.binpb")
    assert (tmp_path / "now.binpb").read_bytes() == dev.RECORDED.read_bytes(), "it has grown: python3 dev.py record"


@pytest.mark.parametrize("path", sorted((*PROTO.glob("*.proto"), *COMPAT.glob("*.proto"))), ids=lambda path: path.name)
def test_every_message_and_field_is_explained(path: Path) -> None:
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"^\s*(message|enum|service|rpc|oneof|[\w.]+ \w+ = \d|\w+ = \d|repeated|optional)\b", line):
            assert lines[number - 1].strip().startswith("//"), f"{path.name}:{number + 1} has no comment: {line}"
