"""Between a client's skeletons and motions and the converters'."""

from __future__ import annotations

from typing import Any

from pantomatrix_client import Motion as ClientMotion
from pantomatrix_client import Skeleton as ClientSkeleton
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import NO_JOINTS, Skeleton, load_skeleton, skeleton_names

from .options import MotionOptions


def skeleton_for_client(options: MotionOptions) -> dict[str, Any]:
    """The client's options that ask for the same skeleton."""
    own, roles = options.skeleton, options.joint_map
    if isinstance(own, str):
        return {"skeleton": own}
    asked = ClientSkeleton(own.name, own.joint_names, own.parents, own.rest_translations, own.rest_rotations_xyzw)  # type: ignore[arg-type]
    return {"skeleton": asked, "joint_roles": {name: roles.role_of(name) for name in own.joint_names} if roles else {}}


def motion_from_client(motion: ClientMotion) -> Motion:
    """motion: in canonical axes."""
    skeleton = NO_JOINTS
    if motion.skeleton.name in skeleton_names():
        skeleton = load_skeleton(motion.skeleton.name)
    elif motion.skeleton.joint_names:
        own = motion.skeleton
        skeleton = Skeleton.build(
            own.name, own.joint_names, own.parents, own.rest_translations, own.rest_rotations_xyzw
        )
    face = FaceCurves(motion.face_rig, motion.curve_names, motion.curves) if motion.curve_names else None
    return Motion(skeleton, motion.fps, motion.rotations_xyzw, motion.root_translation, face)
