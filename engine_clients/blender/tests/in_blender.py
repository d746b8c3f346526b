"""Runs in Blender (`blender -b --python` or Python with bpy): what a user does, and what the scene then holds, as JSON.

Words after "--": address of the server's web port, speech.wav, character.glb, a motion file, a folder for results.
"""

import json
import os
import sys
from pathlib import Path

import bpy  # before addon_utils, which comes with it
import numpy as np

import addon_utils  # isort: skip

ADDRESS, SPEECH, CHARACTER, TAKE, OUT = sys.argv[sys.argv.index("--") + 1 :]
FRAMES = (1, 40, 200)

if not hasattr(np, "bool"):
    np.bool = bool  # Debian's Blender 3.4 reads glTF by this name, which Debian's numpy no longer has


def enable() -> str:
    """The add-on's module, as an extension where there are extensions."""
    name = "bl_ext.user_default.pantomatrix_blender" if bpy.app.version >= (4, 2) else "pantomatrix_blender"
    assert addon_utils.enable(name, default_set=True) is not None, name
    bpy.context.preferences.addons[name].preferences.address = ADDRESS
    return name


def empty_scene() -> None:
    for thing in list(bpy.data.objects):
        bpy.data.objects.remove(thing)
    bpy.context.scene.render.fps = 30
    bpy.context.scene.frame_start = 1


def heads(armature) -> dict:
    """Frame -> bone -> place in the world."""
    found = {}
    for frame in FRAMES:
        bpy.context.scene.frame_set(frame)
        moved = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found[frame] = {bone.name: list(moved.matrix_world @ bone.head) for bone in moved.pose.bones}
    return found


def strips():
    editor = bpy.context.scene.sequence_editor
    return [] if editor is None else list(editor.strips if hasattr(editor, "strips") else editor.sequences)


def told(operator, **words) -> str:
    """The error that an operator reports, as a user sees it."""
    try:
        operator(**words)
    except RuntimeError as error:
        return str(error)
    return ""


name = enable()
character = sys.modules[name].character
result = {"version": bpy.app.version_string, "has_sound": bpy.app.build_options.audaspace}

empty_scene()
bpy.ops.pantomatrix.speak(filepath=SPEECH)
armature = bpy.context.view_layer.objects.active
result["own"] = {
    "skeleton": character.skeleton_of(armature),
    "heads": heads(armature),
    "sound": [Path(strip.sound.filepath).name for strip in strips()],
    "end": bpy.context.scene.frame_end,
}

empty_scene()
bpy.ops.import_scene.gltf(filepath=CHARACTER)
armature = next(thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE")
armature.rotation_mode = "XYZ"
armature.rotation_euler = (0.0, 0.0, 0.5)
armature.location = (1.0, 2.0, 0.0)
bpy.context.view_layer.update()
bpy.context.view_layer.objects.active = armature
armature.select_set(True)
bpy.ops.pantomatrix.speak(filepath=SPEECH)
face = next(thing for thing in armature.children if thing.data.shape_keys)
jaw = []
for frame in FRAMES:
    bpy.context.scene.frame_set(frame)
    jaw.append(face.data.shape_keys.key_blocks["jawOpen"].value)
result["character"] = {"skeleton": character.skeleton_of(armature), "heads": heads(armature), "jaw": jaw}
bpy.ops.pantomatrix.export_motion(filepath=str(Path(OUT) / "exported.bvh"), file_format="bvh")

empty_scene()
bpy.ops.pantomatrix.import_motion(filepath=TAKE)
armature = bpy.context.view_layer.objects.active
result["imported"] = {"heads": heads(armature)}

result["errors"] = [
    told(bpy.ops.pantomatrix.speak, filepath="nowhere.wav"),
    told(bpy.ops.pantomatrix.speak, filepath=CHARACTER),
]
bpy.context.preferences.addons[name].preferences.address = "127.0.0.1:1"
result["errors"].append(told(bpy.ops.pantomatrix.speak, filepath=SPEECH))
addon_utils.disable(name)
assert not hasattr(bpy.types.Scene, "pantomatrix")
(Path(OUT) / "result.json").write_text(json.dumps(result))
if bpy.app.version < (5, 0) and not bpy.app.binary_path:
    os._exit(0)  # the package bpy 4.2 crashes when its Python ends, after all of the above
