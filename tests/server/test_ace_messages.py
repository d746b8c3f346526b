"""NVIDIA's parameters with models that lack what the builtin one has, and the limit on emotions in time."""

from __future__ import annotations

import pytest

from nvidia_ace_compat.a2f_pb2 import (
    BlendShapeParameters,
    EmotionParameters,
    EmotionPostProcessingParameters,
    FaceParameters,
)
from nvidia_ace_compat.emotion_with_timecode_pb2 import EmotionWithTimeCode
from pantomatrix_converters.errors import LimitError
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_server.wire.ace_emotions import MAX_KEYS, EmotionTimeline
from pantomatrix_server.wire.ace_parameters import FaceCorrections

pytestmark = pytest.mark.unit

JOY = EmotionWithTimeCode(time_code=1.0, emotion={"joy": 1.0})


@pytest.mark.parametrize("wanted", [True, False])
def test_a_model_that_shows_no_emotions(wanted: bool) -> None:
    """It is said, unless the caller wants none shown either."""
    params = EmotionPostProcessingParameters(enable_preferred_emotion=wanted)
    timeline = EmotionTimeline(params, EmotionParameters(beginning_emotion={"joy": 0.0}), 30.0, can_show=False)
    assert not timeline.not_used
    timeline.add([JOY])
    assert list(timeline.not_used) == (["emotions, which this model does not show"] if wanted else [])
    assert timeline.begin() == ()
    assert list(timeline.changes(10.0)) == []


def test_a_model_without_the_tongue() -> None:
    face = FaceParameters(float_params={"tongueStrength": 1.3})
    asks_nothing = BlendShapeParameters(bs_weight_multipliers={"TongueUp": 1.0}, bs_weight_offsets={"tongueIn": 0.0})
    assert not FaceCorrections(FaceParameters(), asks_nothing, ARKIT52.curve_names).not_used
    asks = BlendShapeParameters(bs_weight_multipliers={"TongueUp": 2.0, "JawOpen": 2.0})
    corrections = FaceCorrections(face, asks, ARKIT52.curve_names)
    assert [adjustment.curve for adjustment in corrections.adjustments()] == ["jawOpen", "tongueOut"]
    assert list(corrections.not_used) == ["blendshape_params of the tongue, which this model does not move"]


def test_too_many_emotions_in_time() -> None:
    timeline = EmotionTimeline(EmotionPostProcessingParameters(), EmotionParameters(), 30.0)
    timeline.add([JOY] * (MAX_KEYS - 1))
    with pytest.raises(LimitError, match="more than 100000 emotions"):
        timeline.add([JOY])
