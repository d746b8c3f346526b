"""`pantomatrix evaluate`: the published protocol against the smplx package, and what users do with folders."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from command_line import fails, run
from evaluation_files import write_body_model, write_gesture_encoder
from folders import AUDIO
from motions import random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.formats import encode_motion
from pantomatrix_converters.motion import FaceCurves
from pantomatrix_research.body_shape import BodyShape
from pantomatrix_research.datasets.synthetic import make_beat2
from pantomatrix_research.metrics.beat_consistency import BeatConsistency, onset_times
from pantomatrix_research.metrics.face_error import FaceError, FaceVelocityError
from pantomatrix_research.metrics.frechet_distance import FrechetGestureDistance
from pantomatrix_research.metrics.gesture_encoder import GestureEncoder
from pantomatrix_research.metrics.l1_diversity import L1Diversity

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("compiled_onsets")]

CUT = 7


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """beat2/: recordings of a body of some shape. predictions/: other motion to the same speech. tools/: what is published."""
    folder = tmp_path_factory.mktemp("place")
    make_beat2(folder / "beat2", 16, 8, (1, 2))
    make_beat2(folder / "other", 16, 8, (2,), seed=1)
    random = np.random.default_rng(0)
    (folder / "predictions").mkdir()
    for at, path in enumerate(sorted((folder / "other" / "smplxflame_30").glob("*.npz"))):
        arrays = dict(np.load(path))
        if at % 2:
            arrays = {name: value[:-CUT] if np.ndim(value) == 2 else value for name, value in arrays.items()}
        np.savez(folder / "predictions" / f"res_{path.name}", **arrays)
    for path in (folder / "beat2" / "smplxflame_30").glob("2_*.npz"):
        np.savez(path, **{**np.load(path), "betas": random.normal(size=300) * 0.5})
    tools = folder / "tools"
    write_body_model(tools / "smplx_models" / "smplx" / "SMPLX_NEUTRAL_2020.npz")
    write_gesture_encoder(tools / "AESKConv_240_100.bin", "rule B", wrapped=True)
    np.save(tools / "mean_vel_smplxflame_30.npy", np.abs(random.normal(0.3, 0.1, 55)))
    return folder


class PublishedBody:
    """The smplx package, as the published evaluation calls it."""

    def __init__(self, path: Path) -> None:
        import smplx

        self._model = smplx.SMPLX(
            str(path), num_betas=300, num_expression_coeffs=100, use_pca=False, use_face_contour=False, ext="npz"
        )
        self._model.vertex_joint_selector.extra_joints_idxs = torch.zeros(1, dtype=torch.long)

    @torch.inference_mode()
    def joints(self, arrays: dict, betas: np.ndarray) -> np.ndarray:
        """(T, 55, 3)."""
        poses = torch.tensor(arrays["poses"], dtype=torch.float32)
        return self._run(len(poses), betas, **self._parts(poses)).joints[:, :55].numpy()

    @torch.inference_mode()
    def face(self, arrays: dict, betas: np.ndarray) -> np.ndarray:
        """(T, V, 3)."""
        poses = torch.tensor(arrays["poses"], dtype=torch.float32)
        expression = torch.tensor(arrays["expressions"], dtype=torch.float32)
        flat = {
            f"{side}_hand_pose": -getattr(self._model, f"{side}_hand_mean").repeat(len(poses), 1)
            for side in ("left", "right")
        }
        return self._run(len(poses), betas, expression=expression, jaw_pose=poses[:, 66:69], **flat).vertices.numpy()

    @staticmethod
    def _parts(poses: torch.Tensor) -> dict[str, torch.Tensor]:
        names = (
            "global_orient",
            "body_pose",
            "jaw_pose",
            "leye_pose",
            "reye_pose",
            "left_hand_pose",
            "right_hand_pose",
        )
        return dict(zip(names, poses.split((3, 63, 3, 3, 3, 45, 45), dim=1), strict=True))

    def _run(self, frames: int, betas: np.ndarray, **parts: torch.Tensor):
        rest = {name: torch.zeros(frames, 3) for name in ("global_orient", "jaw_pose", "leye_pose", "reye_pose")}
        rest |= {
            "body_pose": torch.zeros(frames, 63),
            "expression": torch.zeros(frames, 100),
            "transl": torch.zeros(frames, 3),
        }
        shape = torch.tensor(betas, dtype=torch.float32).repeat(frames, 1)
        return self._model(betas=shape, **{**rest, **parts})


def sixd(arrays: dict) -> np.ndarray:
    turns = rotations.quat_from_axis_angle(arrays["poses"].reshape(-1, 55, 3))
    return rotations.sixd_from_matrix(rotations.matrix_from_quat(turns)).reshape(-1, 330).astype(np.float32)


def test_the_published_protocol_in_one_command(place: Path) -> None:
    """Every number against the metrics of joints and vertices that the smplx package gives."""
    words = ("--protocol", "beat2", "--tools", place / "tools", "--json")
    result = evaluate(place, "predictions", "beat2", *words)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert [item["clip"] for item in answer["clips"]] == ["2_scott_0_8_8", "2_scott_0_16_16"]
    assert len(answer["without_recording"]) == 14
    assert answer["without_prediction"] == []

    body = PublishedBody(place / "tools" / "smplx_models" / "smplx" / "SMPLX_NEUTRAL_2020.npz")
    fgd = FrechetGestureDistance(GestureEncoder.load(place / "tools" / "AESKConv_240_100.bin"))
    speeds = np.load(place / "tools" / "mean_vel_smplxflame_30.npy")
    bc, bc_recorded, diversity, recorded = (
        BeatConsistency(speeds),
        BeatConsistency(speeds),
        L1Diversity(),
        L1Diversity(),
    )
    lvd, mse = FaceVelocityError(), FaceError()
    for item in answer["clips"]:
        name = item["clip"]
        predicted = dict(np.load(place / "predictions" / f"res_{name}.npz"))
        target = dict(np.load(place / "beat2" / "smplxflame_30" / f"{name}.npz"))
        frames = len(predicted["poses"])
        target = {key: value[:frames] if np.ndim(value) == 2 else value for key, value in target.items()}
        betas = target["betas"]
        joints, truth = body.joints(predicted, betas), body.joints(target, betas)
        heard, _ = soundfile.read(place / "beat2" / "wave16k" / f"{name}.wav", dtype="float32")
        onsets = onset_times(heard[32_000 : int((frames - 60) / 30 * 16_000)])
        assert item["metrics"]["BC"] == pytest.approx(bc.update(joints, onsets, 30, 2), rel=1e-4)
        bc_recorded.update(truth, onsets, 30, 2)
        assert item["metrics"]["L1Div"] == pytest.approx(diversity.update(joints), rel=1e-4)
        recorded.update(truth)
        faces = body.face(predicted, betas), body.face(target, betas)
        assert item["metrics"]["LVDFace"] == pytest.approx(lvd.update(*faces), rel=1e-3)
        assert item["metrics"]["MSEFace"] == pytest.approx(mse.update(*faces), rel=1e-3)
        fgd.update(sixd(predicted), sixd(target))
    total = answer["all"]
    expected = {"FGD": fgd, "BC": bc, "L1Div": diversity, "LVDFace": lvd, "MSEFace": mse}
    for name, metric in expected.items():
        assert total["metrics"][name] == pytest.approx(metric.compute(), rel=1e-3), name
    assert total["recorded"]["BC"] == pytest.approx(bc_recorded.compute(), rel=1e-4)
    assert total["recorded"]["L1Div"] == pytest.approx(recorded.compute(), rel=1e-4)
    assert 0 < total["metrics"]["SRGR"] < 6
    assert len(total["alignment_curve"]) == 21


def test_faces_move_as_in_the_smplx_package(place: Path) -> None:
    path = place / "tools" / "smplx_models" / "smplx" / "SMPLX_NEUTRAL_2020.npz"
    shape, arrays = BodyShape.load(path), dict(np.load(place / "predictions" / "res_2_scott_0_8_8.npz"))
    arrays["poses"] = arrays["poses"] + np.where(np.arange(165) == 66, 0.3, 0)
    betas = np.random.default_rng(1).normal(size=300)
    moving = shape.moving_vertices()
    assert moving.sum() == 50
    published = PublishedBody(path).face(arrays, betas)
    still = published[:, ~moving]
    np.testing.assert_allclose(still, still[:1].repeat(len(still), axis=0), atol=1e-6)
    weights = np.concatenate([arrays["expressions"], arrays["poses"][:, 66:69]], axis=1).astype(np.float32)
    face = FaceCurves("flame100+jaw", tuple(map(str, range(103))), weights)
    np.testing.assert_allclose(shape.face_vertices(face, betas), published[:, moving], atol=2e-5)


# ---------------------------------------------------------------------------------------------------------- folders


@pytest.fixture
def folders(tmp_path: Path, place: Path) -> Path:
    """Three clips in predictions/, recordings/, speech/ beside each other."""
    for name in ("predictions", "recordings", "speech"):
        (tmp_path / name).mkdir()
    for clip in (1, 3, 5):
        name = f"2_scott_0_{clip}_{clip}"
        shutil.copy(place / "predictions" / f"res_{name}.npz", tmp_path / "predictions")
        shutil.copy(place / "beat2" / "smplxflame_30" / f"{name}.npz", tmp_path / "recordings" / f"gt_{name}.npz")
        shutil.copy(place / "beat2" / "wave16k" / f"{name}.wav", tmp_path / "speech")
        shutil.copy(place / "beat2" / "textgrid" / f"{name}.TextGrid", tmp_path / "speech")
    return tmp_path


def evaluate(folder: Path, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """In this process, unless another number of them is asked for: each has to import what it measures with."""
    own = () if "--workers" in words else ("--workers", 1)
    return run("evaluate", *words, *own, cwd=folder, **environment)


def evaluated(folder: Path, *words: object) -> dict:
    result = evaluate(folder, "predictions", *words, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_a_table_for_people(folders: Path) -> None:
    result = evaluate(folders, "predictions", "recordings", "--audio", "speech", "--cut", COLUMNS="120")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["clip", "BC", "L1Div", "SRGR"]
    assert [line.split()[0] for line in lines[1:6]] == [
        "2_scott_0_1_1",
        "2_scott_0_3_3",
        "2_scott_0_5_5",
        "all",
        "recordings",
    ]
    assert any(line.startswith("strokes ") and "44.0 to 65.0" in line for line in lines)
    assert "▁" in lines[-1]
    assert "not measured: FGD (--encoder), LVDFace and MSEFace (--body-model)" in result.stderr


def test_processes_change_nothing(folders: Path, place: Path) -> None:
    words = ("recordings", "--audio", "speech", "--cut", "--encoder", place / "tools" / "AESKConv_240_100.bin")
    assert evaluated(folders, *words, "--workers", 1) == evaluated(folders, *words, "--workers", 2)


def test_a_clip_against_itself(folders: Path, place: Path) -> None:
    shutil.rmtree(folders / "predictions")
    shutil.copytree(folders / "recordings", folders / "predictions")
    total = evaluated(folders, "recordings", "--audio", "speech", "--tools", place / "tools")["all"]
    metrics = total["metrics"]
    assert metrics["FGD"] == pytest.approx(0, abs=1e-3)
    assert (metrics["LVDFace"], metrics["MSEFace"], metrics["SRGR"]) == (0, 0, 1)
    assert (metrics["BC"], metrics["L1Div"]) == (total["recorded"]["BC"], total["recorded"]["L1Div"])


def test_without_recordings(folders: Path) -> None:
    for clip in ("hu01_librivox_m", "hu03_speech_m"):
        shutil.copy(AUDIO / f"{clip}.wav", folders / "speech")
        shutil.copy(AUDIO / f"{clip}.phones.json", folders / "speech")
        assert run("generate", AUDIO / f"{clip}.wav", "-o", folders / "predictions" / f"{clip}.npz").returncode == 0
    answer = evaluated(folders, "--audio", "speech", "--phones", "speech")
    assert set(answer["all"]["metrics"]) == {"BC", "L1Div"}
    speaking = answer["clips"][-1]["natural"]
    assert speaking["lip score"] > 0.5
    assert answer["clips"][0]["notes"] == [
        "lips are scored by arkit52, not flame100+jaw: pantomatrix convert --face-rig arkit52"
    ]
    assert speaking["joints beyond limits"] == 0
    result = evaluate(folders, "predictions", "--phones", "speech", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["clip"] for row in rows][-2:] == ["hu03_speech_m", "all"]
    assert float(rows[-2]["lip score"]) == pytest.approx(speaking["lip score"], abs=1e-5)
    assert rows[0]["lip score"] == ""


def test_legs_can_be_left_out(folders: Path) -> None:
    arrays = dict(np.load(folders / "predictions" / "res_2_scott_0_1_1.npz"))
    legs = [axis for joint in (1, 2, 4, 5, 7, 8, 10, 11) for axis in range(3 * joint, 3 * joint + 3)]
    arrays["poses"][:, legs] = 0.3
    with_legs = evaluated(folders, "recordings", "--cut")["all"]["metrics"]
    without = evaluated(folders, "recordings", "--cut", "--without-legs")["all"]
    np.savez(folders / "predictions" / "res_2_scott_0_1_1.npz", **arrays)
    changed = evaluated(folders, "recordings", "--cut", "--without-legs")["all"]
    assert without["metrics"] == changed["metrics"]
    assert with_legs["L1Div"] > without["metrics"]["L1Div"]


# ------------------------------------------------------------------------------------------------------- what is wrong


def test_lengths_and_rates_that_disagree(folders: Path) -> None:
    (folders / "predictions" / "res_2_scott_0_3_3.npz").write_bytes(
        encode_motion(random_motion(160, fps=20, face=False), "npz").data
    )
    result = evaluate(folders, "predictions", "recordings", "--json")
    assert result.returncode == 2
    reasons = {item["clip"]: item["reason"] for item in json.loads(result.stdout)["failed"]}
    assert reasons == {
        "2_scott_0_3_3": "20 frames a second, and its recording 30; --resample brings both to 30",
        **{
            name: reason
            for name, reason in reasons.items()
            if name != "2_scott_0_3_3" and "frames, and its recording 240; --cut measures what both have" in reason
        },
    }
    assert "error: 2_scott_0_3_3: 20 frames a second" in result.stderr
    answer = evaluated(folders, "recordings", "--resample", "--cut")
    assert answer["failed"] == []


def test_a_broken_clip_does_not_stop_the_others(folders: Path) -> None:
    (folders / "predictions" / "res_2_scott_0_3_3.npz").write_bytes(b"PK\x03\x04 broken")
    result = evaluate(folders, "predictions", "recordings", "--cut")
    assert result.returncode == 2
    assert "error: 2_scott_0_3_3: " in result.stderr
    assert "2_scott_0_5_5" in result.stdout


def test_a_datasets_folder_gives_all_that_it_has(place: Path) -> None:
    folders = {"--audio": "wave16k", "--phones": "textgrid", "--semantic": "sem"}
    named = [word for option, folder in folders.items() for word in (option, f"beat2/{folder}")]
    answer = evaluated(place, "beat2", "--cut")
    assert answer == evaluated(place, "beat2/smplxflame_30", *named, "--cut")
    assert {"BC", "SRGR"} <= set(answer["all"]["metrics"])
    assert len(answer["clips"]) == 16


def test_predictions_may_be_a_dataset(place: Path) -> None:
    result = evaluate(place, "other", "beat2", "--json")
    assert len(json.loads(result.stdout)["clips"]) == 16


def test_what_many_clips_lack_is_said_once(folders: Path) -> None:
    for path in (folders / "predictions").iterdir():
        path.write_bytes(encode_motion(random_motion(160, fps=20, face=False), "npz").data)
    result = evaluate(folders, "predictions", "recordings")
    assert result.returncode == 2
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    assert line.startswith("error: 2_scott_0_1_1, 2_scott_0_3_3, 2_scott_0_5_5: 20 frames a second")


def test_a_face_alone_is_told_what_it_needs(folders: Path) -> None:
    face = folders / "face.csv"
    assert run("generate", AUDIO / "hu05_arctic_f.wav", "-o", face).returncode == 0
    assert "face: nothing to measure: a face without a body needs --phones for its lips" in fails("evaluate", face)
    assert "or --body-model" in fails("evaluate", face, face)


def test_what_does_not_pair_is_named(folders: Path) -> None:
    (folders / "predictions" / "res_2_scott_0_1_1.npz").rename(folders / "predictions" / "somebody.npz")
    result = evaluate(folders, "predictions", "recordings", "--cut")
    assert result.returncode == 0
    assert "note: 1 without a recording: somebody" in result.stderr
    assert "note: 1 recorded, without a prediction: 2_scott_0_1_1" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing",), "nothing: no such file or folder"),
        (("speech",), "speech: no file that ends in"),
        (("predictions", "empty"), "empty: no file that ends in"),
        (("predictions", "recordings", "--protocol", "beat3"), "unknown protocol 'beat3' (valid: beat2)"),
        (("predictions", "recordings", "--protocol", "beat2"), "needs BEAT2's folder as second argument, and --tools"),
        (("predictions", "recordings", "--encoder", "nothing"), "--encoder: nothing: no such file"),
        (("predictions", "recordings", "--encoder", "text"), "text: no readable weights"),
        (("predictions", "recordings", "--body-model", "text"), "text: not a readable npz archive"),
        (("predictions", "recordings", "--mean-speeds", "text"), "text: no array of numbers"),
        (("predictions", "others"), "is called like one of"),
    ],
)
def test_wrong_words_get_one_line(folders: Path, monkeypatch: pytest.MonkeyPatch, words: tuple, message: str) -> None:
    (folders / "empty").mkdir()
    (folders / "others").mkdir()
    shutil.copy(folders / "recordings" / "gt_2_scott_0_1_1.npz", folders / "others" / "nobody.npz")
    (folders / "text").write_text("text")
    monkeypatch.chdir(folders)
    assert message in fails("evaluate", *words)


def test_other_skeletons_are_told_how_to_come(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folders / "predictions")
    (folders / "predictions").mkdir()
    monkeypatch.chdir(folders)
    assert (
        run("generate", AUDIO / "hu05_arctic_f.wav", "-o", "predictions/a.bvh", "--skeleton", "mixamo").returncode == 0
    )
    assert "pantomatrix convert a.bvh a.npz --skeleton smplx" in fails("evaluate", "predictions")
