"""npz, ARKit CSV, the registry, and files that appear complete or not at all."""

from __future__ import annotations

import io
import os
import pickle
import stat
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folders import DATA
from motions import assert_same_body, random_motion
from pantomatrix_converters.errors import (
    FormatError,
    LimitError,
    OutputError,
    PantomatrixError,
    UnknownNameError,
    UnsupportedError,
)
from pantomatrix_converters.face.rigs import ARKIT52, FLAME
from pantomatrix_converters.files.atomic_file import write_atomically
from pantomatrix_converters.formats import (
    FORMATS,
    ReadLimits,
    decode_motion,
    encode_motion,
    format_of_path,
    load_motion,
)
from pantomatrix_converters.formats.arkit.arkit_csv import CSV_HEADER
from pantomatrix_converters.motion import FaceCurves, Motion, face_motion

pytestmark = pytest.mark.unit


def beat2(frames: int = 4, **changes) -> bytes:
    """A file as BEAT2 has it; a change to None leaves the array out."""
    random = np.random.default_rng(0)
    arrays = {
        "betas": np.zeros(300),
        "poses": random.normal(scale=0.3, size=(frames, 165)),
        "expressions": random.normal(size=(frames, 100)),
        "trans": random.normal(size=(frames, 3)),
        "mocap_frame_rate": np.array(30),
        "model": np.array("smplx2020"),
        "gender": np.array("neutral"),
        **changes,
    }
    stream = io.BytesIO()
    np.savez(stream, **{key: array for key, array in arrays.items() if array is not None})
    return stream.getvalue()


def test_beat2_returns_as_it_came() -> None:
    data = beat2()
    _, loaded = decode_motion(data)
    assert loaded.motion.face is not None
    assert loaded.motion.face.rig == FLAME.name
    with np.load(io.BytesIO(data)) as before, np.load(io.BytesIO(encode_motion(loaded.motion, "npz").data)) as after:
        assert set(before.files) == set(after.files)
        for key in ("poses", "expressions", "trans"):
            np.testing.assert_allclose(after[key], before[key], atol=2e-6)
        assert str(after["model"]) == "smplx2020"
        assert float(after["mocap_frame_rate"]) == 30
        np.testing.assert_allclose(loaded.motion.face.weights[:, 100:], before["poses"][:, 66:69], atol=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**31), st.floats(1, 240))
def test_npz_round_trip(frames: int, seed: int, fps: float) -> None:
    motion = random_motion(frames, seed=seed, fps=fps)
    found, loaded = decode_motion(encode_motion(motion, "npz").data)
    assert found.name == "npz"
    assert loaded.motion.fps == fps
    assert_same_body(loaded.motion, motion, radians=1e-6, metres=1e-6)
    assert loaded.motion.face is not None
    assert motion.face is not None
    np.testing.assert_array_equal(loaded.motion.face.weights, motion.face.weights)


def test_npz_is_the_same_bytes_every_time() -> None:
    assert encode_motion(random_motion(3), "npz").data == encode_motion(random_motion(3), "npz").data


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"poses": None}, "no array 'poses'; found betas"),
        ({"poses": np.zeros((4, 156))}, r"poses is float64 \(4, 156\), expected numbers \(frames, 165\)"),
        (
            {"poses": np.full((4, 165), np.nan)},
            r"poses holds NaN, infinity or a number beyond 1e\+12 at index \(0, 0\)",
        ),
        ({"poses": np.zeros((0, 165))}, "no frames"),
        ({"trans": np.zeros((5, 3))}, r"trans is float64 \(5, 3\), expected numbers \(4, 3\)"),
        ({"expressions": np.zeros((4, 50))}, "expressions is"),
        ({"mocap_frame_rate": np.array(0)}, "mocap_frame_rate is 0"),
        ({"mocap_frame_rate": np.array("fast")}, "mocap_frame_rate is <U4"),
        ({"poses": np.array([["x"] * 165] * 4)}, "expected numbers"),
    ],
)
def test_wrong_npz_says_what(changes: dict, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        decode_motion(beat2(**changes), "clip.npz")


class Bomb:
    """Unpickling it writes a file."""

    path = ""

    def __reduce__(self):
        return (Path.touch, (Path(self.path),))


def test_pickles_are_never_loaded(tmp_path: Path) -> None:
    Bomb.path = str(tmp_path / "ran")
    stream = io.BytesIO()
    np.savez(stream, poses=np.array([Bomb()], dtype=object))
    for data in (stream.getvalue(), pickle.dumps(Bomb())):
        with pytest.raises(FormatError):
            decode_motion(data, "clip.npz", "npz")
    assert not (tmp_path / "ran").exists()


def archive(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, content in entries:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                file.writestr(name, content)
    return stream.getvalue()


def header(shape: str, dtype: str = "<f8") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (archive(("poses.npy", header("(1000000000, 165)"))), "claims shape"),
        (archive(("poses.npy", header("(-1, 165)"))), "claims shape"),
        (archive(("poses.npy", header("(4, 165)") + b"\0" * 100)), "claims shape"),
        (archive(("poses.npy", b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16)), "no valid .npy header"),
        (archive(("poses.npy", b"nothing")), "no valid .npy header"),
        (archive(("poses.npy", b""), ("poses.npy", b"")), "occurs twice"),
        (archive(("../../poses", b"")), "is not an array"),
        (archive(("poses.npy", header("(4, 165)", "|O"))), "pickle"),
        (beat2()[:2000], "not a readable npz archive"),
        (b"PK\x03\x04" + b"\0" * 50, "not a readable npz archive"),
    ],
)
def test_hostile_archives(data: bytes, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        decode_motion(data, "clip.npz", "npz")


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    bomb = archive(("poses.npy", header("(2000000, 165)") + b"\0" * 2_640_000))
    assert len(bomb) < 10_000
    with pytest.raises(LimitError, match="unpacks to 2640128"):
        decode_motion(bomb, "clip.npz", "npz", ReadLimits(max_bytes=1_000_000))


def test_arkit_csv_round_trip_and_header() -> None:
    facts = (DATA / "live_link_face_header.txt").read_text().strip()
    motion = random_motion(130, fps=60)
    data = encode_motion(motion, "arkit-csv").data
    assert data.decode().splitlines()[0] == facts == ",".join(CSV_HEADER)
    assert data.decode().splitlines()[62].startswith("00:00:01:01.000,61,")
    _, loaded = decode_motion(data)
    assert loaded.motion.fps == 60
    assert not loaded.motion.has_body
    assert loaded.motion.face is not None
    assert motion.face is not None
    np.testing.assert_allclose(loaded.motion.face.weights, motion.face.weights, atol=1e-6)


@pytest.mark.parametrize("fps", [24.0, 25.0, 30.0, 60.0])
def test_arkit_csv_frame_rate_is_told_from_time_codes(fps: float) -> None:
    _, loaded = decode_motion(encode_motion(random_motion(int(fps) + 5, fps=fps), "arkit-csv").data)
    assert loaded.motion.fps == fps
    _, short = decode_motion(encode_motion(random_motion(5, fps=fps), "arkit-csv").data)
    assert any("assumed" in note for note in short.notes)


def test_arkit_csv_is_matched_by_name() -> None:
    _, loaded = decode_motion(b"\xef\xbb\xbftime,JAWOPEN,eyeblinkleft\r\n0,0.25,1\r\n0.1,0.5,0\r\n")
    face = loaded.motion.face
    assert face is not None
    np.testing.assert_allclose(face.weights[:, ARKIT52.curve_names.index("jawOpen")], [0.25, 0.5])
    np.testing.assert_allclose(face.weights[:, ARKIT52.curve_names.index("eyeBlinkLeft")], [1, 0])
    assert any("50 curves are absent" in text for text in loaded.notes)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"JawOpen,MouthClose\n", "no frames"),
        (b"JawOpen,JawOpen\n1,2\n", "occurs twice"),
        (b"JawOpen,MouthClose\n0.5\n", "line 2: 1 cells, expected 2"),
        (b"JawOpen,MouthClose\n0.5,0\n0.5,wide\n", "line 3: mouthClose is 'wide'"),
        (b"JawOpen,MouthClose\nnan,0\n", "line 2: jawOpen is 'nan'"),
        (b"JawOpen,MouthClose\n\xff\xfe,0\n", "is not UTF-8"),
    ],
)
def test_wrong_csv_says_where(data: bytes, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        decode_motion(data, "clip.csv")


def test_content_decides_and_names_are_helped() -> None:
    data = encode_motion(random_motion(2), "npz").data
    assert decode_motion(data, "clip.bvh")[0].name == "npz"
    with pytest.raises(UnknownNameError, match="did you mean bvh"):
        encode_motion(random_motion(2), "bhv")
    with pytest.raises(UnknownNameError, match="did you mean .bvh"):
        format_of_path(Path("take.bhv"))
    with pytest.raises(FormatError, match="empty"):
        decode_motion(b"")
    with pytest.raises(PantomatrixError, match="No such file"):
        load_motion("nowhere.npz")


def test_what_a_format_cannot_hold() -> None:
    motion = random_motion(2)
    assert motion.face is not None
    assert "52 curves are left out" in encode_motion(motion, "bvh").notes[0]
    assert "55 joints are left out" in encode_motion(motion, "arkit-csv").notes[0]
    with pytest.raises(UnsupportedError, match="holds faces of arkit52, but the motion has a body and no face"):
        encode_motion(replace(motion, face=None), "arkit-csv")
    with pytest.raises(UnsupportedError, match="holds bodies, but the motion has no body and a face of arkit52"):
        encode_motion(face_motion(motion.face, 30), "bvh")
    with pytest.raises(UnsupportedError, match="always in canonical axes"):
        encode_motion(motion, "npz", "unity")
    flame = FaceCurves(FLAME.name, FLAME.curve_names, np.zeros((2, 103), np.float32))
    with pytest.raises(
        UnsupportedError, match="holds faces of arkit52, but the motion has a body and a face of flame100"
    ):
        encode_motion(replace(motion, face=flame), "arkit-csv")


def test_every_format_is_whole() -> None:
    for name, entry in FORMATS.items():
        assert name == entry.name
        assert entry.extensions
        assert entry.body or entry.face
        assert entry.read or entry.write


def test_files_appear_complete_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "take.bvh"
    write_atomically(path, b"one", replace=False)
    with pytest.raises(OutputError, match="--force"):
        write_atomically(path, b"two", replace=False)
    write_atomically(path, b"two", replace=True)
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) & stat.S_IRGRP

    def disk_full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OutputError, match="No space left"):
        write_atomically(path, b"three", replace=True)
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError, match="does not exist"):
        write_atomically(tmp_path / "no" / "take.bvh", b"", replace=False)
    with pytest.raises(OutputError, match="is a folder"):
        write_atomically(tmp_path, b"", replace=True)


def test_an_hour_fits(tmp_path: Path) -> None:
    """A motion holds 4 bytes a number and no more."""
    motion = random_motion(100)
    hour = Motion(
        motion.skeleton, 30, np.resize(motion.rotations_xyzw, (108_000, 55, 4)), np.zeros((108_000, 3), np.float32)
    )
    assert hour.rotations_xyzw.nbytes == 108_000 * 55 * 4 * 4
