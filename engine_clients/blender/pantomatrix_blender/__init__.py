"""PantoMatrix in Blender: speech to an armature's action, shape keys and a sound strip."""

from __future__ import annotations

import bpy

from . import operators, panel, preferences

bl_info = {
    "name": "PantoMatrix",
    "description": "Speech in, face and body motion out",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "3D View > Sidebar > PantoMatrix",
    "category": "Animation",
}

_CLASSES = (preferences.PantoMatrixPreferences, *panel.CLASSES, *operators.CLASSES)


def register() -> None:
    for one in _CLASSES:
        bpy.utils.register_class(one)
    bpy.types.Scene.pantomatrix = bpy.props.PointerProperty(type=panel.PantoMatrixSettings)


def unregister() -> None:
    preferences.stop_server()
    del bpy.types.Scene.pantomatrix
    for one in reversed(_CLASSES):
        bpy.utils.unregister_class(one)
