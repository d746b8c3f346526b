"""Sound on the timeline."""

from __future__ import annotations

from pathlib import Path

import bpy


def add_sound(scene: bpy.types.Scene, path: Path, first_frame: int) -> None:
    """A strip in the sequencer's lowest free channel. Sequences are called strips since 5.0."""
    editor = scene.sequence_editor or scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    channel = max((strip.channel for strip in strips), default=0) + 1
    strips.new_sound(path.stem, str(path), channel, first_frame)
