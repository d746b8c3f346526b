"""Clips of the Unity package: a header and frames of the contract in a file."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions import angle_between, random_motion
from pantomatrix.v1 import frames_pb2
from pantomatrix_converters.coordinates import CANONICAL, UNITY
from pantomatrix_converters.errors import FormatError, LimitError, PantomatrixError, UnsupportedError
from pantomatrix_converters.formats import ReadLimits, decode_motion, encode_motion
from pantomatrix_converters.motion import FaceCurves, Motion, face_motion
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_server.wire.channels import FrameEncoding
from pantomatrix_server.wire.frames import motion_header_message, motion_layout

pytestmark = pytest.mark.unit

MOTION = random_motion(5)
DATA = encode_motion(MOTION, "pmclip").data


def header_of(data: bytes) -> frames_pb2.MotionHeader:
    return frames_pb2.MotionHeader.FromString(data[16 : 16 + int.from_bytes(data[8:12], "little")])


def file_of(header: frames_pb2.MotionHeader | bytes, frames: bytes) -> bytes:
    """With the right lengths and checksum."""
    head = header if isinstance(header, bytes) else header.SerializeToString()
    return struct.pack("<8sII", b"PMCLIP1\n", len(head), zlib.crc32(head + frames)) + head + frames


def frames_of(data: bytes) -> bytes:
    return data[16 + int.from_bytes(data[8:12], "little") :]


def read(data: bytes) -> Motion:
    return decode_motion(data, "take.pmclip")[1].motion


def test_round_trip() -> None:
    found = read(DATA)
    assert found.fps == MOTION.fps
    assert found.skeleton is MOTION.skeleton
    assert np.degrees(angle_between(found.rotations_xyzw, MOTION.rotations_xyzw).max()) <= 0.02
    assert np.array_equal(found.root_translation, MOTION.root_translation)
    assert found.face is not None
    assert MOTION.face is not None
    assert found.face.names == MOTION.face.names
    assert np.abs(found.face.weights - MOTION.face.weights).max() <= 0.002
    assert encode_motion(found, "pmclip").data == DATA


def test_it_is_what_a_server_sends() -> None:
    layout = motion_layout(MOTION, FrameEncoding.COMPACT)
    assert frames_of(DATA) == layout.packed(MOTION, UNITY)
    header = header_of(DATA)
    assert {joint.name: joint.role for joint in header.skeleton.joints}["left_elbow"] == "left_elbow"
    for joint in header.skeleton.joints:
        joint.role = ""
    sent = motion_header_message(MOTION, layout, UNITY, "", {})
    del sent.features[:]
    assert header == sent


def test_what_a_server_sends_is_read() -> None:
    for encoding in FrameEncoding:
        for system in (UNITY, CANONICAL):
            layout = motion_layout(MOTION, encoding)
            header = motion_header_message(MOTION, layout, system, "request", {"scene": "3"})
            found = read(file_of(header, layout.packed(MOTION, system)))
            assert angle_between(found.rotations_xyzw, MOTION.rotations_xyzw).max() < 2e-3
            assert np.abs(found.root_translation - MOTION.root_translation).max() < 1e-6


def test_bodies_and_faces_alone() -> None:
    body = read(encode_motion(replace(MOTION, face=None), "pmclip").data)
    assert body.face is None
    assert body.has_body
    weights = np.linspace(-3, 3, 8, dtype=np.float32).reshape(4, 2)
    face = read(encode_motion(face_motion(FaceCurves("own", ("a", "b"), weights), 60), "pmclip").data)
    assert not face.has_body
    assert face.face is not None
    assert np.abs(face.face.weights - weights).max() < 2e-3
    own = replace(load_skeleton("mixamo"), name="mine")
    still = np.tile(own.rest_rotations_xyzw, (2, 1, 1)).astype(np.float32)
    found = read(encode_motion(Motion(own, 24, still, np.zeros((2, 3), np.float32)), "pmclip").data)
    assert angle_between(found.rotations_xyzw, still).max() < 1e-3


def test_channels_that_are_not_sent_are_at_rest() -> None:
    header = header_of(DATA)
    del header.channels[:2]
    found = read(file_of(header, frames_of(DATA)))
    assert np.allclose(found.rotations_xyzw, MOTION.skeleton.rest_rotations_xyzw, atol=1e-6)
    assert np.allclose(found.root_translation, MOTION.skeleton.rest_translations[0], atol=1e-6)


def test_other_axes_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="always in unity axes"):
        encode_motion(MOTION, "pmclip", "unreal")


def test_damaged_files() -> None:
    for cut in (9, 15, 16, 100, len(DATA) - 1):
        with pytest.raises(FormatError):
            read(DATA[:cut])
    for at in range(12, len(DATA), 97):
        changed = bytearray(DATA)
        changed[at] ^= 4
        with pytest.raises(FormatError, match="damaged"):
            read(bytes(changed))


def test_headers_that_do_not_fit() -> None:
    def changed(**fields: object) -> bytes:
        header = header_of(DATA)
        for name, value in fields.items():
            setattr(header, name, value)
        return file_of(header, frames_of(DATA))

    for fields in ({"fps": 0}, {"fps": float("nan")}, {"frame_count": 6}, {"frame_count": -1}, {"bytes_per_frame": 0}):
        with pytest.raises(PantomatrixError):
            read(changed(**fields))
    for kind in range(3):
        for name, value in (("offset", 1 << 30), ("offset", -1), ("width", 1), ("encoding", 9)):
            header = header_of(DATA)
            setattr(header.channels[kind], name, value)
            with pytest.raises(FormatError, match=header.channels[kind].name):
                read(file_of(header, frames_of(DATA)))
    header = header_of(DATA)
    header.skeleton.joints.extend(header.skeleton.joints[0] for _ in range(1000))
    with pytest.raises(LimitError, match="1055 joints"):
        read(file_of(header, frames_of(DATA)))
    with pytest.raises(LimitError, match="frames"):
        decode_motion(DATA, "take", limits=ReadLimits(max_frames=4))
    not_finite = bytearray(frames_of(DATA))
    not_finite[:4] = struct.pack("<f", float("nan"))
    with pytest.raises(FormatError, match="root_translation"):
        read(file_of(header_of(DATA), bytes(not_finite)))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_anything_with_the_right_checksum(data: st.DataObject) -> None:
    head = bytearray(header_of(DATA).SerializeToString())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(head)))
        new = data.draw(st.binary(min_size=1, max_size=6))
        head[at : at + data.draw(st.sampled_from((0, len(new))))] = new
    try:
        read(file_of(bytes(head), frames_of(DATA)))
    except PantomatrixError as error:
        assert "\n" not in str(error)
