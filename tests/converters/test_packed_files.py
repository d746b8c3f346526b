"""Gzipped files and texts of long lines: read whole, written packed, and never more memory than a file deserves."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import pantomatrix as pm
from command_line import run
from folders import DATA
from motions import random_motion
from pantomatrix_converters.errors import FormatError, LimitError, PantomatrixError
from pantomatrix_converters.files.gzip_file import unpacked
from pantomatrix_converters.formats import ReadLimits, decode_motion, encode_motion, load_motion

pytestmark = pytest.mark.unit

STRANGE = DATA / "strange_files"
BVH_HEAD = b"HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 3 Xrotation Yrotation Zrotation }\nMOTION\nFrames: 1000000 Frame Time: 0.1\n"


@pytest.mark.parametrize("name", ["npz", "bvh", "glb", "json", "arkit-csv"])
def test_gzipped_files_are_read(name: str) -> None:
    data = encode_motion(random_motion(3), name).data
    assert decode_motion(gzip.compress(data))[0].name == name


def test_members_one_behind_the_other_are_one_file() -> None:
    loaded = load_motion(STRANGE / "two_gzip_members.bvh.gz")[1]
    assert len(loaded.motion) == 2
    data = encode_motion(random_motion(40), "bvh").data
    cuts = [0, 1, 1, 500, 70_000, len(data)]
    members = b"".join(gzip.compress(data[start:stop]) for start, stop in pairwise(cuts))
    assert unpacked(members, "clip", 1 << 30) == data == gzip.decompress(members)


def test_what_stands_behind_the_last_member() -> None:
    data = gzip.compress(b"motion")
    assert unpacked(data + b"\0" * 512, "clip", 1 << 20) == b"motion"  # padding of tapes and block devices
    for garbage in (b"x", b"\0\0x", b"\x1f\x8bx", data[:-1]):
        with pytest.raises(FormatError, match="not gzip|not a readable gzip|truncated"):
            unpacked(data + garbage, "clip", 1 << 20)


def test_gzip_that_cannot_be() -> None:
    data = gzip.compress(encode_motion(random_motion(3), "bvh").data)
    for stop in (2, 9, 11, len(data) // 2, len(data) - 1):
        with pytest.raises(FormatError, match="truncated"):
            decode_motion(data[:stop])
    with pytest.raises(FormatError, match="not a readable gzip"):
        decode_motion(data[:12] + b"\xff" * 40)
    with pytest.raises(FormatError, match="not a readable gzip"):
        decode_motion(data[:-8] + b"\0" * 8)  # another checksum
    with pytest.raises(LimitError, match="unpacks to more than 1000 bytes"):
        decode_motion(data, limits=ReadLimits(max_bytes=1000))


def _bomb(head: bytes, unit: bytes, megabytes: int) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, 31)
    chunk = unit * ((1 << 20) // len(unit))
    return b"".join([stream.compress(head), *(stream.compress(chunk) for _ in range(megabytes)), stream.flush()])


def test_bombs_are_refused_and_many_of_them_in_a_row() -> None:
    one = _bomb(b"", b" ", 12)
    for bomb in (one, _bomb(BVH_HEAD, b"0 ", 64), _bomb(b"jawOpen,", b"a,", 64), _bomb(b"", b" ", 1) * 64):
        assert len(bomb) < 100_000
        with pytest.raises(LimitError, match="more than 200 times"):
            decode_motion(bomb)


def test_motion_that_hardly_moves_is_no_bomb() -> None:
    """Minutes of one pose, as text 90 times smaller when it is packed."""
    frames = np.tile(np.zeros(75 * 3), (2000, 1))
    rows = b"\n".join(b" ".join(b"%.6f" % value for value in row) for row in frames)
    channels = b"".join(
        b"%b j%d { OFFSET 0 1 0 CHANNELS 3 Zrotation Xrotation Yrotation " % (b"JOINT" if joint else b"ROOT", joint)
        for joint in range(75)
    )
    text = b"HIERARCHY " + channels + b"}" * 75 + b"\nMOTION\nFrames: 2000\nFrame Time: 0.033333\n" + rows
    assert len(decode_motion(gzip.compress(text))[1].motion) == 2000


_MEASURE = """
import sys
from pathlib import Path
from pantomatrix_converters.errors import PantomatrixError
from pantomatrix_converters.formats import load_motion
try:
    load_motion(sys.argv[1])
    said = "read"
except PantomatrixError as error:
    said = str(error)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) >> 10, len(said.splitlines()), len(said))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize(
    ("head", "unit", "packed"),
    [
        (b"", b"\0", 1024),
        (BVH_HEAD, b"0 ", 1024),
        (BVH_HEAD, b"0 ", 5),
        (BVH_HEAD, b"x ", 7),
        (BVH_HEAD, b"x", 7),
        (b"HIERARCHY ", b"{", 7),
        (b"jawOpen,", b"a,", 7),
        (b'jawOpen,"', b"a,", 7),
        (b"jawOpen\n", b"0,", 7),
        (b'{"joint_names":', b"[", 7),
        (b'{"joint_names":[', b"[],", 7),
        (b'{"weights":0,"frames":[', b"{},", 7),
        (b'{"asset":{"version":"2.0"},"nodes":[', b"{},", 7),
        # As they are, one line each:
        (BVH_HEAD, b"0 ", -40),
        (b"jawOpen,", b"a,", -40),
        (b"jawOpen\n", b"0,", -40),
    ],
)
def test_no_file_takes_more_than_300_mb(head: bytes, unit: bytes, packed: int, tmp_path: Path) -> None:
    """Megabytes of a unit behind a head, packed or, where negative, as they are (a file as it is may take what it weighs)."""
    file = tmp_path / "file"
    file.write_bytes(_bomb(head, unit, packed) if packed > 0 else head + unit * ((-packed << 20) // len(unit)))
    child = subprocess.run(
        [sys.executable, "-c", _MEASURE, file], capture_output=True, text=True, check=True, timeout=120
    )
    megabytes, lines, characters = map(int, child.stdout.split())
    assert megabytes <= 300
    assert lines == 1
    assert characters < 500


def test_json_that_is_too_large_for_memory_is_told_before() -> None:
    limits = ReadLimits(max_bytes=1 << 22)
    with pytest.raises(LimitError, match="takes about 10 MiB to read, at most 4"):
        decode_motion(b'{"joint_names":[' + b"[]," * 110_000 + b"0]}", limits=limits)


def test_a_hierarchy_is_no_place_for_megabytes() -> None:
    with pytest.raises(LimitError, match="the hierarchy has"):
        decode_motion(b"HIERARCHY " + b"a" * (5 << 20) + b"\nMOTION\n")


@pytest.mark.parametrize("ending", ["bvh", "glb", "json", "npz", "BVH"])
def test_a_name_in_gz_packs(ending: str, tmp_path: Path) -> None:
    motion = random_motion(3, face=False)
    file = pm.save(motion, tmp_path / f"take.{ending}.gz")
    assert gzip.decompress(file.read_bytes()) == pm.save(motion, tmp_path / f"take.{ending}").read_bytes()
    first = file.read_bytes()
    assert pm.save(motion, file).read_bytes() == first
    assert len(pm.load(file)) == 3


def test_the_command_packs_too(tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        pm.save(random_motion(3), tmp_path / name)
    assert run("convert", tmp_path, "-o", tmp_path / "out/", "--format", "bvh.gz", "--format", "glb").returncode == 0
    assert run("convert", tmp_path / "one.npz", "-o", tmp_path / "one.bvh.gz").returncode == 0
    assert (tmp_path / "one.bvh.gz").read_bytes() == (tmp_path / "out" / "one.bvh.gz").read_bytes()
    assert len(decode_motion((tmp_path / "one.bvh.gz").read_bytes(), format_name="bvh")[1].motion) == 3
    made = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert made == ["one.bvh.gz", "one.glb", "two.bvh.gz", "two.glb"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "x.gz"], "no ending that names a format"),
        (["-o", "x.mov.gz"], "named like a video"),
        (["-o", "x.bhv.gz"], "did you mean .bvh"),
        (["-o", "x.bvh", "--format", "bvh.gz"], "does not end in .gz"),
        (["-o", "-", "--format", "bvh.gz"], "| gzip"),
    ],
)
def test_names_that_lead_nowhere(words: list[str], said: str, tmp_path: Path) -> None:
    pm.save(random_motion(3), tmp_path / "one.npz")
    result = run("convert", "one.npz", *words, cwd=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["one.npz"]


def test_errors_have_one_line() -> None:
    with pytest.raises(PantomatrixError) as caught:
        decode_motion(_bomb(b"", b" ", 64), "take.bvh.gz")
    assert str(caught.value).startswith("take.bvh.gz: ")
    assert "\n" not in str(caught.value)
