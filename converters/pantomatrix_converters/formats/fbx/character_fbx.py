"""A clip in the user's own FBX: the document as it was, with a take that turns its own nodes and moves its blend shapes.

The take comes before the file's others, since engines and readers take the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...errors import UnsupportedError
from ...face.shape_weights import asked_weights, check_size, curves_of, fitting, nothing_fits, report
from ...face_map import FaceMap
from ...motion import Motion
from ...retargeting.ground_root import joint_tracks
from ...retargeting.humanoid import face_joints
from ..motion_format import Encoded
from .fbx_document import FbxDocument, Record
from .fbx_rig import FbxRig

Array = NDArray[np.float64]

_TAKE = "pantomatrix"
_TICKS = 46186158000
"""FBX counts time in these parts of a second."""
_LINEAR = 0x6104
"""Flags of a key: straight to the next, tangents that nobody set."""
_TIME_MODES = {120: 1, 100: 2, 60: 3, 50: 4, 48: 5, 30: 6, 25: 10, 24: 11, 96: 15, 72: 16}
_OWN_RATE = 14
"""Time mode of a rate that has no number."""
_STILL = 1e-5
_PERCENT = 100.0


def write_character(motion: Motion) -> Encoded:
    """motion: on a skeleton that has a character of an FBX. Raises UnsupportedError if the motion moves nothing of it."""
    character = motion.skeleton.character
    assert character is not None
    document = FbxDocument(character.document, motion.skeleton.name)
    rig = FbxRig(document, motion.skeleton.name)
    take = _Take(document, motion)
    if motion.has_body:
        _body(take, rig, motion, character.nodes)
    notes: list[str] = []
    if motion.face is not None and motion.face.weights.any():
        _face(take, rig, motion, character.face_map, notes)
    if take.empty:
        raise UnsupportedError(
            f"nothing of this motion moves {motion.skeleton.name}" + (f": {notes[-1]}" if notes else "")
        )
    if take.others:
        notes.append(f"the clip is the take {take.name!r}; the {take.others} that were in the file follow it")
    take.finish()
    return Encoded(document.bytes(), tuple(notes))


def _body(take: _Take, rig: FbxRig, motion: Motion, ids: Sequence[int]) -> None:
    """Curves of what differs from how the nodes stand: turns of all joints, places of those that move and about pivots."""
    tracks = joint_tracks(motion)
    quats, moving = tracks.rotations, tracks.translations
    place, turn, scale = rig.above(ids[0])
    back = rotations.inverse(turn)
    for joint, number in enumerate(ids):
        node = rig.nodes[number]
        local = rotations.multiply(back, quats[:, 0]) if joint == 0 else quats[:, joint]
        if joint == 0:
            places = rotations.rotate(back, moving[0] - place) / scale
        else:
            places = np.tile(node.place, (len(local), 1))
            if joint in moving:
                places += (moving[joint] - motion.skeleton.rest_translations[joint]) / scale
        take.animate(number, "Lcl Rotation", node.degrees_of(local), node.vector("Lcl Rotation"))
        take.animate(number, "Lcl Translation", node.translation_of(places, local), node.vector("Lcl Translation"))


def _face(take: _Take, rig: FbxRig, motion: Motion, face_map: FaceMap | None, notes: list[str]) -> None:
    """Curves of the blend shapes that the face moves, in percent."""
    curves = curves_of(motion, notes)
    if curves is None:
        return
    names = [mesh.names for mesh in rig.meshes]
    chosen = fitting(face_map, names)
    if chosen is None:
        notes.append(nothing_fits(rig.meshes, face_map, face_joints(motion.skeleton)))
        return
    check_size(motion, [rig.meshes[at] for at in {link.mesh for link in chosen.links}])
    for (mesh, place), weights in asked_weights(chosen, curves).items():
        shape = rig.meshes[mesh].shapes[place]
        take.animate(shape.id, "DeformPercent", _PERCENT * weights[:, None], np.array([shape.percent]))
    whose = [rig.meshes[at].label for at in sorted({link.mesh for link in chosen.links})]
    notes += report(chosen, len({(link.mesh, link.shape) for link in chosen.links}), whose, names)


class _Take:
    """Records of a new take, put into the document at the end."""

    def __init__(self, document: FbxDocument, motion: Motion) -> None:
        self._root, self._fps = document.root, motion.fps
        self._times = np.round(np.arange(len(motion)) / motion.fps * _TICKS).astype(np.int64)
        objects = self._inside("Objects")
        taken = [record.read()[:1] for record in objects.inside]
        self._next = max((value for [value] in filter(None, taken) if isinstance(value, int)), default=0) + 1
        names = [record.read()[1] for record in objects.all("AnimationStack")]
        self.others = len(names)
        self.name = next(
            name
            for name in (_TAKE, *(f"{_TAKE}.{n}" for n in range(2, len(names) + 3)))
            if name.encode() + b"\x00\x01AnimStack" not in names
        )
        self._objects: list[Record] = []
        self._links: list[Record] = []
        span = [Record.of("P", name, "KTime", "Time", "", int(time)) for name, time in self._span()]
        self._stack = self._add("AnimationStack", f"{self.name}\x00\x01AnimStack", "", inside=[_properties(span)])
        self._layer = self._add("AnimationLayer", "BaseLayer\x00\x01AnimLayer", "", inside=[_properties([])])
        self._links += [_link(self._layer, self._stack), _link(self._stack, 0)]
        self._kinds = {"AnimationStack": 1, "AnimationLayer": 1, "AnimationCurveNode": 0, "AnimationCurve": 0}
        self.empty = True

    def animate(self, owner: int, name: str, values: Array, standing: Array) -> None:
        """values: (T, 3) of a property of a node, or (T, 1) of a shape; standing: what it has without a take."""
        if np.abs(values - standing).max() <= _STILL:
            return
        self.empty = False
        parts = [f"d|{axis}" for axis in "XYZ"] if values.shape[1] == 3 else [f"d|{name}"]
        short = name.removeprefix("Lcl ")[0] if name.startswith("Lcl ") else name
        first = [Record.of("P", part, "Number", "", "A", float(at)) for part, at in zip(parts, values[0], strict=True)]
        curves = self._add("AnimationCurveNode", f"{short}\x00\x01AnimCurveNode", "", inside=[_properties(first)])
        self._links += [_link(curves, self._layer), _link(curves, owner, name)]
        for part, column in zip(parts, values.T, strict=True):
            curve = self._add("AnimationCurve", "\x00\x01AnimCurve", "", inside=self._keys(column))
            self._links.append(_link(curve, curves, part))
        self._kinds["AnimationCurveNode"] += 1
        self._kinds["AnimationCurve"] += len(parts)

    def finish(self) -> None:
        """Put everything into the document, before what is of other takes."""
        self._inside("Objects").inside.extend(self._objects[2:])
        self._inside("Objects").inside[:0] = self._objects[:2]
        self._inside("Connections").inside[:0] = self._links
        self._count()
        self._set_rate()
        takes = self._inside("Takes")
        span = [int(self._times[0]), int(self._times[-1])]
        entry = Record.of(
            "Take", self.name,
            inside=[
                Record.of("FileName", f"{self.name}.tak"), Record.of("LocalTime", *span), Record.of("ReferenceTime", *span),
            ],
        )  # fmt: skip
        others = [record for record in takes.inside if record.name != "Current"]
        takes.inside = [Record.of("Current", self.name), entry, *others]

    def _count(self) -> None:
        """How many objects of each kind there are, as the file itself says."""
        definitions = self._inside("Definitions")
        kinds = {kind.read()[0]: kind for kind in definitions.all("ObjectType")}
        for name, more in self._kinds.items():
            kind = kinds.get(name.encode())
            if kind is None:
                definitions.inside.append(Record.of("ObjectType", name, inside=[Record.of("Count", np.int32(more))]))
            else:
                _raise_count(kind, more)
        _raise_count(definitions, sum(self._kinds.values()))

    def _set_rate(self) -> None:
        """The scene's frames are those of the clip; keys of other takes are in seconds and stay where they are."""
        settings = self._inside("GlobalSettings")
        listed = settings.find("Properties70")
        if listed is None:
            listed = _properties([])
            settings.inside.append(listed)
        mode = np.int32(_TIME_MODES.get(int(self._fps), _OWN_RATE) if self._fps == int(self._fps) else _OWN_RATE)
        rate = {
            b"TimeMode": Record.of("P", "TimeMode", "enum", "", "", mode),
            b"CustomFrameRate": Record.of("P", "CustomFrameRate", "double", "Number", "", float(self._fps)),
        }
        listed.inside = [entry for entry in listed.inside if entry.read()[0] not in rate] + list(rate.values())

    def _span(self) -> list[tuple[str, int]]:
        first, last = int(self._times[0]), int(self._times[-1])
        return [("LocalStart", first), ("LocalStop", last), ("ReferenceStart", first), ("ReferenceStop", last)]

    def _add(self, kind: str, *values: str, inside: list[Record]) -> int:
        number, self._next = self._next, self._next + 1
        self._objects.append(Record.of(kind, number, *values, inside=inside))
        return number

    def _inside(self, name: str) -> Record:
        found = self._root.find(name)
        if found is None:
            found = Record(name, block=True)
            self._root.inside.append(found)
        return found

    def _keys(self, values: Array) -> list[Record]:
        return [
            Record.of("Default", float(values[0])),
            Record.of("KeyVer", np.int32(4009)),
            Record.of("KeyTime", self._times),
            Record.of("KeyValueFloat", values.astype(np.float32)),
            Record.of("KeyAttrFlags", np.array([_LINEAR], np.int32)),
            Record.of("KeyAttrDataFloat", np.zeros(4, np.float32)),
            Record.of("KeyAttrRefCount", np.array([len(values)], np.int32)),
        ]


def _properties(entries: list[Record]) -> Record:
    return Record("Properties70", inside=entries, block=True)


def _link(child: int, parent: int, name: str = "") -> Record:
    return Record.of("C", "OP", child, parent, name) if name else Record.of("C", "OO", child, parent)


def _raise_count(owner: Record, more: int) -> None:
    count = owner.find("Count")
    if count is not None and isinstance(count.read()[0], int):
        owner.inside[owner.inside.index(count)] = Record.of("Count", np.int32(int(count.read()[0] or 0) + more))
