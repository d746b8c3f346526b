"""FBX files for tests: binary ones, written record by record, of any unit, axes, rotation order, pivots and takes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation

from pantomatrix_converters.formats.fbx.fbx_document import Record
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

TICKS = 46186158000
ORDERS = ("xyz", "xzy", "yzx", "yxz", "zxy", "zyx")
Y_UP = {"Up": (1, 1), "Front": (2, 1), "Coord": (0, 1)}
Z_UP = {"Up": (2, 1), "Front": (1, -1), "Coord": (0, 1)}
"""As 3ds Max and Unreal have it: forward is -y."""


@dataclass
class Joint:
    """A node as FBX has it, in the file's units and degrees."""

    name: str
    parent: str = ""
    translation: Sequence[float] = (0, 0, 0)
    rotation: Sequence[float] = (0, 0, 0)
    scale: Sequence[float] = (1, 1, 1)
    pre: Sequence[float] = (0, 0, 0)
    post: Sequence[float] = (0, 0, 0)
    order: str = "xyz"
    pivot: Sequence[float] = (0, 0, 0)
    kind: str = "LimbNode"
    inherit: int = 1
    """How the parent's scale comes on: 0 beside the own one (RrSs), 1 as a matrix (RSrs), 2 without the parent's own (Rrs)."""

    def local(self, translation: Sequence[float] | None = None, rotation: Sequence[float] | None = None) -> np.ndarray:
        """(4, 4) by FBX's formula, computed by scipy."""
        given = np.asarray(self.rotation if rotation is None else rotation, float)
        own = Rotation.from_euler(self.order, given[["xyz".index(axis) for axis in self.order]], degrees=True)
        pre, post = (Rotation.from_euler("xyz", angles, degrees=True) for angles in (self.pre, self.post))
        turn = (pre * own * post.inv()).as_matrix()
        matrix = np.eye(4)
        matrix[:3, :3] = turn * np.asarray(self.scale, float)
        place = np.asarray(self.translation if translation is None else translation, float)
        matrix[:3, 3] = place + np.asarray(self.pivot) - turn @ np.asarray(self.pivot, float)
        return matrix


@dataclass
class Take:
    """keys: (node or shape, property) -> (T, 3) or (T, 1), a key a frame."""

    name: str
    fps: float = 30.0
    keys: Mapping[tuple[str, str], np.ndarray] = field(default_factory=dict)
    seconds: float | None = None


@dataclass
class FbxFile:
    """What goes into a file. unit: centimetres. bind: node -> (4, 4) of a bind pose, in the file's world."""

    joints: list[Joint]
    takes: list[Take] = field(default_factory=list)
    unit: float = 1.0
    axes: Mapping[str, tuple[int, int]] = field(default_factory=lambda: Y_UP)
    bind: Mapping[str, np.ndarray] = field(default_factory=dict)
    shapes: Sequence[str] = ()
    version: int = 7400

    def __post_init__(self) -> None:
        self._objects: list[Record] = []
        self._links: list[Record] = []
        self._ids: dict[str, int] = {}

    def worlds(self, frame_keys: Mapping[tuple[str, str], np.ndarray]) -> dict[str, np.ndarray]:
        """(4, 4) of each node, in metres, right-handed, Y up, +Z forward. frame_keys: (3,) for what a take moves."""
        basis = np.zeros((4, 4))
        basis[3, 3] = 1.0
        for row, (number, sign) in enumerate(self.axes[key] for key in ("Coord", "Up", "Front")):
            basis[row, number] = sign * self.unit * 0.01
        found, turns = {"": basis}, {"": basis[:3, :3] / (self.unit * 0.01)}
        scales = {"": np.ones(3)} | {joint.name: np.asarray(joint.scale, float) for joint in self.joints}
        for joint in self.joints:
            above = found[joint.parent]
            moved = [frame_keys.get((joint.name, f"Lcl {what}")) for what in ("Translation", "Rotation")]
            local = joint.local(*moved)
            found[joint.name] = above @ local
            turns[joint.name] = turns[joint.parent] @ (local[:3, :3] / scales[joint.name])
            if joint.inherit != 1:
                scale = turns[joint.parent].T @ above[:3, :3]
                passed_on = scale / scales[joint.parent] if joint.inherit == 2 else scale
                found[joint.name][:3, :3] = turns[joint.name] @ passed_on * scales[joint.name]
        return {joint.name: found[joint.name] for joint in self.joints}

    def at(self, take: Take, frame: int) -> dict[str, np.ndarray]:
        """`worlds` in a frame of a take."""
        return self.worlds({key: values[frame] for key, values in take.keys.items()})

    def data(self) -> bytes:
        """The file."""
        self._objects, self._links, self._ids = [], [], {}
        for joint in self.joints:
            self._add_joint(joint)
        if self.shapes:
            self._add_mesh()
        if self.bind:
            self._add_bind_pose()
        for take in self.takes:
            self._add_take(take)
        settings = [_p(f"{key}{end}", "int", np.int32(value)) for key, pair in self.axes.items() for end, value in zip(("Axis", "AxisSign"), pair, strict=True)]  # fmt: skip
        settings += [_p("UnitScaleFactor", "double", float(self.unit)), _p("TimeMode", "enum", np.int32(6))]
        kinds = sorted({record.name for record in self._objects})
        root = [
            Record.of("FBXHeaderExtension", inside=[Record.of("FBXVersion", np.int32(self.version))]),
            Record.of("GlobalSettings", inside=[_properties(settings)]),
            Record.of("Definitions", inside=[Record.of("Count", np.int32(len(self._objects))), *(Record.of("ObjectType", kind) for kind in kinds)]),
            Record.of("Objects", inside=self._objects),
            Record.of("Connections", inside=self._links),
        ]  # fmt: skip
        header = b"Kaydara FBX Binary  \x00\x1a\x00" + struct.pack("<I", self.version)
        return header + _written(root, len(header), self.version >= 7500) + bytes(160)

    def _id(self, name: str) -> int:
        return self._ids.setdefault(name, 1000 + len(self._ids))

    def _link(self, child: int, parent: int, name: str = "") -> None:
        self._links.append(Record.of("C", "OP", child, parent, name) if name else Record.of("C", "OO", child, parent))

    def _add_joint(self, joint: Joint) -> None:
        number, attribute = self._id(joint.name), self._id(f"{joint.name} attribute")
        entries = [
            _p("PreRotation", "Vector3D", *joint.pre),
            _p("PostRotation", "Vector3D", *joint.post),
            _p("RotationActive", "bool", np.int32(1)),
            _p("RotationOrder", "enum", np.int32(ORDERS.index(joint.order))),
            _p("RotationPivot", "Vector3D", *joint.pivot),
            _p("InheritType", "enum", np.int32(joint.inherit)),
            _p("Lcl Translation", "Lcl Translation", *joint.translation),
            _p("Lcl Rotation", "Lcl Rotation", *joint.rotation),
            _p("Lcl Scaling", "Lcl Scaling", *joint.scale),
        ]
        self._objects.append(Record.of("Model", number, f"{joint.name}\x00\x01Model", joint.kind, inside=[Record.of("Version", np.int32(232)), _properties(entries)]))  # fmt: skip
        kinds = {"LimbNode": "Skeleton", "Null": "Null"}
        self._objects.append(Record.of("NodeAttribute", attribute, "\x00\x01NodeAttribute", joint.kind, inside=[Record.of("TypeFlags", kinds[joint.kind])]))  # fmt: skip
        self._link(number, self._id(joint.parent) if joint.parent else 0)
        self._link(attribute, number)

    def _add_mesh(self) -> None:
        """A triangle with a blend shape of each name."""
        model, geometry, deformer = self._id("mesh"), self._id("mesh geometry"), self._id("mesh deformer")
        corners = np.array([0, 0, 0, 1, 0, 0, 0, 1, 0], np.float64)
        self._objects.append(Record.of("Model", model, "mesh\x00\x01Model", "Mesh", inside=[_properties([])]))
        self._objects.append(Record.of("Geometry", geometry, "mesh\x00\x01Geometry", "Mesh", inside=[Record.of("Vertices", corners), Record.of("PolygonVertexIndex", np.array([0, 1, -3], np.int32))]))  # fmt: skip
        self._objects.append(Record.of("Deformer", deformer, "\x00\x01Deformer", "BlendShape", inside=[Record.of("Version", np.int32(100))]))  # fmt: skip
        self._link(model, 0)
        self._link(geometry, model)
        self._link(deformer, geometry)
        for name in self.shapes:
            channel, shape = self._id(name), self._id(f"{name} shape")
            inside = [Record.of("Version", np.int32(100)), Record.of("DeformPercent", 0.0), Record.of("FullWeights", np.array([100.0]))]  # fmt: skip
            self._objects.append(Record.of("Deformer", channel, f"{name}\x00\x01SubDeformer", "BlendShapeChannel", inside=inside))  # fmt: skip
            moved = [Record.of("Version", np.int32(100)), Record.of("Indexes", np.array([0], np.int32)), Record.of("Vertices", np.array([0.0, 0.0, 1.0])), Record.of("Normals", np.zeros(3))]  # fmt: skip
            self._objects.append(Record.of("Geometry", shape, f"{name}\x00\x01Geometry", "Shape", inside=moved))
            self._link(channel, deformer)
            self._link(shape, channel)

    def _add_bind_pose(self) -> None:
        nodes = [
            Record.of("PoseNode", inside=[Record.of("Node", self._id(name)), Record.of("Matrix", matrix.T.reshape(-1).astype(np.float64))])
            for name, matrix in self.bind.items()
        ]  # fmt: skip
        head = [Record.of("Type", "BindPose"), Record.of("Version", np.int32(100)), Record.of("NbPoseNodes", np.int32(len(nodes)))]  # fmt: skip
        self._objects.append(Record.of("Pose", self._id("bind"), "bind\x00\x01Pose", "BindPose", inside=head + nodes))

    def _add_take(self, take: Take) -> None:
        longest = max((len(values) for values in take.keys.values()), default=1)
        seconds = (longest - 1) / take.fps if take.seconds is None else take.seconds
        span = [_p(name, "KTime", time) for name, time in (("LocalStart", 0), ("LocalStop", round(seconds * TICKS)))]
        stack, layer = self._id(f"take {take.name}"), self._id(f"take {take.name} layer")
        self._objects.append(Record.of("AnimationStack", stack, f"{take.name}\x00\x01AnimStack", "", inside=[_properties(span)]))  # fmt: skip
        self._objects.append(Record.of("AnimationLayer", layer, "Layer\x00\x01AnimLayer", "", inside=[_properties([])]))
        self._link(layer, stack)
        for (owner, name), values in take.keys.items():
            node = self._id(f"{take.name} {owner} {name}")
            parts = [f"d|{axis}" for axis in "XYZ"] if values.shape[1] == 3 else [f"d|{name}"]
            defaults = [_p(part, "Number", float(at)) for part, at in zip(parts, values[0], strict=True)]
            self._objects.append(Record.of("AnimationCurveNode", node, f"{name.split()[-1][0]}\x00\x01AnimCurveNode", "", inside=[_properties(defaults)]))  # fmt: skip
            self._link(node, layer)
            self._link(node, self._id(owner), name)
            times = np.round(np.arange(len(values)) / take.fps * TICKS).astype(np.int64)
            for part, column in zip(parts, values.T, strict=True):
                curve = self._id(f"{take.name} {owner} {name} {part}")
                self._objects.append(Record.of("AnimationCurve", curve, "\x00\x01AnimCurve", "", inside=_keys(times, column)))  # fmt: skip
                self._link(curve, node, part)


HUMAN = load_skeleton("mixamo")
SHAPES = ("Jaw_Open", "Mouth_Smile_L", "Mouth_Smile_R", "Eye_Blink_L", "Eye_Blink_R", "Brow_Raise_Inner_L")


def human(
    unit: float = 1.0,
    axes: dict = Y_UP,
    *,
    armature: bool = False,
    for_blender: bool = False,
    skeleton: Skeleton = HUMAN,
) -> FbxFile:
    """A figure of a skeleton's joints, each with axes and an order of its own. armature: under one of another scale."""
    joints = []
    metres = 1.0 if armature else 0.01 * unit
    if armature:
        joints.append(Joint("Armature", scale=(100 / unit,) * 3, kind="Null"))
    for at, name in enumerate(skeleton.joint_names):
        above = skeleton.joint_names[skeleton.parents[at]] if at else ("Armature" if armature else "")
        apart = (0, 0, 0) if for_blender else (at * 13 % 40, -at * 7 % 30, at)
        post = Rotation.from_euler("xyz", apart, degrees=True)
        turn, place = Rotation.from_quat(skeleton.rest_rotations_xyzw[at]), skeleton.rest_translations[at] / metres
        if at == 0:
            basis = np.zeros((3, 3))
            for row, (number, sign) in enumerate(axes[key] for key in ("Coord", "Up", "Front")):
                basis[row, number] = sign
            turn, place = Rotation.from_matrix(basis.T) * turn, basis.T @ place
        angles = (turn * post).as_euler("xyz", degrees=True)
        joints.append(
            Joint(
                name,
                above,
                place,
                pre=angles,
                post=post.as_euler("xyz", degrees=True),
                order=ORDERS[0 if for_blender else at % 6],
            )
        )
    return FbxFile(joints, unit=unit, axes=axes, shapes=SHAPES)


def _keys(times: np.ndarray, values: np.ndarray) -> list[Record]:
    return [
        Record.of("Default", float(values[0])),
        Record.of("KeyVer", np.int32(4008)),
        Record.of("KeyTime", times),
        Record.of("KeyValueFloat", values.astype(np.float32)),
        Record.of("KeyAttrFlags", np.array([4], np.int32)),
        Record.of("KeyAttrDataFloat", np.zeros(4, np.float32)),
        Record.of("KeyAttrRefCount", np.array([len(values)], np.int32)),
    ]


_LABELS = {"double": "Number", "int": "Integer", "Vector3D": "Vector", "KTime": "Time"}
_WHOLE = ("KTime", "int", "enum", "bool")


def _p(name: str, kind: str, *values: float | int | np.integer) -> Record:
    numbers = values if kind in _WHOLE else map(float, values)
    flags = "A" if kind.startswith("Lcl") or kind == "Number" else ""
    return Record.of("P", name, kind, _LABELS.get(kind, ""), flags, *numbers)


def _properties(entries: list[Record]) -> Record:
    return Record("Properties70", inside=entries, block=True)


def _written(records: list[Record], at: int, wide: bool) -> bytes:
    """Records one after another from a place in the file on, and the empty one behind them."""
    header = struct.Struct("<QQQB" if wide else "<IIIB")
    written = b""
    for record in records:
        name = record.name.encode()
        body = at + len(written) + header.size + len(name) + len(record.values)
        inside = _written(record.inside, body, wide) if record.inside or record.block else b""
        written += header.pack(body + len(inside), record.count, len(record.values), len(name)) + name + record.values
        written += inside
    return written + bytes(header.size)
