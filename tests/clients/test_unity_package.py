"""The Unity package as Unity's package manager reads it: its manifest, a .meta with a lasting GUID beside every file, sizes."""

from __future__ import annotations

import json
import re

import pytest

import unity_guids
from pantomatrix_converters.version import __version__
from pantomatrix_tools import unity_meta
from unity_guids import PACKAGE

pytestmark = pytest.mark.client

MOST_BYTES = 1_000_000


def test_manifest() -> None:
    package = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+){2,}", package["name"])
    assert package["version"] == __version__
    assert package["unity"] == "2022.3"
    assert package["displayName"]
    assert len(package["description"]) > 50
    assert all(re.fullmatch(r"com\.unity\.modules\.\w+", name) for name in package["dependencies"]), (
        "no others: those are downloads"
    )
    assert all(package[name].startswith("https://") for name in package if name.endswith("Url"))


def test_every_file_has_a_meta_and_no_meta_is_left_over() -> None:
    paths = list(unity_meta.assets(PACKAGE))
    guids = [unity_guids.guid_of(path) for path in paths]
    assert len(set(guids)) == len(paths)
    metas = {path for path in PACKAGE.rglob("*.meta") if not any(part.endswith("~") for part in path.parts)}
    assert metas == {unity_meta.meta_of(path) for path in paths}


def test_no_guid_has_changed() -> None:
    recorded, present = unity_guids.recorded(), unity_guids.present()
    lost = {path: guid for guid, path in recorded.items() if guid not in present}
    assert not lost, "scenes that refer to these lose them"
    assert not {path for guid, path in present.items() if guid not in recorded}, (
        "python tests/kit/unity_guids.py records them"
    )


def test_no_file_is_large() -> None:
    assert not [path for path in PACKAGE.rglob("*") if path.is_file() and path.stat().st_size > MOST_BYTES]
