"""python -m pantomatrix_tools.unity_face_maps engine_clients/unity: the face maps of pantomatrix_converters as the Unity
package's tables in C#, which are searched for the one that fits, and as assets that users copy."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from pantomatrix_converters.face.face_maps import face_map_names, load_face_map
from pantomatrix_converters.face_map import FaceMap

from . import unity_meta

TABLES, ASSETS = Path("Runtime/Unity/Face/Generated"), Path("Runtime/FaceMaps")
_FIRST_LINE = (
    "// Made by tools/pantomatrix_tools/unity_face_maps.py from pantomatrix_converters/face/maps. Do not edit."
)
_USES = ("no_shape", "always", "never")


def files(package: Path) -> dict[Path, str]:
    """The text of each, by its path in the package."""
    maps = {name: load_face_map(name) for name in face_map_names()}
    made = {TABLES / f"FacePreset{_camel(name)}.cs": _table(name, found) for name, found in maps.items()}
    made[TABLES / "FacePresetTables.cs"] = _list(list(maps))
    script = package / "Runtime/Unity/Face/FaceMap.cs"
    guid = re.search(r"^guid: (\w+)$", unity_meta.meta_of(script).read_text(encoding="utf-8"), re.MULTILINE)
    assert guid is not None
    made |= {ASSETS / f"{_file(found.name)}.asset": _asset(found, guid[1]) for found in maps.values()}
    return made


def write(package: Path) -> None:
    unity_meta.write(package)
    for path, text in files(package).items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, encoding="utf-8", newline="\n")
    unity_meta.write(package)


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _file(name: str) -> str:
    return re.sub(r"[^\w .-]", "", name)


def _number(value: float) -> str:
    return f"{value:g}"


def _list(names: list[str]) -> str:
    constants = "\n".join(f"            {_camel(name)}," for name in names)
    return f"""{_FIRST_LINE}
namespace PantoMatrix
{{
    static partial class FacePresetTables
    {{
        public static readonly string[] All =
        {{
{constants}
        }};
    }}
}}
"""


def _table(name: str, found: FaceMap) -> str:
    jaw, eyes = found.jaw, found.eyes
    lines = [
        ["name", found.name, found.about],
        ["jaw", jaw["when"], _number(jaw["open_degrees"]), _number(jaw["side_degrees"]), ",".join(jaw["bones"])],
        [
            *("eyes", eyes["when"], _number(eyes["yaw_degrees"]), _number(eyes["pitch_degrees"])),
            *(",".join(eyes["left"]), ",".join(eyes["right"])),
        ],
        *([curve, *map(_choice, choices)] for curve, choices in found.curves.items()),
    ]
    for line in lines:
        assert not any("|" in word or '"' in word or "\n" in word for word in line), line
    text = "\n".join("|".join(line) for line in lines)
    return f"""{_FIRST_LINE}
namespace PantoMatrix
{{
    static partial class FacePresetTables
    {{
        const string {_camel(name)} = @"
{text}
";
    }}
}}
"""


def _choice(shapes: dict[str, float]) -> str:
    assert not any(sign in shape for shape in shapes for sign in "=+,"), shapes
    return "+".join(shape if gain == 1 else f"{shape}={_number(gain)}" for shape, gain in shapes.items())


def _asset(found: FaceMap, script: str) -> str:
    """As Unity writes a ScriptableObject in text."""
    rows = [
        (curve, shape, gain, number)
        for curve, choices in found.curves.items()
        for number, choice in enumerate(choices)
        for shape, gain in choice.items()
    ]
    lines = [
        "%YAML 1.1",
        "%TAG !u! tag:unity3d.com,2011:",
        "--- !u!114 &11400000",
        "MonoBehaviour:",
        "  m_ObjectHideFlags: 0",
        "  m_CorrespondingSourceObject: {fileID: 0}",
        "  m_PrefabInstance: {fileID: 0}",
        "  m_PrefabAsset: {fileID: 0}",
        "  m_GameObject: {fileID: 0}",
        "  m_Enabled: 1",
        "  m_EditorHideFlags: 0",
        f"  m_Script: {{fileID: 11500000, guid: {script}, type: 3}}",
        f"  m_Name: {_file(found.name)}",
        "  m_EditorClassIdentifier: ",
        "  Rows:",
    ]
    for curve, shape, gain, number in rows:
        lines += [f"  - Curve: {curve}", f"    Shape: {_text(shape)}", f"    Gain: {_number(gain)}", "    Offset: 0"]
        lines.append(f"    Choice: {number}")
    lines += ["  Jaw:", f"    Use: {_USES.index(found.jaw['when'])}", *_names("Bones", found.jaw["bones"])]
    lines += [f"    OpenDegrees: {_number(found.jaw['open_degrees'])}"]
    lines += [f"    SideDegrees: {_number(found.jaw['side_degrees'])}"]
    lines += ["  Eyes:", f"    Use: {_USES.index(found.eyes['when'])}"]
    lines += [*_names("Left", found.eyes["left"]), *_names("Right", found.eyes["right"])]
    lines += [f"    YawDegrees: {_number(found.eyes['yaw_degrees'])}"]
    lines += [f"    PitchDegrees: {_number(found.eyes['pitch_degrees'])}"]
    return "\n".join(lines) + "\n"


def _names(field: str, names: list[str]) -> list[str]:
    return [f"    {field}: []"] if not names else [f"    {field}:", *(f"    - {_text(name)}" for name in names)]


def _text(name: str) -> str:
    """A YAML scalar; Unity escapes what is not ASCII. Single letters are quoted: YAML reads some of them as yes or no."""
    return name if re.fullmatch(r"[A-Za-z_][\w. -]*[\w]", name, re.ASCII) else json.dumps(name)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
