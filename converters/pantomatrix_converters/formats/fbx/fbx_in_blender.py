"""Run in a process of its own, in the package bpy or in the program Blender:

python -m pantomatrix_converters.formats.fbx.fbx_in_blender MOTION.npz TARGET.fbx
blender --background --python fbx_in_blender.py -- MOTION.npz TARGET.fbx

Builds an armature with `fbx._arrays` in Blender and exports it. Nothing of the project is imported: Blender has a Python of
its own.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

_UNITS_PER_METRE = 100.0
"""Centimetres, FBX's own unit, so that every node has scale 1, as in files of the engines and of Mixamo."""
FIGURE = "PantoMatrix figure"
"""Name of the figure's mesh, by which such a file is known."""
_BONE_LENGTH = 5.0
"""What Blender shows a bone with; FBX has joints alone."""


def main(source: str, target: str) -> None:
    import bpy  # pyright: ignore[reportMissingImports]

    with np.load(source, allow_pickle=False) as archive:
        motion = {key: archive[key] for key in archive.files}
    for key in ("points", "offsets"):
        if key in motion:
            motion[key] = motion[key] * _UNITS_PER_METRE
    if "rest_matrices" in motion:
        motion["rest_matrices"][:, :3, 3] *= _UNITS_PER_METRE
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    # With units of a centimetre the exporter has nothing left to scale.
    scene.unit_settings.scale_length = 1.0 / _UNITS_PER_METRE
    rate = round(float(motion["fps"]))
    scene.render.fps, scene.render.fps_base = max(1, rate), max(1, rate) / float(motion["fps"])
    scene.frame_start, scene.frame_end = 0, int(motion["frames"]) - 1
    if "joint_names" in motion:
        armature = _armature(bpy, motion)
        _figure(bpy, motion, armature)
        _animate_bones(bpy, motion, armature)
    if "weights" in motion:
        _face(bpy, motion)
    bpy.ops.export_scene.fbx(
        filepath=target,
        add_leaf_bones=False,
        armature_nodetype="NULL",
        bake_anim=True,
        bake_anim_use_all_actions=False,
        bake_anim_use_nla_strips=False,
        bake_anim_simplify_factor=0.0,
        bake_anim_step=1.0,
        mesh_smooth_type="OFF",
        use_armature_deform_only=False,
    )


def _armature(bpy: Any, motion: dict[str, np.ndarray]) -> Any:
    from mathutils import Matrix  # pyright: ignore[reportMissingImports]

    data = bpy.data.armatures.new("Armature")
    armature = bpy.data.objects.new("Armature", data)
    bpy.context.scene.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    bones = []
    for name, parent, matrix in zip(motion["joint_names"], motion["parents"], motion["rest_matrices"], strict=True):
        bone = data.edit_bones.new(str(name))
        bone.length = _BONE_LENGTH
        bone.matrix = Matrix(matrix.tolist())
        bone.length = _BONE_LENGTH
        if parent >= 0:
            bone.parent = bones[parent]
        bones.append(bone)
    bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def _figure(bpy: Any, motion: dict[str, np.ndarray], armature: Any) -> None:
    mesh = bpy.data.meshes.new(FIGURE)
    mesh.from_pydata(motion["points"].tolist(), [], motion["triangles"].tolist())
    figure = bpy.data.objects.new("figure", mesh)
    bpy.context.scene.collection.objects.link(figure)
    figure.parent = armature
    figure.modifiers.new("Armature", "ARMATURE").object = armature
    for joint, name in enumerate(motion["joint_names"]):
        points = np.flatnonzero(motion["point_joints"] == joint).tolist()
        if points:
            figure.vertex_groups.new(name=str(name)).add(points, 1.0, "REPLACE")


def _animate_bones(bpy: Any, motion: dict[str, np.ndarray], armature: Any) -> None:
    curves = _new_curves(bpy, armature, "motion", "OBJECT")
    offsets = dict(zip(motion["moving"].tolist(), motion["offsets"], strict=True))
    for joint, name in enumerate(motion["joint_names"]):
        path = f'pose.bones["{bpy.utils.escape_identifier(str(name))}"]'
        armature.pose.bones[str(name)].rotation_mode = "QUATERNION"
        _add_keys(curves, f"{path}.rotation_quaternion", motion["turns_wxyz"][:, joint])
        if joint in offsets:
            _add_keys(curves, f"{path}.location", offsets[joint])


def _face(bpy: Any, motion: dict[str, np.ndarray]) -> None:
    mesh = bpy.data.meshes.new("face")
    side = 1e-3 * _UNITS_PER_METRE
    mesh.from_pydata([(0, 0, 0), (side, 0, 0), (0, 0, side)], [], [(0, 1, 2)])
    face = bpy.data.objects.new("face", mesh)
    bpy.context.scene.collection.objects.link(face)
    face.shape_key_add(name="Basis")
    for name in motion["curve_names"]:
        # From the base alone: by default a key holds whatever the keys before it make of the mesh.
        key = face.shape_key_add(name=str(name), from_mix=False)
        key.data[2].co.x += 0.1 * side
    curves = _new_curves(bpy, mesh.shape_keys, "face", "KEY")
    for column, name in enumerate(motion["curve_names"]):
        path = f'key_blocks["{bpy.utils.escape_identifier(str(name))}"].value'
        _add_keys(curves, path, motion["weights"][:, column], scalar=True)


def _new_curves(bpy: Any, owner: Any, name: str, kind: str) -> Any:
    """Where animation curves of an object are made: up to Blender 4.3 the action, later a bag in a strip of a layer."""
    action = bpy.data.actions.new(name)
    owner.animation_data_create().action = action
    if not hasattr(action, "slots"):
        return action.fcurves
    slot = action.slots.new(id_type=kind, name=owner.name)
    owner.animation_data.action_slot = slot
    return action.layers.new(name).strips.new(type="KEYFRAME").channelbag(slot, ensure=True).fcurves


def _add_keys(curves: Any, path: str, values: np.ndarray, scalar: bool = False) -> None:
    """values: (T, components), a curve each; (T,) if the property is one number."""
    columns = values[:, None] if scalar else values
    frames = np.arange(len(columns), dtype=np.float32)
    for component in range(columns.shape[1]):
        curve = curves.new(path) if scalar else curves.new(path, index=component)
        curve.keyframe_points.add(len(columns))
        curve.keyframe_points.foreach_set(
            "co", np.stack([frames, columns[:, component]], axis=1).astype(np.float32).ravel()
        )
        curve.keyframe_points.foreach_set("interpolation", np.ones(len(columns), np.int32))


if __name__ == "__main__":
    main(*sys.argv[-2:])
