"""`pantomatrix render`: videos that other programs can read, showing what the motion says."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from command_line import fails, run
from folders import AUDIO
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import encode_motion, load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import FaceCurves, Motion, face_motion
from pantomatrix_converters.rotations import quat_from_axis_angle, rotate
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.model import UtteranceOptions
from pantomatrix_models.stepping import step
from pantomatrix_viewer.video.body_mesh import BodyMesh
from pantomatrix_viewer.video.camera import framing
from pantomatrix_viewer.video.face_drawing import face_outlines
from pantomatrix_viewer.video.openpose import BODY, face_points, openpose_keypoints
from pantomatrix_viewer.video.styles import STYLES, Scene

pytestmark = pytest.mark.unit

SPEECH = AUDIO / "hu05_arctic_f.wav"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples = decode_file(SPEECH.read_bytes(), 60).samples
    model = BuiltinModel()
    motion = step(model, model.open(UtteranceOptions("default", 30.0)), samples, ended=True)
    path = tmp_path_factory.mktemp("render") / "talk.npz"
    path.write_bytes(encode_motion(motion, "npz").data)
    return path


def render(*words: object) -> str:
    """What it says."""
    result = run("render", *words)
    assert result.returncode == 0, result.stderr
    return result.stdout


def pictures(path: Path) -> np.ndarray:
    with av.open(str(path)) as video:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)])


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"mesh"}))
def test_every_style_is_a_video_with_sound(style: str, talk: Path, tmp_path: Path) -> None:
    output = tmp_path / f"{style}.mp4"
    assert "wrote" in render(talk, "-o", output, "--audio", SPEECH, "--style", style, "--size", "480x360")
    shown = pictures(output)
    samples = decode_file(SPEECH.read_bytes(), 60).samples
    assert len(shown) == int(np.ceil(len(samples) / 16000 * 30 - 1e-6))
    assert shown.shape[1:] == (360, 480, 3)
    assert shown[:, ::4, ::4].std(axis=0).max() > 5
    with av.open(str(output)) as video:
        stream = video.streams.video[0]
        assert float(stream.average_rate) == 30
        heard = np.concatenate([frame.to_ndarray()[0] for frame in video.decode(audio=0)])
    assert len(heard) / 48000 == pytest.approx(len(shown) / 30, abs=0.05)
    loud = np.sqrt(np.mean(heard.astype(float) ** 2))
    assert loud == pytest.approx(np.sqrt(np.mean(samples**2)), rel=0.2)
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


def test_a_video_of_another_rate_and_without_sound(talk: Path, tmp_path: Path) -> None:
    output = tmp_path / "slow.mp4"
    render(talk, "-o", output, "--fps", "12", "--size", "320x240")
    with av.open(str(output)) as video:
        assert float(video.streams.video[0].average_rate) == 12
        assert not video.streams.audio


def test_what_is_said_of_the_sound(talk: Path, tmp_path: Path) -> None:
    def notes(motion: Path, *words: object) -> str:
        result = run("render", motion, "-o", tmp_path / "x.mp4", "--size", "64x64", "--fps", 5, "--force", *words)
        assert result.returncode == 0, result.stderr
        return result.stderr

    part = tmp_path / "part.npz"
    assert run("convert", talk, "-o", part, "--end-seconds", 1).returncode == 0
    assert notes(talk, "--audio", SPEECH) == ""
    assert notes(part) == "note: the video has no sound: --audio names the speech\n"
    assert "and the motion 1.00 s: both begin together, the rest of the sound" in notes(part, "--audio", SPEECH)
    short = tmp_path / "short.flac"
    soundfile.write(short, np.zeros(8000), 16000)
    assert "short.flac is 0.50 s long and the motion 1.00 s: both" in notes(part, "--audio", short)


def test_the_mouth_opens_with_the_jaw() -> None:
    def inside(**weights: float) -> float:
        ring = face_outlines(weights).inner_lips
        x, y = ring.T
        return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)

    shut, ajar, wide = inside(), inside(jawOpen=0.2), inside(jawOpen=0.8)
    assert shut < 1e-9
    assert 0 < ajar < 0.4 * wide
    assert inside(jawOpen=0.5, mouthClose=1.0) < 0.4 * inside(jawOpen=0.5)
    width = np.ptp(face_outlines({}).outer_lips[:, 0])
    assert np.ptp(face_outlines({"mouthPucker": 1.0}).outer_lips[:, 0]) < 0.7 * width
    smile = face_outlines({"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0}).outer_lips
    assert smile[0, 1] < face_outlines({}).outer_lips[0, 1]


def test_left_stays_left_in_faces() -> None:
    left_shut = face_outlines({"eyeBlinkLeft": 1.0})
    heights = [float((lower - upper)[:, 1].max()) for upper, lower in left_shut.lids]
    assert heights[0] < 0.3 * heights[1]
    assert left_shut.lids[0][0][:, 0].mean() > 0 > left_shut.lids[1][0][:, 0].mean()
    looking = face_outlines({"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5})
    assert (looking.irises[:, 0] > face_outlines({}).irises[:, 0]).all()


def test_pixels_of_a_face_follow_the_weights() -> None:
    weights = np.zeros((2, 52), np.float32)
    weights[1, ARKIT52.curve_names.index("jawOpen")] = 0.9
    drawing = STYLES["face"](Scene(face_motion(FaceCurves("arkit52", ARKIT52.curve_names, weights), 30.0), (400, 400)))
    shut, open_ = drawing.draw(0).astype(int), drawing.draw(1).astype(int)
    dark_red = [(np.abs(picture - [70, 22, 28]).sum(axis=2) < 30).sum() for picture in (shut, open_)]
    assert dark_red[1] > max(400, 5 * dark_red[0])
    np.testing.assert_array_equal(drawing.draw(0), shut)


def raised_left_arm() -> Motion:
    skeleton = load_skeleton("smplx")
    quats = np.tile(np.array([0.0, 0, 0, 1], np.float32), (2, len(skeleton), 1))
    quats[:, skeleton.index("left_shoulder")] = quat_from_axis_angle([0.0, 0.0, 0.6])
    return Motion(skeleton, 30.0, quats, np.zeros((2, 3), np.float32))


def test_openpose_has_its_layout_and_left_on_the_right_of_the_picture() -> None:
    keypoints = openpose_keypoints(raised_left_arm())
    assert keypoints.body.shape == (2, 25, 3)
    assert keypoints.hands.shape == (2, 2, 21, 3)
    camera = framing(keypoints.body, (640, 640))
    seen = dict(zip(BODY, camera.project(keypoints.body)[0], strict=True))
    assert seen["left_wrist"][0] > seen["nose"][0] > seen["right_wrist"][0]
    assert seen["left_wrist"][1] < seen["right_wrist"][1]
    assert seen["nose"][1] < seen["neck"][1] < seen["pelvis"][1] < seen["left_knee"][1] < seen["left_heel"][1]
    assert all(0 < x < 640 and 0 < y < 640 for x, y, _ in seen.values())
    points = face_points(camera.project(keypoints.body)[0, :, :2], {"jawOpen": 0.5})
    assert points.shape == (70, 2)
    assert abs(points[:, 0].mean() - seen["nose"][0]) < 10
    assert points[8, 1] == points[:, 1].max()


def body_model(folder: Path) -> Path:
    """A box around every joint in SMPL-X's published layout, each moved by its joint alone."""
    skeleton = load_skeleton("smplx")
    quats = np.tile(np.array([0.0, 0, 0, 1]), (1, len(skeleton), 1))
    joints = forward_kinematics(skeleton, quats, skeleton.rest_translations[:1])[0][0]
    corner = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * 0.03
    sides = [
        (0, 1, 3),
        (0, 3, 2),
        (4, 6, 7),
        (4, 7, 5),
        (0, 4, 5),
        (0, 5, 1),
        (2, 3, 7),
        (2, 7, 6),
        (0, 2, 6),
        (0, 6, 4),
    ]
    faces = np.array([*sides, (1, 5, 7), (1, 7, 3)])
    np.savez(
        path := folder / "SMPLX_BOXES.npz",
        v_template=(joints[:, None] + corner).reshape(-1, 3),
        f=(faces[None] + 8 * np.arange(55)[:, None, None]).reshape(-1, 3).astype(np.uint32),
        J_regressor=np.kron(np.eye(55), np.full((1, 8), 1 / 8)),
        weights=np.kron(np.eye(55), np.ones((8, 1))),
        posedirs=np.zeros((440, 3, 486)),
    )
    return path


def test_a_mesh_moves_with_its_joints(talk: Path, tmp_path: Path) -> None:
    path = body_model(tmp_path)
    motion = load_motion(talk)[1].motion
    body = BodyMesh.load(path).posed(motion)
    vertices = np.stack([body.vertices(frame) for frame in range(len(motion))]).reshape(len(motion), 55, 8, 3)
    positions, world = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    np.testing.assert_allclose(vertices.mean(axis=2), positions, atol=1e-5)
    corner = rotate(world, np.array([0.03, 0.03, 0.03]))
    np.testing.assert_allclose(vertices[:, :, 7] - positions, corner, atol=1e-5)
    output = tmp_path / "mesh.mp4"
    render(talk, "-o", output, "--style", "mesh", "--body-model", path, "--size", "320x240", "--fps", "10")
    shown = pictures(output)
    assert 0.01 < (shown[0].max(axis=2) > 100).mean() < 0.5
    assert "--body-model" in fails("render", talk, "-o", tmp_path / "x.mp4", "--style", "mesh")
    assert "no array 'v_template'" in fails(
        "render", talk, "-o", tmp_path / "x.mp4", "--style", "mesh", "--body-model", talk
    )


def test_the_camera_sees_everything_and_near_is_large() -> None:
    random = np.random.default_rng(0)
    points = random.normal(size=(50, 20, 3)) * [0.5, 0.9, 0.3] + [2, 1, -3]
    for size in ((1280, 720), (360, 640)):
        camera = framing(points, size)
        seen = camera.project(points)
        assert (seen[..., :2] > 0).all()
        assert (seen[..., :2] < size).all()
    near, far = camera.project(np.array([[2.0, 1, -2], [2.0, 1, -4]]))[:, 2]
    assert near > far


def test_what_cannot_be_drawn_is_said_in_one_line(talk: Path, tmp_path: Path) -> None:
    output = tmp_path / "take.mp4"
    assert "unknown style 'oil'" in fails("render", talk, "-o", output, "--style", "oil")
    assert "expected even numbers" in fails("render", talk, "-o", output, "--size", "1281x720")
    assert ".mp4" in fails("render", talk, "-o", tmp_path / "take.gif")
    assert "no such file" in fails("render", talk, "-o", output, "--audio", tmp_path / "none.wav")
    assert "cannot be read as sound" in fails("render", talk, "-o", output, "--audio", talk)
    assert not output.exists()
    assert list(tmp_path.iterdir()) == []
    face_only = tmp_path / "face.csv"
    face = FaceCurves("arkit52", ARKIT52.curve_names, np.zeros((5, 52), np.float32))
    face_only.write_bytes(encode_motion(face_motion(face, 30.0), "arkit-csv").data)
    assert "no body" in fails("render", face_only, "-o", output)
    output.write_bytes(b"mine")
    assert "--force" in fails("render", talk, "-o", output)
    assert output.read_bytes() == b"mine"
