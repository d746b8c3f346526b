"""Between a scene's armatures and meshes and the server's skeletons and motions, in Blender's axes and metres."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Quaternion, Vector

from .keyframes import write_curve
from .server import Motion, ServerError

_LEAF_LENGTH = 0.05


def bones_of(armature: bpy.types.Object) -> list[bpy.types.Bone]:
    """Those below the root with most bones, parents before children."""
    roots = [bone for bone in armature.data.bones if bone.parent is None]
    if not roots:
        raise ServerError(f"the armature {armature.name} has no bones")
    root = max(roots, key=lambda bone: len(bone.children_recursive))
    return [root, *root.children_recursive]


def _world_rest(armature: bpy.types.Object, bone: bpy.types.Bone) -> Matrix:
    """Place and rotation in the world, without scale."""
    location, rotation, _ = (armature.matrix_world @ bone.matrix_local).decompose()
    return Matrix.LocRotScale(location, rotation, None)


def skeleton_of(armature: bpy.types.Object) -> dict[str, Any]:
    """The contract's Skeleton as JSON, in the rest pose."""
    bones = bones_of(armature)
    index = {bone.name: number for number, bone in enumerate(bones)}
    joints = []
    for bone in bones:
        rest = _world_rest(armature, bone)
        if bone.parent is not None:
            rest = _world_rest(armature, bone.parent).inverted() @ rest
        location, turn, _ = rest.decompose()
        joints.append(
            {
                "name": bone.name,
                "parent": index[bone.parent.name] if bone.parent is not None else -1,
                "restTranslation": dict(zip("xyz", location, strict=True)),
                "restRotation": {"x": turn.x, "y": turn.y, "z": turn.z, "w": turn.w},
            }
        )
    return {"name": armature.name, "joints": joints}


def new_armature(context: bpy.types.Context, skeleton: dict[str, Any]) -> bpy.types.Object:
    """An armature from a catalog's skeleton (canonical axes, metres): each bone reaches to its children."""
    heads: list[Vector] = []
    children: dict[int, list[int]] = {}
    for number, joint in enumerate(skeleton["joints"]):
        at = joint.get("restTranslation", {})
        x, y, z = (at.get(axis, 0.0) for axis in "xyz")
        parent = joint.get("parent", -1)
        place = Vector((x, -z, y))  # the catalog's rest rotations are none; +Y is up there, +Z forward
        heads.append(place + heads[parent] if parent >= 0 else place)
        children.setdefault(parent, []).append(number)
    armature = bpy.data.objects.new("PantoMatrix", bpy.data.armatures.new("PantoMatrix"))
    context.scene.collection.objects.link(armature)
    for other in context.selected_objects:
        other.select_set(False)
    context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    edited = armature.data.edit_bones
    bones: list[bpy.types.EditBone] = []
    for number, joint in enumerate(skeleton["joints"]):
        bone = edited.new(joint["name"])
        bone.head = heads[number]
        below = [heads[child] for child in children.get(number, ())]
        parent = joint.get("parent", -1)
        if below:
            bone.tail = sum(below, Vector()) / len(below)
        else:
            away = heads[number] - heads[parent] if parent >= 0 else Vector((0, 0, 1))
            bone.tail = heads[number] + away.normalized() * _LEAF_LENGTH
        if bone.length < 1e-4:
            bone.tail = bone.head + Vector((0, 0, _LEAF_LENGTH))
        if parent >= 0:
            bone.parent = bones[parent]
        bones.append(bone)
    bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def apply_body(armature: bpy.types.Object, motion: Motion, first_frame: int, name: str) -> None:
    """Keyframes for every bone; what the armature did before becomes another action."""
    joints = motion.header["skeleton"]["joints"]
    world = armature.matrix_world
    turn_back = world.to_quaternion().inverted()
    animation = armature.animation_data_create()
    animation.action = None
    for number, joint in enumerate(joints):
        bone = armature.data.bones.get(joint["name"])
        if bone is None:
            continue
        posed = armature.pose.bones[bone.name]
        posed.rotation_mode = "QUATERNION"
        rest = bone.matrix_local
        before = Quaternion()
        if bone.parent is not None:
            rest = bone.parent.matrix_local.inverted() @ rest
        else:
            before = turn_back
        undo = rest.to_quaternion().inverted() @ before
        turns = _turned(undo, motion.rotations_xyzw[:, number])
        path = f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"]'
        for axis in range(4):
            write_curve(armature, f"{path}.rotation_quaternion", axis, turns[:, axis], first_frame, name, bone.name)
        if bone.parent is None:
            to_bone = np.array((world @ rest).inverted())
            places = motion.root_translation @ to_bone[:3, :3].T + to_bone[:3, 3]
            for axis in range(3):
                write_curve(armature, f"{path}.location", axis, places[:, axis], first_frame, name, bone.name)


def _turned(before: Quaternion, turns: np.ndarray) -> np.ndarray:
    """before * turns. turns: (T, 4) x y z w. Returns (T, 4) w x y z, neighbours on one half of their sphere."""
    w, vector = turns[:, 3], turns[:, :3]
    axis = np.array((before.x, before.y, before.z))
    out = np.empty((len(turns), 4))
    out[:, 0] = before.w * w - vector @ axis
    out[:, 1:] = before.w * vector + w[:, None] * axis + np.cross(axis, vector)
    flips = np.where((out[1:] * out[:-1]).sum(axis=1) < 0, -1.0, 1.0)
    out[1:] *= np.cumprod(flips)[:, None]
    return out


def apply_face(mesh: bpy.types.Object, motion: Motion, first_frame: int, name: str) -> int:
    """Keyframes for the shape keys that the motion has, in whatever case; how many there are."""
    keys = mesh.data.shape_keys
    if keys is None:
        return 0
    blocks = {block.name.lower(): block for block in keys.key_blocks}
    found = [
        (number, blocks[curve.lower()]) for number, curve in enumerate(motion.curve_names) if curve.lower() in blocks
    ]
    if found:
        keys.animation_data_create().action = None
    for number, block in found:
        path = f'key_blocks["{bpy.utils.escape_identifier(block.name)}"].value'
        write_curve(keys, path, 0, motion.curves[:, number], first_frame, name, "")
    return len(found)
