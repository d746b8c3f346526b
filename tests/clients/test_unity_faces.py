"""Faces in Unity without Unity: what is chosen for real characters' names, what is written to their shapes, bones and expressions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import unity_assemblies
from folders import DATA, ROOT
from pantomatrix_converters.errors import FormatError
from pantomatrix_converters.face.derived_curves import derived_curves
from pantomatrix_converters.face.face_maps import DERIVED_CURVES, face_map_names, load_face_map, parse_face_map
from pantomatrix_converters.face.rigs import ARKIT52, ARKIT_TONGUE
from pantomatrix_tools import unity_face_maps
from unity_programs import RUNTIMES, SOURCES, Program, build, built

UNITY = ROOT / "engine_clients" / "unity"
CHARACTERS = json.loads((DATA / "face_names.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.client


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    target = replace(unity_assemblies.PLAYER, packages={"com.vrmc.vrm": "0.131.1", "com.vrmc.univrm": "0.131.1"})
    build(target, "FaceTests", list((SOURCES / "Faces").glob("*.cs")), folder)
    return folder


@pytest.fixture(params=RUNTIMES)
def faces(request: pytest.FixtureRequest, compiled: Path) -> Program:
    """The tests of faces."""
    return built("FaceTests", request.param, compiled)


def test_tables_and_assets_are_made_from_the_maps() -> None:
    for path, text in unity_face_maps.files(UNITY).items():
        assert (UNITY / path).read_text(encoding="utf-8") == text, "python -m pantomatrix_tools.unity_face_maps"
    made = {path.name for path in unity_face_maps.files(UNITY)}
    for folder in (unity_face_maps.TABLES, unity_face_maps.ASSETS):
        assert {path.name for path in (UNITY / folder).iterdir() if path.suffix != ".meta"} <= made


def test_assets_have_the_fields_of_the_classes() -> None:
    folder = UNITY / "Runtime" / "Unity" / "Face"
    code = "".join(
        (folder / f"{name}.cs").read_text(encoding="utf-8") for name in ("FaceMap", "FaceMapRow", "FaceBones")
    )
    declared = re.findall(
        r"^        public [\w<>]+ (\w[^;({=]*);$", re.sub(r" = new [\w<>]+\(\)| = \d+", "", code), re.M
    )
    fields = {name.strip() for names in declared for name in names.split(",")}
    for path in (UNITY / unity_face_maps.ASSETS).glob("*.asset"):
        keys = set(
            re.findall(
                r"^ *(?:- )?([A-Z]\w+):", path.read_text(encoding="utf-8").split("m_EditorClassIdentifier")[1], re.M
            )
        )
        assert keys == fields, path.name


def test_maps() -> None:
    assert len(face_map_names()) >= 20
    names = [load_face_map(name).name for name in face_map_names()]
    assert len(set(names)) == len(names)
    for name in face_map_names():
        found = load_face_map(name)
        assert found.origin, name
        assert found.curves.keys() <= {*ARKIT_TONGUE.curve_names, *DERIVED_CURVES}
        assert all(
            -1.0 <= gain <= 1.0 and gain for one in found.curves.values() for choice in one for gain in choice.values()
        )


def test_curves_are_the_same_in_both_languages() -> None:
    text = (UNITY / "Runtime" / "Unity" / "Face" / "FaceCurves.cs").read_text(encoding="utf-8")
    arkit, derived = (re.findall(r'"(\w+)"', block) for block in re.findall(r"new\[\]\s*\{(.*?)\};", text, re.DOTALL))
    assert tuple(arkit) == ARKIT52.curve_names
    assert tuple(derived) == DERIVED_CURVES


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "line 1"),
        ("[]", "an object with curves"),
        ('{"curves": {"jawopen": {"A": 1}}}', "'jawopen' is not a curve"),
        ('{"curves": {"jawOpen": "Jaw_Open"}}', "expected shapes with their gains"),
        ('{"curves": {"jawOpen": [{"A": true}]}}', "expected shapes with their gains"),
        ('{"curves": {}, "jaw": {"when": "sometimes"}}', "jaw: expected an object"),
        ('{"curves": {}, "eyes": {"when": "always", "left": "LeftEye"}}', "eyes: left is 'LeftEye'"),
    ],
)
def test_what_is_wrong_with_a_map_is_told(text: str, complaint: str) -> None:
    with pytest.raises(FormatError, match=re.escape(complaint)):
        parse_face_map(text, "mine.json")


def test_characters(faces: Program, tmp_path: Path) -> None:
    """The map that fits is chosen, and moves what the character has."""
    lines = []
    for character in CHARACTERS:
        lines.append(f"character {character['name']}")
        for mesh, shapes in character["meshes"].items():
            names = character["meshes"][shapes] if isinstance(shapes, str) else shapes
            lines += [f"mesh {mesh}", *(f"shape {name}" for name in names)]
        lines += [f"bone {name}" for name in character.get("bones", ())]
    (tmp_path / "characters").write_text("\n".join([*lines, "character end"]), encoding="utf-8")
    printed = faces.run("characters", tmp_path / "characters").splitlines()[:-1]
    found = {}
    for line in printed:
        name, chosen, curves, derived, _ = line.split("|")
        found[name] = (chosen, int(curves), int(derived))
    assert len(found) == len(CHARACTERS) >= 15
    for character in CHARACTERS:
        chosen, curves, derived = found[character["name"]]
        assert chosen == character["map"], character["name"]
        assert curves >= character["curves"], character["name"]
        assert derived >= character.get("derived", 0), character["name"]


@pytest.mark.parametrize("test", ["spelling", "misleading", "mouth", "bones", "vrm", "own face"])
def test_faces(faces: Program, test: str) -> None:
    assert faces.run(test) == f"{test} ok\n"


def test_what_is_written(faces: Program) -> None:
    printed = faces.run("applies")
    assert printed == "applies ok, nothing allocated\n" or (faces.runtime.name == "mono" and printed == "applies ok\n")


def test_visemes_are_those_of_the_converters(faces: Program, tmp_path: Path) -> None:
    """Vowels, visemes and feelings, by both languages, from the same curves."""
    curves = np.random.default_rng(8).random((300, len(ARKIT52.curve_names))).astype(np.float32) ** 3
    np.savetxt(tmp_path / "curves", curves, fmt="%.9g")
    faces.run("visemes", tmp_path / "curves", tmp_path / "derived")
    found = derived_curves(curves)
    np.testing.assert_allclose(np.loadtxt(tmp_path / "derived"), np.stack(list(found.values()), axis=1), atol=1e-5)
