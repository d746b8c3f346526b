"""What a file is that no format reads, as far as its first bytes tell, and what would be right in its place."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable

_TABLE_BYTES, _JSON_BYTES = 1 << 16, 1 << 24
_MOST_NAMES = 8
_NAMES = 'np.savez("take.npz", poses=..., trans=..., mocap_frame_rate=...) is read'
SOUND = "it is sound: `pantomatrix generate` makes a motion of it"

_BEGINNINGS: dict[bytes, str] = {
    b"\x93NUMPY": f"it is one NumPy array without a name; {_NAMES}",
    **{
        b"\x80" + bytes([version]): f"it is a Python pickle, which is never loaded; {_NAMES}"
        for version in (2, 3, 4, 5)
    },
    b"version https://git-lfs.": "it is Git LFS's pointer to the file; `git lfs pull` brings the file itself",
    b"BLENDER": "it is Blender's own file; export it as .glb, .bvh or .fbx",
    b"Vocaloid Motion Data": "it is MikuMikuDance's motion; convert it to .bvh, .glb or .vrma first",
    b"PXR-USDC": "USD is only written; export it as .glb or .bvh",
    b"#usda": "USD is only written; export it as .glb or .bvh",
    b"\x89HDF": "it is an HDF5 file; write its arrays as .npz",
    b"fLaC": SOUND,
    b"OggS": SOUND,
    b"ID3": SOUND,
    b"RIFF": SOUND,
}
_CONTAINED: dict[bytes, str] = {
    b"xl/workbook": "it is a spreadsheet; save it as CSV",
    b"content.xml": "it is a spreadsheet or a text; save it as CSV",
    b"data.pkl": f"it is a file of PyTorch's; {_NAMES}",
}
"""In archives: a name in it -> what it is."""


def what_it_is(data: bytes) -> str:
    """One clause, empty if nothing can be said."""
    for beginning, told in _BEGINNINGS.items():
        if data.startswith(beginning):
            return told
    if data.startswith(b"PK\x03\x04"):
        ends = data[:_TABLE_BYTES] + data[-_TABLE_BYTES:]
        told = (told for contained, told in _CONTAINED.items() if contained in ends)
        return next(told, "it is an archive without arrays as .npz has them, or a damaged one")
    text = data[:_TABLE_BYTES].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    kinds: tuple[Callable[[str, bytes], str], ...] = (_json, _table)
    return next((told for kind in kinds if (told := kind(text, data))), "")


def _json(text: str, data: bytes) -> str:
    if not text.startswith(("{", "[")):
        return ""
    if len(data) > _JSON_BYTES:
        return "it is JSON of no layout that is known"
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return "it begins like JSON, but is none"
    shape = f"the keys {_named(list(document))}" if isinstance(document, dict) else "a list"
    return (
        f"it is JSON with {shape}; a motion has joint_names, rotations_xyzw and root_translation, a face names and frames "
        "with weights, or Audio2Face's facsNames and weightMat"
    )


def _table(text: str, data: bytes) -> str:
    del data
    first = text.splitlines()[0] if text else ""
    separator = max(",;\t", key=first.count)
    if first.count(separator) < 2 or (not first.isprintable() and separator != "\t"):
        return ""
    header = [cell.strip() for cell in next(csv.reader([first], delimiter=separator))]
    if header[:2] == ["frame", "seconds"]:
        return "it is our own table for spreadsheets, which is only written; convert the file that it was made from"
    if all(_is_number(cell) for cell in header):
        return "it is a table whose first line is numbers; a face has ARKit's names there: JawOpen, EyeBlinkLeft, ..."
    if any(cell.startswith("AU") and cell.endswith("_r") for cell in header):
        return "it is a table of action units as OpenFace writes them, which are no blendshapes; ARKit's names are read"
    return (
        f"it is a table with the columns {_named(header)}; a face has ARKit's names there: JawOpen, EyeBlinkLeft, ..., "
        "and Timecode"
    )


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(repr(str(name)[:40])[1:-1] for name in names[:_MOST_NAMES]) + more


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
