"""FLAME and ARKit faces by a matrix of the published shape: one made here, since the published one is not ours to ship."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from folders import DATA
from motions import random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import FormatError, UnsupportedError
from pantomatrix_converters.face.flame_arkit import ROWS, ArkitMatrix, with_arkit_face, with_flame_face
from pantomatrix_converters.face.rigs import ARKIT52, FLAME
from pantomatrix_converters.motion import FaceCurves

pytestmark = pytest.mark.unit

MOVED = [index for index, name in enumerate(ARKIT52.curve_names) if not name.startswith(("eyeLook", "tongue"))]
JAW = ("jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose")


@pytest.fixture(scope="module")
def matrix() -> ArkitMatrix:
    """Of the published shape and scale; left and right differ, opposites nearly cancel, only the jaw's shapes move the jaw."""
    random = np.random.default_rng(0)
    m = random.standard_normal((51, 103)) * 0.5
    smile, frown = ROWS.index("mouthSmileLeft"), ROWS.index("mouthFrownLeft")
    m[frown] = -m[smile] + 0.1 * random.standard_normal(103)
    m[:, 100:] = 0
    for name in JAW:
        m[ROWS.index(name), 100:] = 0.05 * random.standard_normal(3)
    return ArkitMatrix(m.astype(np.float32))


def test_rows_are_in_the_order_of_beat() -> None:
    facts = json.loads((DATA / "arkit_orders.json").read_text())
    assert list(ROWS) == facts["beat_order_51"]
    assert [ROWS.index(name) for name in ARKIT52.curve_names[:-1]] == facts["apple52_to_beat51"][:-1]


def test_weights_come_back(matrix: ArkitMatrix) -> None:
    weights = np.zeros((500, 52), np.float32)
    weights[:, MOVED] = np.random.default_rng(1).random((500, len(MOVED)))
    back, residual = matrix.arkit(matrix.flame(weights))
    assert np.abs(back - weights).max() < 0.03
    assert residual < 0.01


def test_each_shape_comes_back_as_itself(matrix: ArkitMatrix) -> None:
    weights = np.zeros((len(MOVED), 52), np.float32)
    weights[np.arange(len(MOVED)), MOVED] = 0.7
    back, _ = matrix.arkit(matrix.flame(weights))
    assert np.abs(back - weights).max() < 0.03
    assert (back.argmax(axis=1) == MOVED).all()


def test_the_solve_is_scipys(matrix: ArkitMatrix) -> None:
    """Faces that no weights explain, against scipy's bounded least squares on the same system."""
    flame = np.random.default_rng(2).standard_normal((40, 103)).astype(np.float32)
    flame[:, 100:] *= 0.05
    weights, residual = matrix.arkit(flame)
    shapes, gram = (array.astype(np.float64) for array in matrix._system)
    root = np.linalg.cholesky(gram).T
    scale = np.r_[np.ones(100), np.full(3, 50.0)]
    for frame in range(len(flame)):
        target = np.linalg.solve(root.T, shapes @ (flame[frame] * scale))
        expected = lsq_linear(root, target, bounds=(0, 1), method="bvls").x
        columns = [ARKIT52.curve_names.index(name) for name in ROWS if not name.startswith("eyeLook")]
        np.testing.assert_allclose(weights[frame, columns], expected, atol=3e-3)
    assert 0.5 < residual < 1.0
    assert weights.min() >= 0
    assert weights.max() <= 1


def test_nothing_flickers(matrix: ArkitMatrix) -> None:
    """A face that moves evenly gives weights that do, the kinks at the bounds apart."""
    random = np.random.default_rng(3)
    start, end = random.random((2, 1, 52)).astype(np.float32)
    u = np.linspace(0, 1, 200, dtype=np.float32)[:, None]
    back, _ = matrix.arkit(matrix.flame((1 - u) * start + u * end))
    assert np.abs(np.diff(back, axis=0)).max() < 0.03


def test_eyes_look_where_their_joints_do(matrix: ArkitMatrix) -> None:
    motion = random_motion(3, angle=0.0, face=False)
    quats = motion.rotations_xyzw.copy()
    left, right = (motion.skeleton.index(f"{side}_eye_smplhf") for side in ("left", "right"))
    quats[:, [left, right]] = rotations.quat_from_axis_angle([0.0, np.radians(17.5), 0.0])
    flame = FaceCurves(FLAME.name, FLAME.curve_names, np.zeros((3, 103), np.float32))
    made, notes = with_arkit_face(replace(motion, rotations_xyzw=quats, face=flame), matrix)
    assert made.face is not None
    found = dict(zip(made.face.names, made.face.weights[0], strict=True))
    assert found["eyeLookOutLeft"] == pytest.approx(0.5, abs=1e-3)
    assert found["eyeLookInRight"] == pytest.approx(0.5, abs=1e-3)
    assert found["eyeLookInLeft"] == found["eyeLookOutRight"] == found["jawOpen"] == 0
    assert "0 % of the FLAME face's movement" in notes[-1]


def test_there_and_back_through_motions(matrix: ArkitMatrix) -> None:
    motion = random_motion(20)
    flame, _ = with_flame_face(motion, matrix)
    assert flame.face is not None
    assert flame.face.rig == FLAME.name
    back, _ = with_arkit_face(flame, matrix)
    np.testing.assert_array_equal(back.rotations_xyzw, motion.rotations_xyzw)
    with pytest.raises(UnsupportedError, match="a face of 'arkit52' is needed, the motion has 'flame100"):
        with_flame_face(flame, matrix)
    with pytest.raises(UnsupportedError, match="has 'no face'"):
        with_arkit_face(replace(motion, face=None), matrix)


def test_other_files_are_refused(tmp_path: Path, matrix: ArkitMatrix) -> None:
    path = tmp_path / "mat_final.npy"
    with pytest.raises(FormatError, match="BEAT2"):
        ArkitMatrix.load(path)
    for content in (np.zeros((103, 51)), np.zeros((51, 103), int), np.full((51, 103), np.nan)):
        np.save(path, content)
        with pytest.raises(FormatError):
            ArkitMatrix.load(path)
    path.write_bytes(b"\x93NUMPY nothing")
    with pytest.raises(FormatError, match="no readable"):
        ArkitMatrix.load(path)
    np.save(path, np.array([{}], object), allow_pickle=True)
    with pytest.raises(FormatError, match="no readable"):
        ArkitMatrix.load(path)
    np.save(path, matrix.matrix)
    assert ArkitMatrix.load(path).notes == ("mat_final.npy is not the published matrix (its checksum differs)",)
