"""Between a client's skeletons and motions and the converters'."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pantomatrix_client import FrameBlock, Header, PoseConstraint
from pantomatrix_client import Motion as ClientMotion
from pantomatrix_client import Skeleton as ClientSkeleton
from pantomatrix_converters.coordinates import CANONICAL, coordinate_system
from pantomatrix_converters.editing.option_kinds import plain_options
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import NO_JOINTS, Skeleton, load_skeleton, skeleton_names
from pantomatrix_models.options import MotionOptions


def client_options(options: MotionOptions) -> dict[str, Any]:
    """The client's keywords that ask for the same. Skeletons and poses go in the axes asked for, which are canonical here."""
    keywords = plain_options(options)
    own = options.skeleton
    if isinstance(own, str) and options.joint_map:
        own = load_skeleton(own)
    if isinstance(own, Skeleton):
        rest = own.rest_translations.astype(np.float32), own.rest_rotations_xyzw.astype(np.float32)
        keywords["skeleton"] = ClientSkeleton(own.name, own.joint_names, own.parents, *rest)
    if options.constraints:
        keywords["constraints"] = [
            PoseConstraint(known.time_seconds, known.rotations, known.root_translation) for known in options.constraints
        ]
    return keywords


def motion_from_client(motion: ClientMotion) -> Motion:
    """A client's motion in canonical axes. Raises UnknownNameError for a coordinate system of the caller's own."""
    header = motion.header
    axes = coordinate_system(header.coordinate_system)
    if axes == CANONICAL:
        return motion_of_frames(header, skeleton_of(header), motion)
    own = header.skeleton
    skeleton = replace(
        own,
        rest_translations=axes.positions_to_canonical(own.rest_translations).astype(np.float32),
        rest_rotations_xyzw=axes.rotations_to_canonical(own.rest_rotations_xyzw).astype(np.float32),
    )
    turned = replace(
        motion,
        header=replace(header, skeleton=skeleton, coordinate_system=CANONICAL.name),
        root_translation=axes.positions_to_canonical(motion.root_translation).astype(np.float32),
        rotations_xyzw=axes.rotations_to_canonical(motion.rotations_xyzw).astype(np.float32),
    )
    return motion_of_frames(turned.header, skeleton_of(turned.header), turned)


def motion_of_frames(header: Header, skeleton: Skeleton, frames: FrameBlock | ClientMotion) -> Motion:
    """frames: in canonical axes. skeleton: the header's, as `skeleton_of` gives it."""
    face = FaceCurves(header.face_rig, header.curve_names, frames.curves) if header.curve_names else None
    return Motion(skeleton, header.fps, frames.rotations_xyzw, frames.root_translation, face)


def skeleton_of(header: Header) -> Skeleton:
    """The converters' skeleton for a client's."""
    own = header.skeleton
    if not own.joint_names:
        return NO_JOINTS
    if own.name in skeleton_names():
        known = load_skeleton(own.name)
        if np.allclose(known.rest_translations, own.rest_translations, atol=1e-5):
            return known
    return Skeleton.build(own.name, own.joint_names, own.parents, own.rest_translations, own.rest_rotations_xyzw)
