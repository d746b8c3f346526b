"""Biovision hierarchy (.bvh): a skeleton and its motion as text, degrees and centimetres."""

from __future__ import annotations

from ...coordinates import BVH
from ..motion_format import MotionFormat
from .read_bvh import read, recognises
from .write_bvh import write

BVH_FORMAT = MotionFormat(
    name="bvh",
    description="Skeleton and joint rotations, Biovision hierarchy",
    extensions=(".bvh",),
    body=True,
    face=False,
    native_coordinates=BVH,
    any_coordinates=True,
    recognises=recognises,
    read=read,
    write=write,
    several_clips=True,
    states_axes=False,
)
