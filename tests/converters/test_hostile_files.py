"""Files of every format with bytes and values changed: one line of an error, never another exception, never much memory."""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions import random_motion
from pantomatrix_converters.errors import FormatError, PantomatrixError
from pantomatrix_converters.formats import FORMATS, ReadLimits, decode_motion, encode_motion
from pantomatrix_converters.skeleton import Skeleton

pytestmark = pytest.mark.unit

LIMITS = ReadLimits(max_bytes=1 << 22, max_frames=2000)


def small_files() -> dict[str, bytes]:
    motion = random_motion(2)
    arm = Skeleton.build("arm", ("root", "upper", "lower"), (-1, 0, 1), np.eye(3))
    small = replace(motion, skeleton=arm, rotations_xyzw=motion.rotations_xyzw[:, :3])
    # FBX is read by a process of its own, each time another: test_fbx.py damages it.
    readable = [name for name, entry in FORMATS.items() if entry.read and entry.write and name != "fbx"]
    files = {name: encode_motion(small if name in ("bvh", "glb", "json") else motion, name).data for name in readable}
    glb = files["glb"]
    length = int.from_bytes(glb[12:16], "little")
    document = json.loads(glb[20 : 20 + length])
    document["buffers"][0]["uri"] = "data:;base64," + base64.b64encode(glb[28 + length :]).decode()
    return files | {"gltf": json.dumps(document).encode()}


FILES = small_files()
DOCUMENTS = {name: json.loads(data) for name, data in FILES.items() if data.startswith(b"{")}


def read(data: bytes, name: str) -> None:
    for form in ("", {"gltf": "glb"}.get(name, name)):
        try:
            decode_motion(data, "here", form, LIMITS)
        except PantomatrixError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_bytes_changed(name: str, data: st.DataObject) -> None:
    content = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["write", "cut", "insert", "double"])):
            case "write":
                new = data.draw(st.binary(min_size=1, max_size=8))
                content[at : at + len(new)] = new
            case "cut":
                del content[at : at + data.draw(st.integers(1, 400))]
            case "insert":
                content[at:at] = data.draw(
                    st.sampled_from(
                        [b"\0" * 8, b"9" * 30, b"-1", b"nan", b"1e999", b"{", b"[", b'"', b"\xff\xff\xff\x7f"]
                    )
                )
            case "double":
                content[at:at] = content[at : at + data.draw(st.integers(1, 400))]
    read(bytes(content), name)


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
    st.sampled_from([-1, 0, 1, 2**31, 2**53, 1e308, "rotation", [[]], [None], {"a": 1}, [0] * 3, ["0"] * 4]),
)  # fmt: skip


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Paths to everything in a document, long lists by their first and last entries."""
    found = [path] if path else []
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    entries = list(entries)
    for key, entry in entries if len(entries) < 40 else (*entries[:3], *entries[-2:]):
        found += places(entry, (*path, key))
    return found


PLACES = {name: places(document) for name, document in DOCUMENTS.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_values_changed(name: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(DOCUMENTS[name]))
    for _ in range(data.draw(st.integers(1, 3))):
        *above, key = data.draw(st.sampled_from(PLACES[name]))
        parent = document
        try:
            for step in above:
                parent = parent[step]
            if data.draw(st.booleans()):
                parent[key] = deepcopy(data.draw(ODD))
            elif isinstance(parent, dict):
                parent.pop(key, None)
            else:
                parent.append(deepcopy(data.draw(ODD)))
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    read(json.dumps(document).encode(), name)


def test_a_directory_of_an_archive_that_points_before_its_start() -> None:
    """Found by atheris: zipfile raises ValueError for a negative seek."""
    data = bytearray(FILES["arkit-npz"])
    directory = data.rindex(b"PK\x05\x06")
    data[directory + 16 : directory + 20] = (2**32 - 1).to_bytes(4, "little")
    read(bytes(data), "arkit-npz")
    del data[100:1700]
    with pytest.raises(FormatError):
        decode_motion(bytes(data), format_name="npz")
