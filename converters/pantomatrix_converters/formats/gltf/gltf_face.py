"""Faces in glTF documents: weights of morph targets, whatever their meshes call them."""

from __future__ import annotations

from ...face.named_weights import Named, rig_curves
from ...motion import FaceCurves
from ..motion_format import ReadLimits
from .gltf_animation import Clip
from .gltf_document import GltfReader
from .morph_shapes import target_names


def animated_face(document: GltfReader, clip: Clip, limits: ReadLimits) -> FaceCurves | None:
    """The curves of the face rig that most of the animated shapes belong to, from all meshes; None if there are none."""
    shapes = _animated_shapes(document, clip, limits)
    return rig_curves(shapes, clip.notes) if shapes else None


def _animated_shapes(document: GltfReader, clip: Clip, limits: ReadLimits) -> list[Named]:
    found: list[Named] = []
    for (node, path), channel in clip.channels.items():
        entry = document.list_of("nodes")[node]
        if path != "weights" or "mesh" not in entry:
            continue
        mesh = document.list_of("meshes")[document.index(entry["mesh"], "meshes", f"nodes[{node}].mesh")]
        names = target_names(mesh)
        if len(names) != channel.width or "" in names:
            clip.notes.append(
                f"{channel.width} morph targets of nodes[{node}] have no names of their own; they are left out"
            )
            continue
        limits.check_size(len(clip.times), 0, sum(map(len, (other for other, _ in found))) + len(names), document.name)
        found.append((names, channel.at(clip.times)))
    return found
