"""Face maps: which of a character's shapes ARKit's curves move, as JSON that people copy and edit.

{"name": ..., "about": ..., "origin": [where the names were read],
 "curves": {"jawOpen": {"Jaw_Open": 1}, "eyeBlinkLeft": [{"Eye_Blink_L": 1}, {"Eye_Blink": 0.5}], ...},
 "jaw": {"when": "no_shape", "bones": [...], "open_degrees": 25, "side_degrees": 8},
 "eyes": {"when": "no_shape", "left": [...], "right": [...], "yaw_degrees": 30, "pitch_degrees": 20}}

A curve moves shapes by gains. Several choices in a list: the first that a mesh has. Shapes are found in any spelling. A
shape's weight is the sum of what moves it. jaw, eyes: bones, by the names that the character may have for them; when they
turn is "no_shape" (where no shape does the same), "always" or "never".
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ..errors import FormatError, InvalidInputError, UnknownNameError
from ..face_map import FaceMap
from .rigs import ARKIT_TONGUE

_DERIVED = """
vowelA vowelI vowelU vowelE vowelO mouthOpen lipsShut
visemeSil visemePP visemeFF visemeTH visemeDD visemeKK visemeCH visemeSS visemeNN visemeRR
visemeAA visemeE visemeIH visemeOH visemeOU
joy anger sorrow surprise
"""
DERIVED_CURVES = tuple(_DERIVED.split())
"""What is made of ARKit's curves for faces that have vowels, visemes or feelings instead."""

_DATA = resources.files("pantomatrix_converters") / "face" / "maps"
_MOST_BYTES = 16 << 20
_MOST_GAIN = 1e3
_USES = ("no_shape", "always", "never")
_JAW = {"when": str, "bones": list, "open_degrees": float, "side_degrees": float}
_EYES = {"when": str, "left": list, "right": list, "yaw_degrees": float, "pitch_degrees": float}


@cache
def face_map_names() -> tuple[str, ...]:
    return tuple(sorted(file.name.removesuffix(".json") for file in _DATA.iterdir() if file.name.endswith(".json")))


def load_face_map(name: str) -> FaceMap:
    """One that comes with the package, by the name of its file. Raises UnknownNameError."""
    return parse_face_map(face_map_text(name), name)


def face_map_text(name: str) -> str:
    """The JSON of one that comes with the package, to be copied and edited. Raises UnknownNameError."""
    if name not in face_map_names():
        raise UnknownNameError("face map", name, face_map_names())
    return (_DATA / f"{name}.json").read_text(encoding="utf-8")


def find_face_map(word: str) -> FaceMap:
    """One that comes with the package, by its name, or a user's own file. Raises InvalidInputError, FormatError,
    UnknownNameError."""
    path = Path(word)
    if word in face_map_names() or not (path.suffix or path.exists()):
        return load_face_map(word)
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInputError(f"{word}: {error.strerror or error}") from None
    if len(data) > _MOST_BYTES:
        raise FormatError(f"{word}: more than {_MOST_BYTES >> 20} MiB, which is too large for a face map")
    return parse_face_map(data.decode("utf-8-sig", "replace"), word)


def parse_face_map(text: str, source: str) -> FaceMap:
    """source: the file's name, for messages. Raises FormatError."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"{source} line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise FormatError(f"{source}: nested too deeply") from None
    if not isinstance(data, dict) or not isinstance(data.get("curves"), dict):
        raise FormatError(f"{source}: expected an object with curves")
    curves = {curve: _choices(curve, value, source) for curve, value in data["curves"].items()}
    return FaceMap(
        name=str(data.get("name", source)),
        about=str(data.get("about", "")),
        origin=tuple(map(str, data.get("origin", ()))),
        curves=curves,
        jaw=_bone(data.get("jaw", {"when": "never"}), _JAW, f"{source}: jaw"),
        eyes=_bone(data.get("eyes", {"when": "never"}), _EYES, f"{source}: eyes"),
    )


def _choices(curve: str, value: object, source: str) -> tuple[dict[str, float], ...]:
    if curve not in ARKIT_TONGUE.curve_names and curve not in DERIVED_CURVES:
        raise FormatError(f"{source}: {curve!r} is not a curve of ARKit's, of the tongue's or derived from them")
    choices: list[dict[str, float]] = []
    for choice in value if isinstance(value, list) else [value]:
        if not isinstance(choice, dict) or not choice or not all(map(_is_number, choice.values())):
            raise FormatError(f"{source}: {curve} is {choice!r}, expected shapes with their gains")
        choices.append({str(shape): float(gain) for shape, gain in choice.items()})
    return tuple(choices)


def _bone(value: object, fields: dict[str, type], where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.get("when") not in _USES:
        raise FormatError(f'{where}: expected an object, its "when" one of {", ".join(_USES)}')
    bone: dict[str, Any] = {}
    for name, kind in fields.items():
        given = value.get(name, kind())
        if not (_is_number(given) if kind is float else isinstance(given, kind)):
            raise FormatError(f"{where}: {name} is {given!r}")
        bone[name] = float(given) if kind is float else given
    return bone


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _MOST_GAIN
