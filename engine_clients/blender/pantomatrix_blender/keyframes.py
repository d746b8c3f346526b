"""Keyframes by the thousand, in every Blender: actions have had slots since 4.4, and no curves of their own since 5.0."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np


def write_curve(
    owner: Any, path: str, index: int, values: np.ndarray, first_frame: int, action: str, group: str
) -> None:
    """A linear curve with a key on every frame. owner: an object or shape keys with animation data; values: (T,)."""
    curves = _curves(owner, action)
    curve = curves.new(path, index=index)
    if group:
        _put_in_group(owner, curve, group)
    points = np.empty((len(values), 2), np.float32)
    points[:, 0] = np.arange(first_frame, first_frame + len(values))
    points[:, 1] = values
    curve.keyframe_points.add(len(values))
    curve.keyframe_points.foreach_set("co", points.ravel())
    linear = bpy.types.Keyframe.bl_rna.properties["interpolation"].enum_items["LINEAR"].value
    curve.keyframe_points.foreach_set("interpolation", np.full(len(values), linear, np.int32))
    curve.update()


def _curves(owner: Any, name: str) -> Any:
    """Where an owner's curves are; its action is made if it has none."""
    animation = owner.animation_data
    action = animation.action
    if action is None:
        action = animation.action = bpy.data.actions.new(name)
    if not hasattr(action, "slots"):
        return action.fcurves
    if animation.action_slot is None:
        animation.action_slot = action.slots.new(id_type=owner.id_type, name=owner.name)
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return strip.channelbag(animation.action_slot, ensure=True).fcurves


def _put_in_group(owner: Any, curve: Any, name: str) -> None:
    action = owner.animation_data.action
    if hasattr(action, "slots"):
        groups = action.layers[0].strips[0].channelbag(owner.animation_data.action_slot).groups
    else:
        groups = action.groups
    curve.group = groups.get(name) or groups.new(name)
