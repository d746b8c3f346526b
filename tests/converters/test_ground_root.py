"""Unreal's root on the ground: the same motion, held by other joints."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motions import random_motion
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.formats import decode_motion, encode_motion
from pantomatrix_converters.formats.gltf.glb_chunks import BINARY_CHUNK, JSON_CHUNK, chunks_of, glb_of
from pantomatrix_converters.kinematics import forward_kinematics, rest_pose
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.ground_root import JointTracks, is_unreal, on_the_ground
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

pytestmark = pytest.mark.unit

UNREAL = ("ue5_manny", "ue5_quinn", "ue4_mannequin", "metahuman")
FOLLOWERS = {
    "ik_foot_l": "foot_l", "ik_foot_r": "foot_r",
    "ik_hand_gun": "hand_r", "ik_hand_l": "hand_l", "ik_hand_r": "hand_r",
}  # fmt: skip


def played(ground: JointTracks) -> tuple[np.ndarray, np.ndarray]:
    """Positions (T, J, 3) and matrices (T, J, 3, 3) in the world, by scipy, as an engine plays every joint's own values."""
    frames, joints = ground.rotations.shape[:2]
    places, turns = np.empty((frames, joints, 3)), np.empty((frames, joints, 3, 3))
    for joint, parent in enumerate(ground.skeleton.parents):
        local = Rotation.from_quat(ground.rotations[:, joint]).as_matrix()
        offset = ground.translations.get(joint, np.tile(ground.skeleton.rest_translations[joint], (frames, 1)))
        if parent < 0:
            places[:, joint], turns[:, joint] = offset, local
        else:
            places[:, joint] = places[:, parent] + np.einsum("tij,tj->ti", turns[:, parent], offset)
            turns[:, joint] = turns[:, parent] @ local
    return places, turns


def unreal_motion(name: str) -> Motion:
    motion = random_motion(60, angle=0.5)
    time = np.arange(60) / 30
    turning = Rotation.from_rotvec(np.stack([0 * time, 3 * time, 0 * time], 1)).as_quat()
    quats = motion.rotations_xyzw.copy()
    quats[:, 0] = (Rotation.from_quat(turning) * Rotation.from_quat(quats[:, 0])).as_quat()
    way = np.stack([time, 0.9 + 0.1 * np.sin(time), -0.5 * time], 1)
    return edited(Motion(motion.skeleton, 30.0, quats, way.astype(np.float32)), MotionEdits(skeleton=name))[0]


@pytest.mark.parametrize("name", UNREAL)
def test_the_body_is_where_it_was(name: str) -> None:
    motion = unreal_motion(name)
    assert is_unreal(motion.skeleton)
    places, turns = played(on_the_ground(motion, with_followers=True))
    at, world = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    body = slice(1, len(motion.skeleton))
    np.testing.assert_allclose(places[:, body], at[:, body], atol=1e-5)
    wanted = Rotation.from_quat(world[:, body].reshape(-1, 4)).as_matrix().reshape(60, -1, 3, 3)
    np.testing.assert_allclose(turns[:, body], wanted, atol=1e-5)


@pytest.mark.parametrize("name", UNREAL)
def test_the_root_goes_on_the_ground_and_turns_about_the_vertical(name: str) -> None:
    motion = unreal_motion(name)
    ground = on_the_ground(motion, with_followers=True)
    places, turns = played(ground)
    np.testing.assert_allclose(places[:, 0, 1], 0.0, atol=1e-9)
    rest = Rotation.from_quat(rest_pose(motion.skeleton)[1][0])
    away = Rotation.from_matrix(turns[:, 0]) * rest.inv()
    np.testing.assert_allclose(away.as_rotvec()[:, [0, 2]], 0.0, atol=1e-6)
    pelvis = motion.skeleton.index("pelvis")
    offset = ground.translations[pelvis]
    np.testing.assert_allclose(
        offset[:, [0, 2]], np.tile(motion.skeleton.rest_translations[pelvis][[0, 2]], (60, 1)), atol=1e-6
    )
    assert np.ptp(offset[:, 1]) > 0.05
    assert np.ptp(np.unwrap(away.as_rotvec()[:, 1])) > 4


@pytest.mark.parametrize("name", UNREAL)
def test_joints_for_inverse_kinematics_follow(name: str) -> None:
    motion = unreal_motion(name)
    ground = on_the_ground(motion, with_followers=True)
    places, turns = played(ground)
    index = ground.skeleton.joint_names.index
    assert len(ground.skeleton) == len(motion.skeleton) + 7
    for follower, leader in FOLLOWERS.items():
        np.testing.assert_allclose(places[:, index(follower)], places[:, index(leader)], atol=1e-5)
        np.testing.assert_allclose(turns[:, index(follower)], turns[:, index(leader)], atol=1e-5)
    for follower in ("ik_foot_root", "ik_hand_root"):
        np.testing.assert_allclose(places[:, index(follower)], places[:, 0], atol=1e-9)
    assert len(on_the_ground(motion, with_followers=False).skeleton) == len(motion.skeleton)


def test_joints_that_a_rig_has_keep_their_offset_and_their_order() -> None:
    """A rig of its own with ik joints among the others, whose handles rest 10 cm behind the feet."""
    manny = load_skeleton("ue5_manny")
    full = on_the_ground(unreal_motion("ue5_manny"), with_followers=True).skeleton
    offsets = full.rest_translations.copy()
    offsets[full.joint_names.index("ik_foot_l")] += [0.0, 0.0, -0.1]
    order = sorted(range(len(full)), key=lambda at: (at > 1 and "ik_" not in full.joint_names[at], at))
    rig = Skeleton.build(
        "rig",
        [full.joint_names[at] for at in order],
        [order.index(full.parents[at]) if full.parents[at] >= 0 else -1 for at in order],
        offsets[order],
        full.rest_rotations_xyzw[order],
    )
    motion = edited(unreal_motion("ue5_manny"), MotionEdits(skeleton=rig))[0]
    ground = on_the_ground(motion, with_followers=True)
    assert ground.skeleton is rig
    places, _ = played(ground)
    index = rig.joint_names.index
    rest, _ = rest_pose(rig)
    kept = np.linalg.norm(places[:, index("ik_foot_l")] - places[:, index("foot_l")], axis=1)
    np.testing.assert_allclose(kept, np.linalg.norm(rest[index("ik_foot_l")] - rest[index("foot_l")]), atol=1e-5)
    assert kept[0] == pytest.approx(0.1, abs=1e-5)
    assert len(manny) == len(rig) - 7


def test_a_body_on_its_head_keeps_its_yaw() -> None:
    motion = unreal_motion("ue5_manny")
    quats = motion.rotations_xyzw.copy()
    pelvis = motion.skeleton.index("pelvis")
    rest = Rotation.from_quat(rest_pose(motion.skeleton)[1][pelvis])
    quats[:, pelvis] = (Rotation.from_rotvec([np.pi, 0.0, 0.0]) * rest).as_quat()
    still = Motion(motion.skeleton, 30.0, quats, motion.root_translation)
    ground = on_the_ground(still, with_followers=False)
    assert np.isfinite(ground.rotations).all()
    places, _ = played(ground)
    at, _ = forward_kinematics(still.skeleton, still.rotations_xyzw, still.root_translation)
    np.testing.assert_allclose(places[:, 1:], at[:, 1:], atol=1e-5)


def test_others_are_not_unreal() -> None:
    assert not any(is_unreal(load_skeleton(name)) for name in ("smplx", "mixamo", "vrm1", "beat_vicon75"))


def glb_rig(skeleton: Skeleton, turn: list[float], scale: float) -> bytes:
    """A .glb of a skeleton alone, under a node that turns and scales it."""
    back = Rotation.from_quat(turn).inv()
    nodes: list[dict] = []
    for joint, name in enumerate(skeleton.joint_names):
        place, quat = (
            skeleton.rest_translations[joint],
            Rotation.from_quat(np.array(skeleton.rest_rotations_xyzw[joint])),
        )
        if joint == 0:
            place, quat = back.apply(np.array(place)), back * quat
        children = [int(child) for child in skeleton.children[joint]]
        nodes.append(
            {
                "name": name,
                "translation": [float(number) / scale for number in place],
                "rotation": [float(number) for number in quat.as_quat()],
                **({"children": children} if children else {}),
            }
        )
    nodes.append({"name": "Armature", "rotation": turn, "scale": [scale] * 3, "children": [0]})
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [len(nodes) - 1]}],
        "nodes": nodes,
        "skins": [{"joints": list(range(len(skeleton)))}],
    }
    return glb_of(document, [b""])


def animated(data: bytes) -> tuple[list[str], np.ndarray]:
    """Names of a .glb's nodes and where its animation has them, (T, N, 3), by glTF's own formula."""
    chunks = dict(chunks_of(data, "file"))
    document, binary = json.loads(chunks[JSON_CHUNK]), chunks[BINARY_CHUNK]

    def numbers(accessor: int) -> np.ndarray:
        entry = document["accessors"][accessor]
        start = document["bufferViews"][entry["bufferView"]].get("byteOffset", 0) + entry.get("byteOffset", 0)
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[entry["type"]]
        return np.frombuffer(binary, "<f4", entry["count"] * width, start).reshape(-1, width).astype(float)

    (animation,) = document["animations"]
    tracks = {
        (channel["target"]["node"], channel["target"]["path"]): animation["samplers"][channel["sampler"]]
        for channel in animation["channels"]
    }
    frames = max(document["accessors"][track["output"]]["count"] for track in tracks.values())
    nodes = document["nodes"]
    parents = {child: at for at, node in enumerate(nodes) for child in node.get("children", ())}

    def world(at: int) -> np.ndarray:
        node, local = nodes[at], np.tile(np.eye(4), (frames, 1, 1))
        values = {
            path: numbers(tracks[at, path]["output"]) if (at, path) in tracks else np.array([node.get(path, default)])
            for path, default in (("translation", (0, 0, 0)), ("rotation", (0, 0, 0, 1)))
        }
        turns = Rotation.from_quat(values["rotation"]).as_matrix() * np.array(node.get("scale", (1, 1, 1)))
        local[:, :3, :3], local[:, :3, 3] = turns, values["translation"]
        return world(parents[at]) @ local if at in parents else local

    return [node["name"] for node in nodes], np.stack([world(at)[:, :3, 3] for at in range(len(nodes))], axis=1)


@pytest.mark.parametrize(
    ("turn", "scale"), [([0, 0, 0, 1], 1.0), ([-(0.5**0.5), 0, 0, 0.5**0.5], 0.01), ([0, 0.6, 0, 0.8], 100.0)]
)
def test_it_comes_back_into_a_rig_of_the_users_own(turn: list[float], scale: float) -> None:
    """Manny as a .glb with his ik joints, under a node that turns and scales: on his own nodes, and read again."""
    manny = unreal_motion("ue5_manny")
    rig = on_the_ground(manny, with_followers=True).skeleton
    hero = decode_motion(glb_rig(rig, turn, scale), "hero.glb")[1].motion.skeleton
    motion = edited(random_motion(20, angle=0.3, face=False), MotionEdits(skeleton=hero))[0]
    data = encode_motion(motion, "glb").data
    names, places = animated(data)
    at, _ = forward_kinematics(hero, motion.rotations_xyzw, motion.root_translation)
    for joint in ("pelvis", "head", "hand_l", "ball_r"):
        np.testing.assert_allclose(places[:, names.index(joint)], at[:, hero.index(joint)], atol=1e-4)
    for follower, leader in FOLLOWERS.items():
        np.testing.assert_allclose(places[:, names.index(follower)], places[:, names.index(leader)], atol=1e-4)
    np.testing.assert_allclose(places[:, names.index("root"), 1], 0.0, atol=1e-4)
    again = decode_motion(data, "hero.glb")[1].motion
    where = forward_kinematics(again.skeleton, again.rotations_xyzw, again.root_translation)[0]
    for joint in ("pelvis", "head", "hand_l", "ball_r"):
        np.testing.assert_allclose(where[:, again.skeleton.index(joint)], at[:, hero.index(joint)], atol=1e-3)
