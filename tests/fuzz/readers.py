"""Coverage-guided fuzzing of every reader, by atheris (pip install atheris):

    python tests/fuzz/readers.py CORPUS_FOLDER -max_total_time=600

Bytes are read in every way they can be: as what they look like, and as each format. Anything but a PantomatrixError is a
find. The corpus begins with a small file of each format; what is found becomes a test.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import atheris  # pyright: ignore[reportMissingImports]
import numpy as np

with atheris.instrument_imports(include=["pantomatrix_converters"]):
    from pantomatrix_converters.errors import PantomatrixError
    from pantomatrix_converters.formats import FORMATS, ReadLimits, decode_motion, encode_motion
    from pantomatrix_converters.retargeting.humanoid import guess_roles
    from pantomatrix_converters.skeleton import Skeleton

sys.path.insert(0, str(Path(__file__).parents[1] / "kit"))

from motions import random_motion

LIMITS = ReadLimits(max_bytes=1 << 22, max_frames=2000)
READABLE = ["", *(name for name, entry in FORMATS.items() if entry.read)]


def read(data: bytes) -> None:
    """The first byte says as what the others are read."""
    if not data:
        return
    try:
        motion = decode_motion(data[1:], "fuzz", READABLE[data[0] % len(READABLE)], LIMITS)[1].motion
    except PantomatrixError:
        return
    guess_roles(motion.skeleton)
    for name in ("bvh", "glb", "json"):
        try:
            decode_motion(encode_motion(motion, name).data, "again", name)
        except PantomatrixError:
            continue


def seed(folder: Path) -> None:
    """Small files, so that a changed byte matters: three joints where the format takes any skeleton."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = random_motion(2)
    arm = Skeleton.build("arm", ("root", "upper", "lower"), (-1, 0, 1), np.eye(3))
    small = replace(whole, skeleton=arm, rotations_xyzw=whole.rotations_xyzw[:, :3], face=None)
    for number, name in enumerate(READABLE):
        if name and FORMATS[name].write:
            takes_any = name in ("bvh", "glb", "json")
            data = encode_motion(small if takes_any else whole, name).data
            (folder / f"seed-{name}").write_bytes(bytes([number]) + data)
            (folder / f"seed-{name}-gz").write_bytes(b"\0" + gzip.compress(data))
            if name == "glb":
                (folder / "seed-gltf").write_bytes(b"\0" + as_text(data))
    for name, poses in (("amass", 156), ("beat2", 165)):
        stream = io.BytesIO()
        np.savez(stream, poses=np.zeros((1, poses)), trans=np.zeros((1, 3)), mocap_framerate=np.array(30.0))
        (folder / f"seed-{name}").write_bytes(b"\0" + stream.getvalue())

    faces = {
        "audio2face": json.dumps(
            {"exportFps": 30, "facsNames": ["jawOpen", "jawDrop"], "weightMat": [[0.5, 0], [1, 0]]}
        ),
        "face-cap": "info,x\nbs,jawOpen\nk,0,0,0,0,0,0,0,0,0,0,0,1\nk,17,0,0,0,0,0,0,0,0,0,0,1\n",
        "table": "Timecode;BlendShapeCount;JawOpen\n23:59:59:29.5;1;0,5\n00:00:00;01;0\n00:00:00:02;1;0,5\n",
        "times": "time_ms,jawOpen,mouthClose\n0,1,0\n33,1,0\n68,,\n",
    }
    for name, text in faces.items():
        (folder / f"seed-{name}").write_bytes(b"\0" + text.encode())


def as_text(glb: bytes) -> bytes:
    """A .gltf with its buffer inside."""
    length = int.from_bytes(glb[12:16], "little")
    document = json.loads(glb[20 : 20 + length])
    document["buffers"][0]["uri"] = "data:;base64," + base64.b64encode(glb[28 + length :]).decode()
    return json.dumps(document).encode()


if __name__ == "__main__":
    seed(Path(sys.argv[1]))
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
