"""Frames in NVIDIA's messages: nvidia_ace_compat/animation_data.proto."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nvidia_ace_compat.animation_data_pb2 import Float3, SkelAnimation
from pantomatrix_converters.skeleton import Skeleton

_QUATERNION = np.dtype(
    [
        ("start", "S3"),
        ("real", "<f4"),
        ("i_tag", "u1"),
        ("i", "<f4"),
        ("j_tag", "u1"),
        ("j", "<f4"),
        ("k_tag", "u1"),
        ("k", "<f4"),
    ]
)
"""A QuatF as the second field of the message around it: tag, 20 bytes, and four floats with their tags."""


class PoseMessages:
    """Poses of one skeleton, reused from frame to frame. Rotations are laid out as bytes and parsed at once, which takes a
    twentieth of the time that an object for each joint takes."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._rest = SkelAnimation()
        self._rest.translations.add(values=[Float3(x=x, y=y, z=z) for x, y, z in skeleton.rest_translations.tolist()])
        self._rotations = np.zeros(len(skeleton), _QUATERNION)
        self._rotations["start"] = b"\x12\x14\x0d"
        self._rotations["i_tag"], self._rotations["j_tag"], self._rotations["k_tag"] = 0x15, 0x1D, 0x25

    def frame(
        self,
        seconds: float,
        root: NDArray[np.float32],
        rotations_xyzw: NDArray[np.float32],
        weights: NDArray[np.float32],
    ) -> SkelAnimation:
        """root: (3,); rotations_xyzw: (J, 4); weights: (K,) of the face."""
        frame = SkelAnimation()
        frame.CopyFrom(self._rest)
        frame.translations[0].time_code = seconds
        place = frame.translations[0].values[0]
        place.x, place.y, place.z = root.tolist()
        for axis, values in zip(("i", "j", "k", "real"), rotations_xyzw.T, strict=True):
            self._rotations[axis] = values
        frame.rotations.add(time_code=seconds).MergeFromString(self._rotations.tobytes())
        frame.blend_shape_weights.add(time_code=seconds, values=weights.tolist())
        return frame
