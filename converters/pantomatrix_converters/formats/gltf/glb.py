"""glTF 2.0: a skinned skeleton and its animation, and face curves as morph target weights (Khronos specification).

Written: a node a joint with its rest pose, rotations of all and the root's translation at every frame; a figure of sticks,
skinned to the joints, so that there is something to see; the face's curves animate morph targets of a small mesh at the head
(named in `extras.targetNames`), which other tools copy to the character's own. Read: a character and one of its clips, as a
viewer shows them, whatever stands around them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...character import Character
from ...coordinates import GLTF, CoordinateSystem
from ...errors import FormatError, UnsupportedError
from ...kinematics import rest_pose
from ...motion import FaceCurves, Motion
from ...provenance import read_provenance
from ...retargeting.joint_axes import recognised
from ...skeleton import Skeleton
from ..key_reduction import KeyReduction
from ..motion_format import Encoded, Loaded, MotionFormat, ReadLimits
from ..stick_figure import stick_figure
from .animation_writer import PROVENANCE, GltfAnimation
from .character_glb import write_character
from .glb_chunks import looks_like_glb
from .gltf_animation import Clip, find_clip
from .gltf_document import (
    GENERATOR,
    INDICES,
    UNSIGNED_BYTE,
    UNSIGNED_SHORT,
    VERTICES,
    GltfReader,
    GltfWriter,
    looks_like_gltf,
)
from .gltf_face import animated_face

Array = NDArray[np.float64]


# ------------------------------------------------------------------------------------------------------------ writing


def write(motion: Motion, coordinates: CoordinateSystem, *, reduction: KeyReduction | None = None) -> bytes | Encoded:
    """The motion as .glb, in glTF's axes and metres; on a character from a .glb: that one, with the clip in it."""
    assert coordinates == GLTF
    if _has_character(motion):
        return write_character(motion, reduction)
    writer = GltfWriter()
    animation = GltfAnimation(writer, len(motion), motion.fps, reduction)
    scene: list[int] = []
    if motion.has_body:
        nodes = add_joints(writer, motion.skeleton)
        animate_joints(animation, motion, nodes)
        scene += [nodes[0], _add_figure(writer, motion.skeleton, nodes)]
    if motion.face is not None:
        face = _add_face(writer, motion.face.names)
        animation.animate(face, "weights", motion.face.weights.reshape(-1))
        scene.append(face)
    animation.finish(scene, motion.provenance)
    return writer.glb()


def write_vrm(motion: Motion, coordinates: CoordinateSystem, *, reduction: KeyReduction | None = None) -> Encoded:
    """The VRM that the motion's skeleton was read from, with the clip in it. Raises UnsupportedError for any other."""
    assert coordinates == GLTF
    if not _has_character(motion):
        raise UnsupportedError(
            "a .vrm is a character: --skeleton CHARACTER.vrm says whose; .vrma holds motion for any VRM"
        )
    return write_character(motion, reduction, as_vrm=True)


def _has_character(motion: Motion) -> bool:
    character = motion.skeleton.character
    return character is not None and character.format == "glb"


def add_joints(writer: GltfWriter, skeleton: Skeleton) -> list[int]:
    """A node a joint, in the rest pose. Returns their indices."""
    first = len(writer.document.get("nodes", []))
    return [
        writer.add(
            "nodes",
            {
                "name": name,
                "translation": skeleton.rest_translations[joint].tolist(),
                "rotation": rotations.normalize(skeleton.rest_rotations_xyzw[joint]).tolist(),
                **({"children": [first + child for child in children]} if children else {}),
            },
        )
        for joint, (name, children) in enumerate(zip(skeleton.joint_names, skeleton.children, strict=True))
    ]


def animate_joints(animation: GltfAnimation, motion: Motion, nodes: list[int]) -> None:
    """Channels for every joint's rotation and the root's translation; neighbouring frames on the same side of the sphere."""
    quats = rotations.unbroken(rotations.normalize(motion.rotations_xyzw))
    for joint, node in enumerate(nodes):
        animation.animate(node, "rotation", quats[:, joint])
    animation.animate(nodes[0], "translation", motion.root_translation)


def add_skin(writer: GltfWriter, skeleton: Skeleton, nodes: list[int]) -> int:
    """What binds meshes to the joints as they are in the rest pose. Returns its index."""
    positions, turns = rest_pose(skeleton)
    inverse_binds = np.zeros((len(skeleton), 4, 4))
    matrices = np.swapaxes(rotations.matrix_from_quat(turns), 1, 2)
    inverse_binds[:, :3, :3] = matrices
    inverse_binds[:, :3, 3] = -np.einsum("jab,jb->ja", matrices, positions)
    inverse_binds[:, 3, 3] = 1.0
    columns = np.swapaxes(inverse_binds, 1, 2).reshape(-1, 16)
    return writer.add(
        "skins", {"joints": nodes, "skeleton": nodes[0], "inverseBindMatrices": writer.add_array(columns)}
    )


def _add_figure(writer: GltfWriter, skeleton: Skeleton, nodes: list[int]) -> int:
    skin = add_skin(writer, skeleton, nodes)
    figure = stick_figure(skeleton)
    attributes = {
        "POSITION": writer.add_array(figure.points, bounds=True, target=VERTICES),
        "JOINTS_0": writer.add_array(np.pad(figure.joints[:, None], ((0, 0), (0, 3))), UNSIGNED_SHORT, target=VERTICES),
        "WEIGHTS_0": writer.add_array(np.tile([255, 0, 0, 0], (len(figure.points), 1)), UNSIGNED_BYTE, target=VERTICES),
    }
    writer.document["accessors"][attributes["WEIGHTS_0"]]["normalized"] = True
    indices = writer.add_array(figure.triangles.reshape(-1), UNSIGNED_SHORT, target=INDICES)
    mesh = writer.add("meshes", {"name": "figure", "primitives": [{"attributes": attributes, "indices": indices}]})
    return writer.add("nodes", {"name": "figure", "mesh": mesh, "skin": skin})


def _add_face(writer: GltfWriter, curves: tuple[str, ...]) -> int:
    position = writer.add_array(np.array([[0, 0, 0], [1e-3, 0, 0], [0, 1e-3, 0]]), bounds=True, target=VERTICES)
    zeros = writer.add_zeros(3)
    primitive = {"attributes": {"POSITION": position}, "targets": [{"POSITION": zeros} for _ in curves]}
    mesh = writer.add(
        "meshes",
        {
            "name": "face",
            "primitives": [primitive],
            "weights": [0.0] * len(curves),
            "extras": {"targetNames": list(curves)},
        },
    )
    return writer.add("nodes", {"name": "face", "mesh": mesh})


# ------------------------------------------------------------------------------------------------------------ reading


def recognises(data: bytes) -> bool:
    """Whether it is a .glb, or a .gltf."""
    return looks_like_glb(data) or looks_like_gltf(data)


def read(data: bytes, name: str, limits: ReadLimits, clip: str | None = "") -> Loaded:
    """The character with the most joints, and a clip of it; without any its rest pose, one frame.

    clip: its name, or its number from 1; empty for the first that moves the character, else a face; None for none.
    Nodes between joints become joints; what stands above the root is taken into it. Raises FormatError, LimitError,
    UnsupportedError for what needs a package that is not installed, UnknownNameError for a clip that is not there.
    """
    document = GltfReader(data, name, limits.max_bytes, limits.folder)
    found = find_clip(document, limits, clip)
    face = animated_face(document, found, limits)
    own = document.generator.startswith(GENERATOR)  # a figure of sticks is nobody's character
    if found.body is None and face is None and (own or not _has_targets(document)):
        raise FormatError(f"{name}: neither a skin, nor nodes that move, nor an animated face")
    motion = _known(document, motion_of(found, face, name), found.chosen)
    if own:
        return Loaded(recognised(motion) if found.nodes else motion, tuple(found.notes), found.clips)
    if not found.mirrored:
        character = Character(data, "glb", tuple(found.nodes))
        motion = replace(motion, skeleton=replace(motion.skeleton, character=character))
    return Loaded(motion, tuple(found.notes), found.clips)


def _known(document: GltfReader, motion: Motion, chosen: int | None) -> Motion:
    """With what the clip was made from, if it says so."""
    extras = None if chosen is None else document.list_of("animations")[chosen].get("extras")
    return replace(motion, provenance=read_provenance(extras.get(PROVENANCE) if isinstance(extras, dict) else None))


def motion_of(found: Clip, face: FaceCurves | None, name: str) -> Motion:
    """A clip and a face as a motion; one of them may be absent. name: of the file."""
    if found.body is not None:
        body = found.body
        return Motion(body.skeleton, found.fps, body.rotations_xyzw, body.root_translation, face)
    frames = 1 if face is None else len(face.weights)
    still = np.zeros((frames, 0, 4), np.float32), np.zeros((frames, 3), np.float32)
    return Motion(Skeleton.build(Path(name).stem, (), (), ()), found.fps, *still, face)


def _has_targets(document: GltfReader) -> bool:
    """Whether it may be a head: a mesh with morph targets."""
    lists = [mesh.get("primitives") for mesh in document.list_of("meshes")]
    primitives = [primitive for entry in lists if isinstance(entry, list) for primitive in entry]
    return any(isinstance(primitive, dict) and primitive.get("targets") for primitive in primitives)


GLB = MotionFormat(
    name="glb",
    description="glTF 2.0: skeleton, animation, face curves as morph target weights",
    extensions=(".glb", ".gltf"),
    body=True,
    face=True,
    native_coordinates=GLTF,
    any_coordinates=False,
    reduces_keys=True,
    recognises=recognises,
    read=read,
    write=write,
    draws_figure=True,
    several_clips=True,
)
VRM_CHARACTER = replace(
    GLB,
    name="vrm",
    draws_figure=False,
    description="a VRM character of the user's own, with the clip in it",
    extensions=(".vrm",),
    recognises=lambda data: False,
    read=None,
    write=write_vrm,
)
