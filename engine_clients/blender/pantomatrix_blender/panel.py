"""The sidebar's tab."""

from __future__ import annotations

import bpy


class PantoMatrixSettings(bpy.types.PropertyGroup):
    """Of a scene."""

    model: bpy.props.StringProperty(name="Model", description="A name in the server's catalog", default="builtin")
    speaker: bpy.props.StringProperty(name="Speaker", description="Of the model; empty for its first")
    seed: bpy.props.IntProperty(name="Seed", description="Another seed is another take", min=0)


class PANTOMATRIX_PT_panel(bpy.types.Panel):
    """Speech to motion"""

    bl_label = "PantoMatrix"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "PantoMatrix"

    def draw(self, context: bpy.types.Context) -> None:
        settings = context.scene.pantomatrix
        for name in ("model", "speaker", "seed"):
            self.layout.prop(settings, name)
        self.layout.operator("pantomatrix.speak", icon="PLAY_SOUND")
        self.layout.operator("pantomatrix.import_motion", icon="IMPORT")
        self.layout.operator("pantomatrix.export_motion", icon="EXPORT")


CLASSES = (PantoMatrixSettings, PANTOMATRIX_PT_panel)
