"""What is generated takes the edits that files take, and live streams say why they cannot take all of them."""

from __future__ import annotations

import numpy as np
import pytest

from conftest import AUDIO
from pantomatrix_converters.editing.option_kinds import plain_options, read_options
from pantomatrix_converters.editing.options import BodyPart, CurveAdjustment, MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.constraints import pose_of
from pantomatrix_models.errors import CapabilityError, OptionError
from pantomatrix_models.generation import plan
from pantomatrix_models.live import LiveSession
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry

SPEECH = decode_file((AUDIO / "hu05_arctic_f.wav").read_bytes(), 60)
REGISTRY = ModelRegistry()


def generated(options: MotionOptions) -> Motion:
    generation = plan(options, REGISTRY)
    motion = concatenate(list(generation.pieces(SPEECH)))
    assert len(motion) == generation.frame_count(SPEECH)
    return motion


@pytest.mark.parametrize(
    "edits",
    [
        MotionEdits(mirror=True),
        MotionEdits(smooth_seconds=0.1),
        MotionEdits(start_seconds=0.5, end_seconds=2.0),
        MotionEdits(scale=2.0, skeleton="mixamo"),
        MotionEdits(
            start_seconds=0.5, mirror=True, smooth_seconds=0.05, face_rig="vrm", part_strengths=((BodyPart.HANDS, 0.5),),
            curve_adjustments=(CurveAdjustment("aa", 1.5),), skeleton="smplx", foot_lock=True,
        ),
    ],
)  # fmt: skip
def test_generated_motion_is_edited_as_a_file_is(edits: MotionEdits) -> None:
    made = generated(read_options(MotionOptions, plain_options(edits)))
    wanted, _ = edited(generated(MotionOptions()), edits)
    assert made.skeleton.joint_names == wanted.skeleton.joint_names
    np.testing.assert_allclose(made.skeleton.rest_translations, wanted.skeleton.rest_translations)
    np.testing.assert_allclose(made.rotations_xyzw, wanted.rotations_xyzw, atol=1e-5)
    np.testing.assert_allclose(made.root_translation, wanted.root_translation, atol=1e-5)
    assert made.face is not None
    assert wanted.face is not None
    np.testing.assert_allclose(made.face.weights, wanted.face.weights, atol=1e-5)


def test_known_poses_are_met_in_what_is_kept() -> None:
    pose = pose_of(generated(MotionOptions(seed=5)), 20, 1.0)
    motion = generated(MotionOptions(constraints=(pose,), start_seconds=0.5, end_seconds=2.0, mirror=True))
    met = motion.rotations_xyzw[15, motion.skeleton.index("left_elbow")]
    assert abs(np.dot(met, pose.rotations["left_elbow"])) > 1 - 1e-5
    with pytest.raises(OptionError, match="time 1 s lies outside of the clip, 1.5 to 2 s"):
        generated(MotionOptions(constraints=(pose,), start_seconds=1.5, end_seconds=2.0))


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        ({"foot_lock": True}, "foot lock needs the whole clip"),
        ({"smooth_seconds": 0.1}, "smoothing needs the frames to come"),
        ({"end_seconds": 2.0}, "start and end are of a clip whose length is known"),
    ],
)
def test_a_live_stream_says_why_not(edits: dict, text: str) -> None:
    generation = plan(MotionOptions(**edits), REGISTRY)
    assert generation.edits.whole_clip == text
    with pytest.raises(CapabilityError, match=f"{text}; GenerateMotion has it"):
        LiveSession(generation, PcmFormat("f32le", 16_000))


def test_a_live_stream_takes_the_others() -> None:
    edits = MotionOptions(
        mirror=True, scale=2.0, skeleton="mixamo", face_rig="vrm", parts=(BodyPart.FACE, BodyPart.HANDS)
    )
    LiveSession(plan(edits, REGISTRY), PcmFormat("f32le", 16_000))
