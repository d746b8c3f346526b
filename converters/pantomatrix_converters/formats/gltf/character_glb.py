"""A clip in the user's own file: the document as it was, with an animation of its own nodes and morph targets.

The animation comes before the file's others, since viewers play the first one and readers take it. Nodes that stay as they
stand in the file get no channels.
"""

from __future__ import annotations

from ...errors import UnsupportedError
from ...motion import Motion
from ..key_reduction import KeyReduction
from ..motion_format import Encoded, ReadLimits
from .animation_writer import GltfAnimation
from .character_body import body_channels, scale_above
from .character_document import CharacterDocument
from .character_face import driven_face
from .face_bones import face_turns
from .gltf_document import GltfReader
from .gltf_nodes import NodeTree

_CLIP = "pantomatrix"


def write_character(motion: Motion, reduction: KeyReduction | None, *, as_vrm: bool = False) -> Encoded:
    """motion: on a skeleton that has a character of this format. as_vrm: refuse a file that is no VRM.

    Raises UnsupportedError for that, and if the motion moves nothing of the file; LimitError.
    """
    character = motion.skeleton.character
    assert character is not None
    document = CharacterDocument(character.document, motion.skeleton.name)
    if as_vrm and document.vrm is None:
        raise UnsupportedError(f"{motion.skeleton.name} is no VRM; it can be written as .glb")
    tree = NodeTree(GltfReader(character.document, motion.skeleton.name, ReadLimits().max_bytes))
    channels, notes = body_channels(motion, character.nodes, tree) if motion.has_body else ({}, [])
    if motion.face is not None and motion.face.weights.any():
        face = driven_face(motion, document, character.face_map)
        turns, more = face_turns(face, motion, tree, channels)
        channels |= face.channels | turns
        notes += [*face.notes, *more]
    if not channels:
        raise UnsupportedError(
            f"nothing of this motion moves {motion.skeleton.name}" + (f": {notes[-1]}" if notes else "")
        )
    animation = GltfAnimation(document, len(motion), motion.fps, reduction)
    for (node, path), values in channels.items():
        if path != "weights":
            document.make_movable(node, tree.nodes[node])
        animation.animate(node, path, values, scale_above(tree, node) if path == "translation" else 1.0)
    taken = [entry.get("name") for entry in document.entries("animations")]
    name = next(name for name in (_CLIP, *(f"{_CLIP}.{n}" for n in range(2, len(taken) + 3))) if name not in taken)
    animation.add(name, motion.provenance)
    if taken:
        notes.append(f"the clip is the animation {name!r}; the {len(taken)} that were in the file follow it")
    if document.files_beside:
        notes.append(f"it needs files beside it, as the original does: {', '.join(document.files_beside[:3])}")
    return Encoded(document.glb(), tuple(notes))
