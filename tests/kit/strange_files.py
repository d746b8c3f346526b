"""Files of the kinds that people bring: one plain figure in one known pose, written by a writer of its own.

All bodies are metres, Y up, facing +Z, T-pose; all motion is one known pose that grows over 31 frames at 30 a second: hips
turned 30 degrees about Y, spine and chest bent 20 and 15 degrees forward, left upper arm 60 degrees down, left elbow bent by
90 degrees, left middle finger 40 degrees a joint. More of the kind, as files, are in tests/data/strange_files.
"""

import csv
import json
import struct
from pathlib import Path

import numpy as np

from folders import ROOT

FRAMES, FPS = 31, 30
FINGERS = (
    ("thumb", (0.03, -0.01, 0.03), (0.025, -0.008, 0.02)),
    ("index", (0.09, 0, 0.03), (0.03, 0, 0)),
    ("middle", (0.092, 0, 0.01), (0.03, 0, 0)),
    ("ring", (0.09, 0, -0.01), (0.03, 0, 0)),
    ("pinky", (0.085, 0, -0.03), (0.025, 0, 0)),
)
FIGURE = {
    "hips": (None, (0, 0.94, 0)),
    "spine": ("hips", (0, 0.10, 0)),
    "chest": ("spine", (0, 0.14, 0)),
    "upperchest": ("chest", (0, 0.14, 0)),
    "neck": ("upperchest", (0, 0.16, 0)),
    "head": ("neck", (0, 0.09, 0.01)),
    "l_collar": ("upperchest", (0.03, 0.11, 0)),
    "l_arm": ("l_collar", (0.14, 0, 0)),
    "l_fore": ("l_arm", (0.27, 0, 0)),
    "l_hand": ("l_fore", (0.25, 0, 0)),
    "l_hip": ("hips", (0.09, -0.05, 0)),
    "l_knee": ("l_hip", (0, -0.42, 0)),
    "l_ankle": ("l_knee", (0, -0.41, -0.01)),
    "l_toe": ("l_ankle", (0, -0.06, 0.13)),
}
for _finger, _first, _next in FINGERS:
    FIGURE[f"l_{_finger}1"] = ("l_hand", _first)
    FIGURE[f"l_{_finger}2"] = (f"l_{_finger}1", _next)
    FIGURE[f"l_{_finger}3"] = (f"l_{_finger}2", _next)
for _key, (_parent, _offset) in list(FIGURE.items()):
    if _key.startswith("l_"):
        mirrored = "r_" + _parent[2:] if _parent.startswith("l_") else _parent
        FIGURE["r_" + _key[2:]] = (mirrored, (-_offset[0], *_offset[1:]))


# ------------------------------------------------------------------------------------------------------------ rotations


def multiply(a, b):
    ax, ay, az, aw = np.moveaxis(np.asarray(a, float), -1, 0)
    bx, by, bz, bw = np.moveaxis(np.asarray(b, float), -1, 0)
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ],
        -1,
    )


def inverse(q):
    return np.asarray(q, float) * [-1, -1, -1, 1]


def rotate(q, v):
    q, v = np.asarray(q, float), np.asarray(v, float)
    v = np.broadcast_to(v, np.broadcast_shapes((*q.shape[:-1], 3), v.shape))
    return multiply(multiply(q, np.concatenate([v, np.zeros((*v.shape[:-1], 1))], -1)), inverse(q))[..., :3]


def about(axis, degrees):
    half = np.radians(np.asarray(degrees, float)) / 2
    axis = np.asarray(axis, float) / np.linalg.norm(axis)
    return np.concatenate([np.sin(half)[..., None] * axis, np.cos(half)[..., None]], -1)


def euler_zxy(q):
    """Degrees about Z, X, Y, the first outermost. q: (..., 4)."""
    m = np.stack([rotate(q, np.eye(3)[i]) for i in range(3)], -1)
    x = np.arcsin(np.clip(m[..., 2, 1], -1, 1))
    return np.degrees(
        np.stack([np.arctan2(-m[..., 0, 1], m[..., 1, 1]), x, np.arctan2(-m[..., 2, 0], m[..., 2, 2])], -1)
    )


def from_x_to(v):
    axis = np.cross([1.0, 0, 0], v)
    sine = np.linalg.norm(axis)
    if sine < 1e-6:
        return np.array([0, 0, 0, 1.0]) if v[0] > 0 else np.array([0, 1.0, 0, 0])
    return about(axis, np.degrees(np.arctan2(sine, v[0])))


# --------------------------------------------------------------------------------------------------------------- figure


def figure(names):
    """(names, parents, offsets) of the joints that `names` has; the others are left out."""
    kept = [key for key in FIGURE if key in names]
    parents, offsets = [], []
    for key in kept:
        parent, offset = FIGURE[key][0], np.array(FIGURE[key][1], float)
        while parent is not None and parent not in kept:
            parent, offset = FIGURE[parent][0], offset + FIGURE[parent][1]
        parents.append(-1 if parent is None else kept.index(parent))
        offsets.append(offset)
    return [names[key] for key in kept], parents, np.array(offsets)


def depth_first(names, parents, offsets):
    order = []

    def visit(joint):
        order.append(joint)
        for child, parent in enumerate(parents):
            if parent == joint:
                visit(child)

    visit(parents.index(-1))
    at = {old: new for new, old in enumerate(order)}
    return [names[o] for o in order], [at.get(parents[o], -1) for o in order], np.asarray(offsets)[order]


def sided(pattern, parts):
    return {
        f"{side}_{key}": pattern(letter, part)
        for side, letter in (("l", "L"), ("r", "R"))
        for key, part in parts.items()
    }


def mixamo(prefix=""):
    names = {
        "hips": "Hips",
        "spine": "Spine",
        "chest": "Spine1",
        "upperchest": "Spine2",
        "neck": "Neck",
        "head": "Head",
    }
    words = {"L": "Left", "R": "Right"}
    parts = {
        "collar": "Shoulder",
        "arm": "Arm",
        "fore": "ForeArm",
        "hand": "Hand",
        "hip": "UpLeg",
        "knee": "Leg",
        "ankle": "Foot",
        "toe": "ToeBase",
    }
    parts |= {f"{f}{i}": f"Hand{f.capitalize()}{i}" for f, *_ in FINGERS for i in (1, 2, 3)}
    return {key: prefix + name for key, name in (names | sided(lambda s, p: words[s] + p, parts)).items()}


def character_creator():
    names = {
        "hips": "CC_Base_Hip",
        "spine": "CC_Base_Waist",
        "chest": "CC_Base_Spine01",
        "upperchest": "CC_Base_Spine02",
        "neck": "CC_Base_NeckTwist01",
        "head": "CC_Base_Head",
    }
    parts = {
        "collar": "Clavicle",
        "arm": "Upperarm",
        "fore": "Forearm",
        "hand": "Hand",
        "hip": "Thigh",
        "knee": "Calf",
        "ankle": "Foot",
        "toe": "ToeBase",
    }
    short = {"middle": "Mid"}
    parts |= {f"{f}{i}": f"{short.get(f, f.capitalize())}{i}" for f, *_ in FINGERS for i in (1, 2, 3)}
    joints, parents, offsets = figure(names | sided(lambda s, p: f"CC_Base_{s}_{p}", parts))
    joints, parents, offsets = [*joints, "CC_Base_Pelvis"], [*parents, 0], np.vstack([offsets, [0, -0.01, 0]])
    for side in "LR":  # the legs hang on a pelvis of their own under the hip
        thigh = joints.index(f"CC_Base_{side}_Thigh")
        parents[thigh], offsets[thigh] = len(joints) - 1, offsets[thigh] + [0, 0.01, 0]
    return depth_first(joints, parents, offsets)


def biped():
    names = {
        "hips": "Pelvis",
        "spine": "Spine",
        "chest": "Spine1",
        "upperchest": "Spine2",
        "neck": "Neck",
        "head": "Head",
    }
    parts = {
        "collar": "Clavicle",
        "arm": "UpperArm",
        "fore": "Forearm",
        "hand": "Hand",
        "hip": "Thigh",
        "knee": "Calf",
        "ankle": "Foot",
        "toe": "Toe0",
    }
    for number, (finger, *_) in enumerate(FINGERS):
        parts |= {f"{finger}1": f"Finger{number}", f"{finger}2": f"Finger{number}1", f"{finger}3": f"Finger{number}2"}
    return figure({k: f"Bip001 {n}" for k, n in (names | sided(lambda s, p: f"{s} {p}", parts)).items()})


def short_names():
    """Names with a letter for the side and one for the part, as optical systems write them: LUArm, LFArm."""
    names = {"hips": "Hips", "spine": "Ab", "chest": "Chest", "neck": "Neck", "head": "Head"}
    parts = {
        "collar": "Shoulder",
        "arm": "UArm",
        "fore": "FArm",
        "hand": "Hand",
        "hip": "Thigh",
        "knee": "Shin",
        "ankle": "Foot",
        "toe": "Toe",
    }
    return figure(names | sided(lambda s, p: s + p, parts))


def pose(names, parents, offsets):
    """World positions (T, J, 3) and rotations (T, J, 4) of the known pose on the Mixamo-named figure."""
    grow = np.linspace(0, 1, FRAMES)
    local = np.tile([0, 0, 0, 1.0], (FRAMES, len(names), 1))
    for joint, axis, degrees in (
        ("Hips", (0, 1, 0), 30), ("Spine", (1, 0, 0), 20), ("Spine1", (1, 0, 0), 15), ("LeftArm", (0, 0, 1), -60),
        ("LeftForeArm", (0, 1, 0), -90), *((f"LeftHandMiddle{i}", (0, 0, 1), -40) for i in (1, 2, 3)),
    ):  # fmt: skip
        local[:, names.index(joint)] = about(axis, degrees * grow)
    places, turns = np.zeros((FRAMES, len(names), 3)), np.zeros((FRAMES, len(names), 4))
    for joint, parent in enumerate(parents):
        if parent < 0:
            places[:, joint], turns[:, joint] = offsets[joint], local[:, joint]
        else:
            turns[:, joint] = multiply(turns[:, parent], local[:, joint])
            places[:, joint] = places[:, parent] + rotate(turns[:, parent], offsets[joint])
    return places, turns


# ------------------------------------------------------------------------------------------------------------------ bvh


def write_bvh(path, names, parents, offsets, turns, root, root_offset):
    """turns: (T, J, 4) world rotations. Channels ZXY; lengths as they are given."""
    local = turns.copy()
    for joint, parent in enumerate(parents):
        if parent >= 0:
            local[:, joint] = multiply(inverse(turns[:, parent]), turns[:, joint])
    angles, lines, order = euler_zxy(local), ["HIERARCHY"], []

    def visit(joint, depth):
        pad = "\t" * depth
        order.append(joint)
        offset = root_offset if parents[joint] < 0 else offsets[joint]
        lines.extend([f"{pad}{'ROOT' if depth == 0 else 'JOINT'} {names[joint]}", pad + "{"])
        lines.append(pad + "\tOFFSET " + " ".join(f"{v:.5f}" for v in offset))
        lines.append(
            pad
            + "\tCHANNELS "
            + ("3 " if depth else "6 Xposition Yposition Zposition ")
            + "Zrotation Xrotation Yrotation"
        )
        children = [child for child, parent in enumerate(parents) if parent == joint]
        for child in children:
            visit(child, depth + 1)
        if not children:
            lines.extend([pad + "\tEnd Site", pad + "\t{", pad + "\t\tOFFSET 0 0 0", pad + "\t}"])
        lines.append(pad + "}")

    visit(parents.index(-1), 0)
    lines += ["MOTION", f"Frames: {len(turns)}", f"Frame Time: {1 / FPS:.7f}"]
    for frame in range(len(turns)):
        values = [*root[frame], *(v for joint in order for v in angles[frame, joint])]
        lines.append(" ".join(f"{v:.4f}" for v in values))
    Path(path).write_text("\n".join(lines) + "\n")


def rest_bvh(path, names, parents, offsets):
    write_bvh(
        path,
        names,
        parents,
        offsets * 100,
        np.tile([0, 0, 0, 1.0], (1, len(names), 1)),
        offsets[:1] * 100,
        offsets[0] * 100,
    )


# ------------------------------------------------------------------------------------------------------------------ glb


class Glb:
    def __init__(self):
        self.document, self.binary = {"asset": {"version": "2.0"}, "nodes": [], "accessors": [], "bufferViews": []}, b""

    def array(self, values, component=5126, normalized=False):
        kinds = {5126: "<f4", 5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2"}
        data = np.ascontiguousarray(values, kinds[component])
        width = 1 if data.ndim == 1 else data.shape[1]
        self.document["bufferViews"].append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": data.nbytes})
        self.binary += data.tobytes() + b"\0" * (-data.nbytes % 4)
        kind = {1: "SCALAR", 3: "VEC3", 4: "VEC4", 16: "MAT4"}[width]
        view = len(self.document["bufferViews"]) - 1
        entry = {"bufferView": view, "componentType": component, "count": len(data), "type": kind}
        entry |= {"normalized": True} if normalized else {}
        if width in (1, 3):
            entry |= {"min": np.atleast_1d(data.min(0)).tolist(), "max": np.atleast_1d(data.max(0)).tolist()}
        self.document["accessors"].append(entry)
        return len(self.document["accessors"]) - 1

    def animate(self, tracks, interpolation="LINEAR"):
        animation = {"channels": [], "samplers": []}
        for node, path, times, values, *kind in tracks:
            sampler = {
                "input": self.array(np.asarray(times, float)),
                "output": values if isinstance(values, int) else self.array(values),
                "interpolation": kind[0] if kind else interpolation,
            }
            animation["samplers"].append(sampler)
            animation["channels"].append(
                {"sampler": len(animation["samplers"]) - 1, "target": {"node": node, "path": path}}
            )
        self.document.setdefault("animations", []).append(animation)

    def whole(self):
        nodes = self.document["nodes"]
        children = {child for node in nodes for child in node.get("children", [])}
        document = {"buffers": [{"byteLength": len(self.binary)}], **self.document, "scene": 0}
        document["scenes"] = [{"nodes": [i for i in range(len(nodes)) if i not in children]}]
        return document

    def write(self, path):
        document = self.whole()
        text = json.dumps(document).encode()
        text += b" " * (-len(text) % 4)
        body = (
            struct.pack("<II", len(text), 0x4E4F534A)
            + text
            + struct.pack("<II", len(self.binary), 0x004E4942)
            + self.binary
        )
        Path(path).write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body)


def rig(names, parents, offsets, armature=None, skins=None, extra=None):
    """A figure of joints with a triangle skinned to each skin."""
    glb = Glb()
    for joint, name in enumerate(names):
        children = [child for child, parent in enumerate(parents) if parent == joint]
        glb.document["nodes"].append(
            {"name": name, "translation": offsets[joint].tolist(), **({"children": children} if children else {})}
        )
    if armature:
        glb.document["nodes"].append({"name": "Armature", "children": [parents.index(-1)], **armature})
    corners = glb.array(np.array([[0, 0, 0], [0.01, 0, 0], [0, 0.01, 0]]))
    for number, joints in enumerate([list(range(len(names)))] if skins is None else skins):
        glb.document.setdefault("skins", []).append({"joints": joints})
        attributes = {
            "POSITION": corners,
            "JOINTS_0": glb.array(np.zeros((3, 4)), 5121),
            "WEIGHTS_0": glb.array(np.tile([1, 0, 0, 0], (3, 1))),
        }
        glb.document.setdefault("meshes", []).append({"primitives": [{"attributes": attributes}]})
        glb.document["nodes"].append({"name": f"mesh{number}", "mesh": number, "skin": number})
    glb.document.update(extra or {})
    return glb


# ---------------------------------------------------------------------------------------------------------------- cases


def wav(samples, channels, data_size=None, riff_size=None):
    data = samples.astype("<i2").tobytes()
    size = len(data) if data_size is None else data_size
    head = struct.pack("<IHHIIHH", 16, 1, channels, 16000, 32000 * channels, 2 * channels, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size if riff_size is None else riff_size)
        + b"WAVEfmt "
        + head
        + b"data"
        + struct.pack("<I", size)
        + data
    )


def audio(out):
    raw = (ROOT / "examples/speech.wav").read_bytes()
    at = raw.index(b"data")
    speech = np.frombuffer(raw[at + 8 : at + 8 + struct.unpack_from("<I", raw, at + 4)[0]], "<i2")
    (out / "pipe_header.wav").write_bytes(wav(speech, 1, 0x7FFFF000, 0x7FFFF024))
    (out / "zero_header.wav").write_bytes(wav(speech, 1, 0, 0))
    (out / "inverted_stereo.wav").write_bytes(wav(np.stack([speech, -np.maximum(speech, -32767)], 1), 2))


APP_ORDER = [
    "EyeBlinkLeft", "EyeLookDownLeft", "EyeLookInLeft", "EyeLookOutLeft", "EyeLookUpLeft", "EyeSquintLeft",
    "EyeWideLeft", "EyeBlinkRight", "EyeLookDownRight", "EyeLookInRight", "EyeLookOutRight", "EyeLookUpRight",
    "EyeSquintRight", "EyeWideRight", "JawForward", "JawRight", "JawLeft", "JawOpen", "MouthClose", "MouthFunnel",
    "MouthPucker", "MouthRight", "MouthLeft", "MouthSmileLeft", "MouthSmileRight", "MouthFrownLeft", "MouthFrownRight",
    "MouthDimpleLeft", "MouthDimpleRight", "MouthStretchLeft", "MouthStretchRight", "MouthRollLower", "MouthRollUpper",
    "MouthShrugLower", "MouthShrugUpper", "MouthPressLeft", "MouthPressRight", "MouthLowerDownLeft",
    "MouthLowerDownRight", "MouthUpperUpLeft", "MouthUpperUpRight", "BrowDownLeft", "BrowDownRight", "BrowInnerUp",
    "BrowOuterUpLeft", "BrowOuterUpRight", "CheekPuff", "CheekSquintLeft", "CheekSquintRight", "NoseSneerLeft",
    "NoseSneerRight", "TongueOut",
]  # fmt: skip
ANGLES = [
    "HeadYaw", "HeadPitch", "HeadRoll", "LeftEyeYaw", "LeftEyePitch", "LeftEyeRoll", "RightEyeYaw", "RightEyePitch",
    "RightEyeRoll",
]  # fmt: skip


def face_csv(path, seconds, click):
    """Rows at these seconds of the day, 60 codes a second; the jaw opens in the row `click` alone."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Timecode", "BlendShapeCount", *APP_ORDER, *ANGLES])
        for number, second in enumerate(np.asarray(seconds) % 86400):
            whole = int(second + 1e-6)
            code = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{round((second - whole) * 60):02d}.000"
            rows.writerow([code, 61, *(int(number == click and name == "JawOpen") for name in (*APP_ORDER, *ANGLES))])


def faces(out):
    at = 36000 + np.arange(240) / 60
    kept = np.r_[0:60, 90:240]  # half a second is missing
    face_csv(out / "csv_hole.csv", at[kept], int(np.flatnonzero(kept == 180)[0]))
    face_csv(out / "csv_midnight.csv", 86400 - 1.5 + np.arange(240) / 60, 180)
    glb, names = Glb(), [name[0].lower() + name[1:] for name in APP_ORDER if name != "TongueOut"]
    zero, corners = glb.array(np.zeros((3, 3))), glb.array(np.array([[0, 0, 0], [0.01, 0, 0], [0, 0.01, 0]]))
    primitive = {"attributes": {"POSITION": corners}, "targets": [{"POSITION": zero} for _ in names]}
    glb.document["meshes"] = [
        {"primitives": [primitive], "extras": {"targetNames": names}, "weights": [0.0] * len(names)}
    ]
    glb.document["nodes"] = [{"name": "Head", "mesh": 0}]
    weights = np.zeros((FRAMES, len(names)))
    weights[:, names.index("jawOpen")] = np.linspace(0, 0.8, FRAMES)
    glb.animate([(0, "weights", np.arange(FRAMES) / FPS, weights.reshape(-1))])
    glb.write(out / "face_51_shapes.glb")


def bodies(out):
    names, parents, offsets = figure(mixamo())
    places, turns = pose(names, parents, offsets)
    root = places[:, 0] * 100
    write_bvh(out / "plain.bvh", names, parents, offsets * 100, turns, root, [0, 94, 0])
    write_bvh(out / "metres.bvh", names, parents, offsets, turns, root / 100, [0, 0.94, 0])
    up = about((1, 0, 0), 90.0)
    write_bvh(
        out / "z_up.bvh",
        names,
        parents,
        rotate(up, offsets) * 100,
        multiply(multiply(up, turns), inverse(up)),
        rotate(up, root),
        [0, 0, 94],
    )
    moved = root + np.array([100.0, 0, -20.0])
    write_bvh(out / "root_offset.bvh", names, parents, offsets * 100, turns, moved, [-42.2, 91.6, -40.0])
    bones = np.zeros(
        (len(names), 4)
    )  # each joint's axes such that its bone lies along X: the same motion, a rest pose that is none
    for joint, name in enumerate(names):
        children = [child for child, parent in enumerate(parents) if parent == joint]
        chosen = {
            "Hips": "Spine",
            "Spine2": "Neck",
            "LeftHand": "LeftHandMiddle1",
            "RightHand": "RightHandMiddle1",
        }.get(name)
        to = names.index(chosen) if chosen else children[0] if children else None
        bones[joint] = bones[parents[joint]] if to is None else from_x_to(offsets[to] / np.linalg.norm(offsets[to]))
    along = np.array([o if p < 0 else rotate(inverse(bones[p]), o) for o, p in zip(offsets, parents, strict=True)])
    write_bvh(out / "bones_along_x.bvh", names, parents, along * 100, multiply(turns, bones[None]), root, [0, 0, 0])
    for name, skeleton in (
        ("character_creator", character_creator()),
        ("biped", biped()),
        ("short_names", short_names()),
    ):
        rest_bvh(out / f"{name}.bvh", *skeleton)


def rigs(out):
    names, parents, offsets = figure(mixamo("mixamorig:"))
    head, hips = names.index("mixamorig:Head"), 0
    back = rotate(about((0, 1, 0), 180.0), offsets)
    rig(names, parents, back, extra={"extensionsUsed": ["VRM"], "extensions": {"VRM": {"specVersion": "0.0"}}}).write(
        out / "faces_back.glb"
    )
    turn = about((1, 0, 0), -90.0)
    rig(names, parents, rotate(inverse(turn), offsets) * 100, {"rotation": turn.tolist(), "scale": [0.01] * 3}).write(
        out / "armature.glb"
    )
    rig(names, parents, offsets, skins=[[names.index("mixamorig:Neck"), head], list(range(len(names)))]).write(
        out / "head_skin_first.glb"
    )
    rig(
        names,
        parents,
        offsets,
        extra={"extensionsUsed": ["EXT_texture_webp"], "extensionsRequired": ["EXT_texture_webp"]},
    ).write(out / "webp_required.glb")
    bones = {"hips": "hips", "spine": "spine", "chest": "chest", "neck": "neck", "head": "head"}
    parts = {
        "collar": "Shoulder",
        "arm": "UpperArm",
        "fore": "LowerArm",
        "hand": "Hand",
        "hip": "UpperLeg",
        "knee": "LowerLeg",
        "ankle": "Foot",
        "toe": "Toes",
    }
    bones |= sided(lambda s, part: {"L": "left", "R": "right"}[s] + part, parts)
    plain, above, places = figure({key: f"node {number}" for number, key in enumerate(FIGURE) if key in bones})
    kept = [key for key in FIGURE if key in bones]
    human = {bones[key]: {"node": number} for number, key in enumerate(kept)}
    vrm = {
        "extensionsUsed": ["VRMC_vrm"],
        "extensions": {"VRMC_vrm": {"specVersion": "1.0", "humanoid": {"humanBones": human}}},
    }
    rig(plain, above, places, extra=vrm).write(out / "vrm_table.glb")
    times, nod = np.arange(FRAMES) / FPS, about((0, 1, 0), np.arange(FRAMES))
    bare = rig(names, parents, offsets, skins=[])
    bare.animate([(head, "rotation", times, nod)])
    bare.write(out / "no_skin.glb")
    late = rig(names, parents, offsets)
    late.animate([(head, "rotation", times + 0.5, nod)])
    late.write(out / "starts_at_half_a_second.glb")
    mixed = rig(names, parents, offsets)
    walk = np.stack([[0, 0.94, 0.1 * second] for second in range(11)])
    shake = about((0, 1, 0), np.array([0, 15, 30, 15, 0, -15, -30, -15, 0]))
    mixed.animate([(hips, "translation", np.arange(11.0), walk), (head, "rotation", 4.3 + np.arange(9) / 30, shake)])
    mixed.write(out / "keys_of_two_rates.glb")
    cubic = rig(names, parents, offsets)
    keys = about((1, 0, 0), np.array([0.0, 40.0, 0.0]))
    cubic.animate(
        [
            (
                head,
                "rotation",
                np.arange(3.0),
                np.stack([np.zeros_like(keys), keys, np.zeros_like(keys)], 1).reshape(-1, 4),
            )
        ],
        "CUBICSPLINE",
    )
    cubic.write(out / "cubic.glb")


def archives(out):
    grow = np.linspace(0, 1, FRAMES)
    poses = np.zeros((FRAMES, 55, 3), np.float32)
    for joint, axis, degrees in (
        (0, 1, 30),
        (3, 0, 20),
        (6, 0, 15),
        (16, 2, -60),
        (18, 1, -90),
        (28, 2, -40),
        (29, 2, -40),
        (30, 2, -40),
    ):
        poses[:, joint, axis] = np.radians(degrees) * grow
    trans = np.tile([0, 1.3, 0], (FRAMES, 1))
    plain = {
        "betas": np.zeros(300),
        "poses": poses.reshape(FRAMES, 165),
        "expressions": np.zeros((FRAMES, 100)),
        "trans": trans,
        "mocap_frame_rate": 30,
    }
    np.savez(out / "pose.npz", model="smplx2020", gender="neutral", **plain)
    np.savez(out / "object_gender.npz", model="smplx2020", gender=np.array("neutral", dtype=object), **plain)
    standing = np.zeros((FRAMES, 156))
    standing[:, 0] = np.pi / 2
    np.savez(
        out / "amass_frame_rate.npz",
        poses=standing,
        trans=np.tile([0, 0, 1.2], (FRAMES, 1)),
        betas=np.zeros(16),
        gender=np.array(b"male"),
        mocap_frame_rate=120.0,
    )


def write_strange_files(folder: Path) -> None:
    """All of them."""
    folder.mkdir(parents=True, exist_ok=True)
    audio(folder)
    faces(folder)
    bodies(folder)
    rigs(folder)
    archives(folder)
