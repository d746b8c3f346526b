"""The figure's joints by SMPL-X's names, and which of MakeHuman's bones each takes over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.skeleton import Skeleton

from .makehuman import Figure

Array = NDArray[np.float64]

FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_TRUNK = {
    "pelvis": ("", "pelvis", ("root", "spine05", "pelvis.L", "pelvis.R")),
    "spine1": ("pelvis", "spine-4", ("spine04", "spine03")),
    "spine2": ("spine1", "spine-2", ("spine02",)),
    "spine3": ("spine2", "spine-1", ("spine01", "breast.L", "breast.R")),
    "neck": ("spine3", "neck", ("neck01", "neck02", "neck03")),
    "head": ("neck", "head", ()),
}
"""Joint -> its parent, MakeHuman's joint at its place, the bones that it takes over. The head takes what is left."""
_LIMBS = {
    "hip": ("pelvis", "upper-leg", ("upperleg01", "upperleg02")),
    "knee": ("hip", "knee", ("lowerleg01", "lowerleg02")),
    "ankle": ("knee", "ankle", ("foot",)),
    "foot": ("ankle", "foot-1", tuple(f"toe{toe}-{bone}" for toe in range(1, 6) for bone in range(1, 4))),
    "collar": ("spine3", "clavicle", ("clavicle", "shoulder01")),
    "shoulder": ("collar", "shoulder", ("upperarm01", "upperarm02")),
    "elbow": ("shoulder", "elbow", ("lowerarm01", "lowerarm02")),
    "wrist": ("elbow", "hand", ("wrist", *(f"metacarpal{at}" for at in range(1, 5)))),
}


def _table() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    table = dict(_TRUNK)
    for side, place, bone in (("left", "l", "L"), ("right", "r", "R")):
        for name, (parent, at, bones) in _LIMBS.items():
            above = parent if parent in _TRUNK else f"{side}_{parent}"
            table[f"{side}_{name}"] = (above, f"{place}-{at}", tuple(f"{each}.{bone}" for each in bones))
        for finger, name in enumerate(FINGERS, 1):
            for joint in range(1, 4):
                above = f"{side}_{name}{joint - 1}" if joint > 1 else f"{side}_wrist"
                table[f"{side}_{name}{joint}"] = (
                    above,
                    f"{place}-finger-{finger}-{joint}",
                    (f"finger{finger}-{joint}.{bone}",),
                )
    return table


JOINTS = _table()


def skeleton(figure: Figure) -> Skeleton:
    """Joints without turns at rest, standing on the floor."""
    names = list(JOINTS)
    places = np.stack([figure.joints[at] for _, at, _ in JOINTS.values()])
    parents = np.array([names.index(parent) if parent else -1 for parent, _, _ in JOINTS.values()])
    offsets = np.where(parents[:, None] >= 0, places - places[parents], places)
    return Skeleton.build("preview", names, parents, offsets, np.tile([0.0, 0.0, 0.0, 1.0], (len(names), 1)))


def weights(figure: Figure) -> Array:
    """(V, J) shares of the joints in each vertex; vertices of the face belong to the head."""
    owner = {bone: at for at, (_, _, bones) in enumerate(JOINTS.values()) for bone in bones}
    head = list(JOINTS).index("head")
    shares = np.zeros((len(figure.vertices), len(JOINTS)))
    for bone, (vertices, values) in figure.weights.items():
        shares[vertices, owner.get(bone, head)] += values
    shares[shares.sum(axis=1) == 0, head] = 1.0
    strongest = np.sort(shares, axis=1)[:, -4, None]
    shares = np.where(shares >= strongest, shares, 0.0)
    return shares / shares.sum(axis=1, keepdims=True)
