"""Between a client's skeletons and motions and the converters'."""

from __future__ import annotations

from typing import Any

from pantomatrix_client import FrameBlock, Header
from pantomatrix_client import Motion as ClientMotion
from pantomatrix_client import Skeleton as ClientSkeleton
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import NO_JOINTS, Skeleton, load_skeleton, skeleton_names
from pantomatrix_models.options import MotionOptions


def skeleton_for_client(options: MotionOptions) -> dict[str, Any]:
    """The client's options that ask for the same skeleton."""
    own, roles = options.skeleton, options.joint_map
    if isinstance(own, str):
        return {"skeleton": own}
    asked = ClientSkeleton(own.name, own.joint_names, own.parents, own.rest_translations, own.rest_rotations_xyzw)  # type: ignore[arg-type]
    return {"skeleton": asked, "joint_roles": {name: roles.role_of(name) for name in own.joint_names} if roles else {}}


def motion_from_client(motion: ClientMotion) -> Motion:
    """motion: in canonical axes."""
    return motion_of_frames(motion.header, skeleton_of(motion.header), motion)


def motion_of_frames(header: Header, skeleton: Skeleton, frames: FrameBlock | ClientMotion) -> Motion:
    """frames: in canonical axes. skeleton: the header's, as `skeleton_of` gives it."""
    face = FaceCurves(header.face_rig, header.curve_names, frames.curves) if header.curve_names else None
    return Motion(skeleton, header.fps, frames.rotations_xyzw, frames.root_translation, face)


def skeleton_of(header: Header) -> Skeleton:
    """The converters' skeleton for a client's."""
    own = header.skeleton
    if own.name in skeleton_names():
        return load_skeleton(own.name)
    if not own.joint_names:
        return NO_JOINTS
    return Skeleton.build(own.name, own.joint_names, own.parents, own.rest_translations, own.rest_rotations_xyzw)
