"""Face maps on characters: which is chosen for real characters' names, and that names of other things move nothing."""

from __future__ import annotations

import json

import numpy as np
import pytest

from command_line import run
from folders import DATA
from pantomatrix_converters.errors import FormatError, InvalidInputError, UnknownNameError
from pantomatrix_converters.face.derived_curves import derived_curves
from pantomatrix_converters.face.face_maps import DERIVED_CURVES, face_map_names, find_face_map, load_face_map
from pantomatrix_converters.face.map_choice import choose_map, map_on
from pantomatrix_converters.face.rigs import ARKIT52

pytestmark = pytest.mark.unit

CHARACTERS = json.loads((DATA / "face_names.json").read_text(encoding="utf-8"))
SHAPES = {
    character["name"]: [
        character["meshes"][names] if isinstance(names, str) else names for names in character["meshes"].values()
    ]
    for character in CHARACTERS
}
OF_BONES = ("eyeLook", "jaw")


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def short(name: str) -> str:
    for side in ("Left", "Right"):
        if name.endswith(side):
            return f"{name.removesuffix(side)}_{side[0]}"
    return name


def side_first(name: str) -> str:
    for side in ("Left", "Right"):
        if name.endswith(side):
            return f"{side.lower()}_{name.removesuffix(side)}"
    return name


SPELLINGS = {
    "as it is": str,
    "capital": lambda name: name[0].upper() + name[1:],
    "sides in short": short,
    "snake": snake,
    "snake in short": lambda name: snake(short(name)).replace("__", "_"),
    "upper snake": lambda name: snake(name).upper(),
    "spaces": lambda name: snake(name).replace("_", " "),
    "lower": str.lower,
    "a node": lambda name: f"blendShape1.{name}",
    "a node and in short": lambda name: f"head_blendShape.{short(name)}",
    "a point before the side": lambda name: short(name).replace("_L", ".L").replace("_R", ".R"),
    "a mesh": lambda name: f"Face_{name}",
    "two words": lambda name: f"Body_Head_{snake(name)}",
    "a figure": lambda name: f"Genesis8Female__{name}",
    "a number of Blender": lambda name: f"{name}.001",
    "side first": side_first,
}


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda character: character["name"])
def test_characters(character: dict) -> None:
    """The map that Unity's package chooses, with as many curves; those that bones move there are none of the shapes'."""
    chosen = choose_map(SHAPES[character["name"]])
    assert chosen is not None
    assert chosen.name == character["map"]
    still = [curve for curve in chosen.missing if not curve.startswith(OF_BONES)]
    speaks = 27 if chosen.derived else 0
    assert len(ARKIT52.curve_names) - len(still) >= min(character["curves"], 52 - speaks)
    assert len(chosen.derived) >= character.get("derived", 0)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings(spelling: str) -> None:
    chosen = choose_map([[SPELLINGS[spelling](name) for name in ARKIT52.curve_names]])
    assert chosen is not None
    assert (chosen.name, chosen.missing) == ("ARKit", ())
    assert all(link.other < 0 for link in chosen.links)


def test_misleading_names_move_nothing() -> None:
    assert choose_map([]) is None
    assert choose_map([[]]) is None
    assert choose_map([["Open", "Fat", "Thin", "Muscle", "Happy", "Blink_Speed", "Wide", ""]]) is None
    assert choose_map([["A", "B", "C", "Open", "Sleeve_Left", "Sleeve_Right"]]) is None
    coat, face, lashes = ["A", "E", "Open", "Left", "Right"], ["A", "I", "U", "E", "O", "blink", "wide"], ["blink"]
    chosen = choose_map([coat, face, lashes])
    assert chosen is not None
    assert {link.mesh for link in chosen.links} == {1, 2}


def test_of_two_spellings_one_moves() -> None:
    chosen = choose_map([[*map(snake, ARKIT52.curve_names), "JawOpen"]])
    assert chosen is not None
    assert chosen.missing == ()
    assert [(link.row.curve, link.other) for link in chosen.links if link.other >= 0] == [("jawOpen", 52)]


def test_every_map_fits_itself() -> None:
    """A mesh that has all shapes of a map is moved by all its curves."""
    for name in face_map_names():
        face_map = load_face_map(name)
        shapes = sorted({shape for choices in face_map.curves.values() for choice in choices for shape in choice})
        assert map_on(face_map, [shapes]).moved == face_map.curves.keys(), name


def test_derived_curves() -> None:
    """Vowels by how open, round and spread the lips are; shares that never exceed the whole."""
    faces = np.random.default_rng(3).random((4000, 52)) ** 3
    found = derived_curves(faces)
    assert tuple(found) == DERIVED_CURVES
    total = {
        kind: sum(values for name, values in found.items() if name.startswith(kind)) for kind in ("vowel", "viseme")
    }
    np.testing.assert_allclose(total["viseme"], 1, atol=1e-9)
    assert total["vowel"].max() <= 1 + 1e-9
    assert min(values.min() for values in found.values()) >= 0

    def said(**curves: float) -> dict[str, float]:
        face = np.zeros((1, 52))
        for name, value in curves.items():
            for at, curve in enumerate(ARKIT52.curve_names):
                if curve in (name, f"{name}Left", f"{name}Right"):
                    face[0, at] = value
        return {name: float(values[0]) for name, values in derived_curves(face).items()}

    assert said(jawOpen=0.8)["vowelA"] == pytest.approx(1)
    assert said()["visemeSil"] == pytest.approx(1)
    assert said(mouthPress=0.4)["lipsShut"] == pytest.approx(1)
    assert said(mouthPucker=0.8, jawOpen=0.1)["vowelU"] > 0.9
    assert said(mouthPucker=0.6, jawOpen=0.6)["vowelO"] > 0.9
    assert said(mouthStretch=0.5, jawOpen=0.25)["vowelI"] > said(mouthStretch=0.5, jawOpen=0.5)["vowelI"]
    assert said(cheekSquint=0.6, mouthSmile=0.7)["joy"] == pytest.approx(1)
    assert said(mouthSmile=0.7)["joy"] == 0


def test_found_by_name_or_path(tmp_path) -> None:
    path = tmp_path / "mine.json"
    assert find_face_map("arkit").name == "ARKit"
    path.write_text('\ufeff{"name": "mine", "curves": {"jawOpen": {"Maul": 1}}}', encoding="utf-8")
    assert find_face_map(str(path)).name == "mine"
    with pytest.raises(UnknownNameError, match="arkit"):
        find_face_map("arkitt")
    with pytest.raises(InvalidInputError, match="none.json"):
        find_face_map(str(tmp_path / "none.json"))
    for text in ("[" * 100_000, '{"curves": {"jawOpen": {"a": 1e999}}}', "\x00"):
        path.write_text(text)
        with pytest.raises(FormatError):
            find_face_map(str(path))


def test_command(tmp_path) -> None:
    listed = run("face-maps")
    assert all(name in listed.stdout for name in face_map_names())
    printed = run("face-maps", "vrm")
    assert json.loads(printed.stdout)["curves"].keys() == load_face_map("vrm").curves.keys()
    wrong = run("face-maps", "nobody")
    assert wrong.returncode == 2
    assert wrong.stderr.count("\n") == 1
