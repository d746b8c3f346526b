"""Faces between rigs by tables, and FLAME's matrix from vertex deltas: on a model of FLAME's layout made here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from folders import DATA
from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import FormatError, InvalidInputError, UnknownNameError, UnsupportedError
from pantomatrix_converters.face.arkit_tables import METAHUMAN_FROM_ARKIT
from pantomatrix_converters.face.conversion import with_face_rig
from pantomatrix_converters.face.flame_arkit import (
    ROWS,
    ArkitMatrix,
    find_matrix,
    with_arkit_face,
    with_flame_face,
)
from pantomatrix_converters.face.rigs import ARKIT52, FACE_RIGS, FLAME, METAHUMAN, OCULUS, VRM
from pantomatrix_converters.motion import FaceCurves, Motion, face_motion

pytestmark = pytest.mark.unit

TABLES = json.loads((DATA / "face_tables.json").read_text())


def faces(*frames: dict[str, float]) -> Motion:
    """An ARKit face with these weights."""
    weights = np.zeros((len(frames), 52), np.float32)
    for row, shapes in zip(weights, frames, strict=True):
        for shape, weight in shapes.items():
            row[ARKIT52.curve_names.index(shape)] = weight
    return face_motion(FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights), 30)


def curves(motion: Motion, frame: int = 0) -> dict[str, float]:
    assert motion.face is not None
    return {
        name: float(weight)
        for name, weight in zip(motion.face.names, motion.face.weights[frame], strict=True)
        if weight > 1e-6
    }


def to(motion: Motion, rig: str) -> Motion:
    return with_face_rig(motion, rig, None)[0]


# -------------------------------------------------------------------------------------------------------------- tables


def test_vrm_as_the_table_says() -> None:
    assert curves(to(faces({"jawOpen": 1}), "vrm")) == pytest.approx({"aa": 0.8, "ih": 0.3, "oh": 0.5})
    assert curves(to(faces({"eyeBlinkLeft": 0.7}), "vrm")) == pytest.approx({"blinkLeft": 0.7})
    assert curves(to(faces({"eyeLookOutLeft": 1, "eyeLookInRight": 1}), "vrm")) == pytest.approx({"lookLeft": 1})
    assert curves(to(faces({"jawOpen": 1, "mouthFunnel": 1}), "vrm"))["aa"] == 1.0
    for preset, shapes in TABLES["arkit_to_vrm"].items():
        if preset in VRM.curve_names and preset not in ("angry", "sad", "surprised"):
            alone = curves(to(faces({shape: 1.0 for shape in shapes}), "vrm"))[preset]
            assert alone == pytest.approx(min(1.0, sum(shapes.values())), abs=1e-6)


def test_a_talking_mouth_makes_no_emotion() -> None:
    mouth = {name: 1.0 for name in ARKIT52.curve_names if name.startswith(("mouth", "jaw", "cheek"))}
    assert not set(curves(to(faces(mouth), "vrm"))) & {"angry", "sad", "surprised"}


@pytest.mark.parametrize("viseme", [name for name in OCULUS.curve_names if name not in ("CH", "RR")])
def test_each_viseme_is_recognised_in_its_own_shapes(viseme: str) -> None:
    """CH and RR have the same shapes."""
    assert TABLES["oculus_order_15"] == list(OCULUS.curve_names)
    found = curves(to(faces(TABLES["viseme_to_arkit"][viseme]), "oculus15"))
    assert max(found, key=found.__getitem__) == viseme
    assert found[viseme] > 0.6
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-5)
    back = curves(to(to(faces(TABLES["viseme_to_arkit"][viseme]), "oculus15"), "arkit52"))
    for shape, weight in TABLES["viseme_to_arkit"][viseme].items():
        assert back[shape] == pytest.approx(weight, abs=0.25)


def test_silence_is_sil() -> None:
    assert curves(to(faces({}), "oculus15")) == {"sil": 1.0}
    assert curves(to(faces({"browDownLeft": 1.0}), "oculus15")) == {"sil": 1.0}
    weights = np.asarray(to(random_motion(500), "oculus15").face.weights)  # type: ignore[union-attr]
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-5)


def test_metahuman_there_and_back_is_exact() -> None:
    motion = random_motion(20)
    there = to(motion, "metahuman")
    assert there.face is not None
    assert motion.face is not None
    assert len(set(METAHUMAN.curve_names)) == len(METAHUMAN.curve_names) == 69
    assert all(name.startswith("CTRL_expressions_") for name in METAHUMAN.curve_names)
    back = to(there, "arkit52")
    assert back.face is not None
    np.testing.assert_allclose(back.face.weights, motion.face.weights, atol=1e-6)
    for shape, controls in METAHUMAN_FROM_ARKIT.items():
        sides = {control[-1] for control in controls if control[-1] in "LR"}
        if shape.endswith(("Left", "Right")) and "Look" not in shape and shape[:-4].rstrip("R") not in ("jaw", "mouth"):
            assert sides <= {shape.removesuffix("eft").removesuffix("ight")[-1]}, shape


def test_left_stays_left_in_every_rig() -> None:
    left = to(faces({"eyeBlinkLeft": 1, "mouthSmileLeft": 1}), "metahuman")
    assert set(curves(left)) == {"CTRL_expressions_eyeBlinkL", "CTRL_expressions_mouthCornerPullL"}


def test_what_cannot_be() -> None:
    vrm = to(faces({"jawOpen": 1}), "vrm")
    with pytest.raises(UnsupportedError, match="'vrm' cannot become 'arkit52': it has too few shapes"):
        to(vrm, "arkit52")
    with pytest.raises(UnknownNameError, match="did you mean arkit52"):
        to(vrm, "arkit5")
    with pytest.raises(UnsupportedError, match="no face that could become"):
        to(random_motion(2, face=False), "vrm")
    for rig in ("flame100+jaw",):
        with pytest.raises(
            UnsupportedError,
            match=r"mat_final\.npy of the BEAT2 tools.*--arkit-matrix.*LAM_Audio2Expression.*--face-model",
        ):
            to(faces({}), rig)


def test_from_flame_to_anything_through_arkit() -> None:
    random = np.random.default_rng(0)
    matrix = ArkitMatrix(random.standard_normal((51, 103)).astype(np.float32))
    flame, _ = with_face_rig(faces({"jawOpen": 0.8}), FLAME.name, matrix)
    for rig in set(FACE_RIGS) - {FLAME.name}:
        motion, _ = with_face_rig(flame, rig, matrix)
        assert motion.face is not None
        assert motion.face.rig == rig
    assert curves(with_face_rig(flame, "metahuman", matrix)[0])["CTRL_expressions_jawOpen"] == pytest.approx(
        0.8, abs=0.05
    )


# ------------------------------------------------------------------------------------------------------- vertex deltas

VERTICES = 400


@pytest.fixture(scope="module")
def model() -> dict[str, np.ndarray]:
    """Arrays as FLAME has them, five joints."""
    random = np.random.default_rng(0)
    weights = random.random((VERTICES, 5))
    regressor = random.random((5, VERTICES))
    return {
        "v_template": random.normal(scale=0.1, size=(VERTICES, 3)),
        "shapedirs": random.normal(scale=0.01, size=(VERTICES, 3, 400)),
        "J_regressor": regressor / regressor.sum(axis=1, keepdims=True),
        "weights": weights / weights.sum(axis=1, keepdims=True),
    }


def skinned(model: dict[str, np.ndarray], expression: np.ndarray, jaw: np.ndarray) -> np.ndarray:
    """(V, 3) displacement by linear blend skinning, an implementation of its own: the jaw turns about its joint."""
    shaped = model["v_template"] + model["shapedirs"][..., 300:] @ expression
    joint = model["J_regressor"][2] @ model["v_template"]
    turned = rotations.rotate(rotations.quat_from_axis_angle(jaw), shaped - joint) + joint
    share = model["weights"][:, 2:3]
    return (1 - share) * shaped + share * turned - model["v_template"]


def saved(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, **arrays)
    return path


def test_deltas_and_a_model_give_the_matrix(tmp_path: Path, model: dict[str, np.ndarray]) -> None:
    random = np.random.default_rng(1)
    wanted = random.normal(size=(51, 103)) * 0.3
    wanted[:, 100:] = 0
    wanted[ROWS.index("jawOpen"), 100:] = [1e-3, 0, 0]
    wanted[ROWS.index("jawLeft"), 100:] = [0, 1e-3, 2e-4]
    deltas = np.stack([skinned(model, row[:100], row[100:]) for row in wanted])
    order = random.permutation(51)
    given = saved(
        tmp_path / "deltas.npz",
        names=np.array([*np.array(ROWS)[order], "tongueOut"]),
        deltas=np.concatenate([deltas[order], deltas[:1]]),
    )
    made = ArkitMatrix.from_deltas(given, saved(tmp_path / "flame.npz", **model))
    np.testing.assert_allclose(made.matrix[:, :100], wanted[:, :100], atol=2e-3)
    np.testing.assert_allclose(made.matrix[:, 100:], wanted[:, 100:], atol=5e-5)
    assert find_matrix(None, given, tmp_path / "flame.npz") is not None
    ids = random.permutation(VERTICES)[:350]
    part = saved(tmp_path / "part.npz", names=np.array(ROWS), deltas=deltas[:, ids], vertex_ids=ids)
    np.testing.assert_allclose(ArkitMatrix.from_deltas(part, tmp_path / "flame.npz").matrix, made.matrix, atol=1e-3)


def test_each_shape_returns_through_a_models_expressions(tmp_path: Path, model: dict[str, np.ndarray]) -> None:
    random = np.random.default_rng(2)
    wanted = random.normal(size=(51, 103)) * 0.3
    wanted[:, 100:] = 0
    wanted[ROWS.index("jawOpen"), 100:] = [0.3, 0, 0]
    deltas = np.stack([skinned(model, row[:100], row[100:]) for row in wanted])
    made = ArkitMatrix.from_deltas(
        saved(tmp_path / "deltas.npz", names=np.array(ROWS), deltas=deltas), saved(tmp_path / "flame.npz", **model)
    )
    solved = [at for at, name in enumerate(ARKIT52.curve_names) if not name.startswith(("eyeLook", "tongue"))]
    alone = np.eye(52, dtype=np.float32)[solved]
    back, _ = made.arkit(made.flame(alone))
    assert np.abs(back[:, solved] - np.eye(len(solved))).max() < 0.02


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        ({"names": np.array(["jawOpen"])}, "expected arrays `names`"),
        ({"names": np.array(["jawOpen"]), "deltas": np.zeros((2, VERTICES, 3))}, "expected floats \\(1, V, 3\\)"),
        ({"names": np.array(["jaw"]), "deltas": np.zeros((1, VERTICES, 3))}, "not ARKit's"),
        ({"names": np.array(["jawOpen"] * 2), "deltas": np.zeros((2, VERTICES, 3))}, "each once"),
        ({"names": np.array(["jawOpen"]), "deltas": np.full((1, VERTICES, 3), np.nan)}, "NaN"),
        ({"names": np.array(["jawOpen"]), "deltas": np.zeros((1, 7, 3))}, "7 vertices"),
        ({"names": np.array(["jawOpen"]), "deltas": np.zeros((1, 1, 3)), "vertex_ids": np.array([VERTICES])}, "not vertices of"),
    ],
)  # fmt: skip
def test_wrong_deltas(tmp_path: Path, model: dict[str, np.ndarray], arrays: dict, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        ArkitMatrix.from_deltas(saved(tmp_path / "deltas.npz", **arrays), saved(tmp_path / "flame.npz", **model))


def test_wrong_models(tmp_path: Path, model: dict[str, np.ndarray]) -> None:
    given = saved(tmp_path / "deltas.npz", names=np.array(["jawOpen"]), deltas=np.zeros((1, VERTICES, 3)))
    for changes, text in (
        ({"weights": None}, "no array 'weights'"),
        ({"shapedirs": np.zeros((VERTICES, 3, 10))}, "are not those of FLAME or SMPL-X"),
        ({"J_regressor": np.zeros((7, VERTICES))}, "weights is float64 \\(400, 5\\), expected \\(400, 7\\)"),
        ({"J_regressor": np.zeros((7, VERTICES)), "weights": np.zeros((VERTICES, 7))}, "7 joints"),
    ):
        arrays = {key: value for key, value in {**model, **changes}.items() if value is not None}
        with pytest.raises(FormatError, match=text):
            ArkitMatrix.from_deltas(given, saved(tmp_path / "flame.npz", **arrays))
    pickled = saved(tmp_path / "flame.npz", **{**model, "weights": np.array({}, object)})
    with pytest.raises(FormatError, match="pickle"):
        ArkitMatrix.from_deltas(given, pickled)
    extra = saved(tmp_path / "smplx.npz", **model, part2num=np.array({}, object))
    assert ArkitMatrix.from_deltas(given, extra)  # objects that are not needed are not looked into
    with pytest.raises(FormatError, match="No such file"):
        ArkitMatrix.from_deltas(given, tmp_path / "absent.npz")
    with pytest.raises(InvalidInputError, match="need a FLAME or SMPL-X model"):
        find_matrix(None, given, None)
    assert find_matrix(None, None, None) is None


# ----------------------------------------------------------------------------------------------------------- jaw, eyes


def test_the_jaw_keeps_its_degrees() -> None:
    """The published jawOpen is a pout that hardly opens the jaw."""
    matrix = np.random.default_rng(0).normal(size=(51, 103)).astype(np.float32)
    matrix[:, 100:] = 0
    matrix[ROWS.index("jawOpen"), 100] = 0.02
    pout = ArkitMatrix(matrix)
    motion = random_motion(10, angle=0.0)
    jaw = motion.skeleton.index("jaw")
    quats = motion.rotations_xyzw.copy()
    opening = np.stack([np.linspace(0.0, 0.35, 10), np.zeros(10), np.zeros(10)], axis=1)
    quats[:, jaw] = rotations.quat_from_axis_angle(opening)
    talking = replace(
        motion,
        rotations_xyzw=quats,
        face=FaceCurves(
            FLAME.name, FLAME.curve_names, np.concatenate([np.zeros((10, 100)), opening], axis=1).astype(np.float32)
        ),
    )
    arkit, _ = with_arkit_face(talking, pout)
    np.testing.assert_array_equal(arkit.rotations_xyzw[:, jaw], talking.rotations_xyzw[:, jaw])
    flame, _ = with_flame_face(arkit, pout)
    assert flame.face is not None
    np.testing.assert_allclose(flame.face.weights[:, 100:], opening, atol=1e-6)
    shut = replace(arkit, rotations_xyzw=motion.rotations_xyzw)
    turned, _ = with_flame_face(shut, pout)
    assert turned.face is not None
    wanted = rotations.quat_from_axis_angle(turned.face.weights[:, 100:])
    assert angle_between(turned.rotations_xyzw[:, jaw], wanted).max() < 1e-6
