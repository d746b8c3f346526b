"""VRM animation (.vrma): a glTF of a VRM humanoid in T-pose, with expressions (VRMC_vrm_animation 1.0).

Only the hips move, the other joints turn; an expression's weight is the x of its node's translation; eyes do not turn, a node
says where they look. Any motion of a humanoid is brought onto the skeleton vrm1 first. Read: the humanoid's joints and the
expressions; where the eyes look is left out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...coordinates import GLTF, CoordinateSystem
from ...errors import FormatError
from ...face.conversion import with_face_rig
from ...face.named_weights import Named, rig_curves
from ...face.rigs import ARKIT52, VRM
from ...motion import FaceCurves, Motion
from ...retargeting.joint_axes import recognised
from ...retargeting.retarget import Retargeting
from ...skeleton import Skeleton, load_skeleton
from ..key_reduction import KeyReduction
from ..motion_format import Loaded, MotionFormat, ReadLimits
from .animation_writer import GltfAnimation
from .glb import add_joints, animate_joints, motion_of
from .glb import recognises as glb_recognises
from .glb_chunks import looks_like_glb
from .gltf_animation import Clip, find_clip
from .gltf_document import GltfReader, GltfWriter
from .vrm_humanoid import ANIMATION

_EYES = ("leftEye", "rightEye")
_LOOKS = ("lookUp", "lookDown", "lookLeft", "lookRight")
_LOOK_RADIANS = np.radians(30.0)
"""Turn of the eyes at which a look is 1; no figure is official."""


def write(
    motion: Motion, coordinates: CoordinateSystem, *, perfect_sync: bool, reduction: KeyReduction | None = None
) -> bytes:
    """The motion of a VRM 1.0 humanoid.

    perfect_sync: ARKit's 52 shapes as custom expressions of these names, for models that have them; else VRM's presets.
    Raises MotionError if the skeleton is not a humanoid that can be recognised.
    """
    assert coordinates == GLTF
    writer = GltfWriter()
    animation = GltfAnimation(writer, len(motion), motion.fps, reduction)
    presets = _presets(motion)
    humanoid = _to_vrm(motion.skeleton.without_character()).apply(motion) if motion.has_body else None
    nodes: list[int] = []
    extension: dict = {"specVersion": "1.0"}
    if humanoid is not None:
        body = _without_eyes(humanoid)
        nodes = add_joints(writer, body.skeleton)
        animate_joints(animation, body, nodes)
        bones = zip(body.skeleton.joint_names, nodes, strict=True)
        extension["humanoid"] = {"humanBones": {name: {"node": node} for name, node in bones}}
    scene = nodes[:1]
    look = _look(humanoid, presets)
    if look is not None:
        node = writer.add("nodes", {"name": "lookAt"})
        animation.animate(node, "rotation", look)
        extension["lookAt"] = {"node": node, "offsetFromHeadBone": [0.0, 0.06, 0.0]}
        scene.append(node)
    kind, curves = ("custom", motion.face) if perfect_sync else ("preset", presets)
    if curves is not None:
        expressions = {}
        for name, weights in zip(curves.names, curves.weights.T, strict=True):
            if name not in _LOOKS:
                node = writer.add("nodes", {"name": name})
                animation.animate(node, "translation", np.pad(weights[:, None], ((0, 0), (0, 2))))
                expressions[name] = {"node": node}
                scene.append(node)
        extension["expressions"] = {kind: expressions}
    animation.finish(scene, motion.provenance)
    writer.document |= {
        "extensionsUsed": ["VRMC_vrm_animation"],
        "extensions": {"VRMC_vrm_animation": extension},
    }
    return writer.glb()


def _presets(motion: Motion) -> FaceCurves | None:
    return with_face_rig(motion, VRM.name, None)[0].face if motion.face is not None else None


def _without_eyes(moved: Motion) -> Motion:
    keep = [at for at, name in enumerate(moved.skeleton.joint_names) if name not in _EYES]
    skeleton = Skeleton.build(
        moved.skeleton.name,
        [moved.skeleton.joint_names[at] for at in keep],
        [keep.index(parent) if parent >= 0 else -1 for parent in moved.skeleton.parents[keep]],
        moved.skeleton.rest_translations[keep],
    )
    return replace(moved, skeleton=skeleton, rotations_xyzw=moved.rotations_xyzw[:, keep])


@lru_cache(maxsize=8)
def _to_vrm(skeleton: Skeleton) -> Retargeting:
    return Retargeting(skeleton, load_skeleton("vrm1"))


def _look(humanoid: Motion | None, presets: FaceCurves | None) -> NDArray[np.float64] | None:
    """(T, 4) from the eyes' joints if they turn, else from the face's looks."""
    if humanoid is not None:
        turns = [rotations.shortest(humanoid.rotations_xyzw[:, humanoid.skeleton.index(eye)]) for eye in _EYES]
        if max(np.abs(turn[:, :3]).max(initial=0.0) for turn in turns) > 1e-3:
            return rotations.slerp(turns[0], turns[1], np.full(len(humanoid), 0.5))
    if presets is None:
        return None
    up, down, left, right = (presets.weights[:, presets.names.index(name)].astype(np.float64) for name in _LOOKS)
    angles = np.stack([_LOOK_RADIANS * (left - right), _LOOK_RADIANS * (down - up), np.zeros(len(up))], axis=1)
    return rotations.quat_from_euler(angles, "YXZ")


def recognises(data: bytes) -> bool:
    """Whether it is a glTF document that says that it is a VRM animation."""
    text = len(data) if not looks_like_glb(data) else 20 + int.from_bytes(data[12:16], "little")
    return glb_recognises(data) and data.find(f'"{ANIMATION}"'.encode(), 0, text) >= 0


def read(data: bytes, name: str, limits: ReadLimits, clip: str = "") -> Loaded:
    """The humanoid's motion, and its expressions as curves of VRM's rig, or of ARKit's where they are custom ones of these
    names. clip: as glTF has it. Raises FormatError, LimitError, UnsupportedError, UnknownNameError."""
    document = GltfReader(data, name, limits.max_bytes, limits.folder)
    found = find_clip(document, limits, clip)
    extension = document.extension(ANIMATION)
    shapes = [
        shape for kind in ("preset", "custom") if (shape := _expressions(document, found, extension, kind, limits))
    ]
    looks = extension.get("lookAt")
    if isinstance(looks, dict) and any(node == looks.get("node") for node, _ in found.channels):
        found.notes.append("where the eyes look is left out")
    face = rig_curves(shapes, found.notes, fewest=1) if shapes else None
    if found.body is None and face is None:
        raise FormatError(f"{name}: a VRM animation of neither a humanoid nor an expression")
    return Loaded(recognised(motion_of(found, face, name)), tuple(found.notes), found.clips)


def _expressions(
    document: GltfReader, found: Clip, extension: dict[str, Any], kind: str, limits: ReadLimits
) -> Named | None:
    """Names, and (T, K) weights, of the expressions of a kind that move."""
    expressions = extension.get("expressions")
    table = expressions.get(kind) if isinstance(expressions, dict) else None
    names, channels = [], []
    for name, entry in (table if isinstance(table, dict) else {}).items():
        node = entry.get("node") if isinstance(entry, dict) else None
        channel = found.channels.get((document.index(node, "nodes", f"expression {str(name)[:40]!r}"), "translation"))
        if channel is not None:
            names.append(str(name))
            channels.append(channel)
    if not names:
        return None
    limits.check_size(len(found.times), 0, len(names), document.name)
    return names, np.stack([channel.at(found.times)[:, 0] for channel in channels], axis=1)


VRMA = MotionFormat(
    name="vrma",
    description="VRM animation: humanoid and VRM's preset expressions",
    extensions=(".vrma",),
    body=True,
    face=True,
    native_coordinates=GLTF,
    any_coordinates=False,
    reduces_keys=True,
    recognises=recognises,
    read=read,
    write=partial(write, perfect_sync=False),
    several_clips=True,
    face_rigs=(VRM.name, ARKIT52.name),
)
VRMA_PERFECT_SYNC = replace(
    VRMA,
    name="vrma-perfect-sync",
    description="VRM animation with ARKit's 52 shapes as custom expressions",
    recognises=lambda data: False,
    read=None,
    write=partial(write, perfect_sync=True),
    several_clips=False,
    face_rigs=(ARKIT52.name,),
)
