"""FBX, read by ufbx and written by Blender (the extra `fbx` brings ufbx and bpy; an installed Blender writes as well).

Written in centimetres, FBX's own unit, every node at scale 1. Bones have the skeleton's own joint axes, so that a file fits
the character that the skeleton was taken from.
"""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ... import rotations
from ...coordinates import BLENDER, CoordinateSystem
from ...errors import OutputError
from ...files.npz_archive import write_arrays
from ...kinematics import rest_pose
from ...motion import Motion
from ...retargeting.ground_root import joint_tracks
from ..motion_format import Encoded, MotionFormat
from ..stick_figure import stick_figure
from .character_fbx import write_character
from .own_process import ProcessError, has_blender, run_blender
from .read_fbx import read, recognises
from .unreal_axes import with_file_axes

_SECONDS = 600.0


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes | Encoded:
    """The motion as binary FBX; on a character from an FBX: that one, with the clip in it. Raises OutputError if Blender
    fails, UnsupportedError if nothing of the motion moves the character."""
    assert coordinates == BLENDER
    if motion.skeleton.character is not None and motion.skeleton.character.format == "fbx":
        return write_character(motion)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "motion.npz"), Path(folder, "motion.fbx")
        source.write_bytes(write_arrays(_arrays(motion)))
        try:
            run_blender("fbx_in_blender", [source, target], _SECONDS)
            return target.read_bytes()
        except (ProcessError, OSError) as error:
            raise OutputError(f"Blender could not write the FBX: {error}") from None


def _arrays(motion: Motion) -> dict[str, np.ndarray]:
    """What `fbx_in_blender` builds from: rest matrices in Blender's axes, turns away from the rest pose."""
    arrays: dict[str, np.ndarray] = {"fps": np.array(motion.fps), "frames": np.array(len(motion))}
    if motion.has_body:
        turned = with_file_axes(motion)
        tracks = joint_tracks(turned, with_followers=turned is not motion)
        skeleton = tracks.skeleton
        positions, turns = rest_pose(skeleton)
        matrices = np.tile(np.eye(4), (len(skeleton), 1, 1))
        matrices[:, :3, :3] = BLENDER.basis_from_canonical @ rotations.matrix_from_quat(turns)
        matrices[:, :3, 3] = BLENDER.positions_from_canonical(positions)
        back = rotations.inverse(skeleton.rest_rotations_xyzw)
        away = rotations.multiply(back, tracks.rotations)
        moving = sorted(tracks.translations)
        offsets = [
            rotations.rotate(back[joint], tracks.translations[joint] - skeleton.rest_translations[joint])
            for joint in moving
        ]
        figure = stick_figure(turned.skeleton)
        arrays |= {
            "joint_names": np.array(skeleton.joint_names),
            "parents": skeleton.parents,
            "rest_matrices": matrices,
            "turns_wxyz": np.roll(rotations.normalize(away), 1, axis=-1).astype(np.float32),
            "moving": np.array(moving),
            "offsets": np.array(offsets),
            "points": BLENDER.positions_from_canonical(figure.points),
            "triangles": figure.triangles,
            "point_joints": figure.joints,
        }
    if motion.face is not None:
        arrays |= {"curve_names": np.array(motion.face.names), "weights": motion.face.weights}
    return arrays


FBX = MotionFormat(
    name="fbx",
    description="FBX: skeleton, animation, face curves as shape keys (extra fbx)",
    extensions=(".fbx",),
    body=True,
    face=True,
    native_coordinates=BLENDER,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=write,
    draws_figure=True,
    several_clips=True,
    extra="fbx",
    has_writer=has_blender,
    has_reader=lambda: find_spec("ufbx") is not None,
)
