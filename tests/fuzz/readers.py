"""Coverage-guided fuzzing of every reader, by atheris (pip install atheris):

    python tests/fuzz/readers.py CORPUS_FOLDER -max_total_time=600

Bytes are read in every way they can be: as what they look like, and as each format. Anything but a PantomatrixError is a
find. The corpus begins with a small file of each format; what is found becomes a test.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import atheris  # pyright: ignore[reportMissingImports]

with atheris.instrument_imports(include=["pantomatrix_converters"]):
    from pantomatrix_converters.errors import PantomatrixError
    from pantomatrix_converters.formats import FORMATS, ReadLimits, decode_motion, encode_motion
    from pantomatrix_converters.humanoid import guess_roles

sys.path.insert(0, str(Path(__file__).parents[1]))

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
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(READABLE):
        if name and FORMATS[name].write:
            data = encode_motion(random_motion(2), name).data
            (folder / f"seed-{name}").write_bytes(bytes([number]) + data)
            (folder / f"seed-{name}-gz").write_bytes(b"\0" + gzip.compress(data))


if __name__ == "__main__":
    seed(Path(sys.argv[1]))
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
