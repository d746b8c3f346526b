"""Frames in NVIDIA's messages: nvidia_ace_compat/animation_data.proto."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nvidia_ace_compat.animation_data_pb2 import AnimationData, Float3, SkelAnimation
from nvidia_ace_compat.emotion_aggregate_pb2 import EmotionAggregate
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.skeleton import Skeleton

from .ace_emotions import ACE_NAMES, EmotionKey, EmotionTimeline

_SAMPLE_BYTES = 2
_QUATERNION = np.dtype(
    [
        ("start", "S3"),
        ("real", "<f4"),
        ("i_tag", "u1"),
        ("i", "<f4"),
        ("j_tag", "u1"),
        ("j", "<f4"),
        ("k_tag", "u1"),
        ("k", "<f4"),
    ]
)
"""A QuatF as the second field of the message around it: tag, 20 bytes, and four floats with their tags."""


class AnimationMessages:
    """Makes a message for each frame of one clip, since some clients read one frame a message: weights, the audio that plays
    while it is seen, what is felt, and joints if there is a skeleton. rate_hz: of the audio, 16 bits, one channel."""

    def __init__(self, fps: float, rate_hz: int, emotions: EmotionTimeline, skeleton: Skeleton | None) -> None:
        self._fps = fps
        self._audio = _AudioBeside(rate_hz)
        self._emotions = _EmotionsBeside(emotions)
        self._poses = PoseMessages(skeleton) if skeleton else None

    def hear(self, samples: bytes) -> None:
        """The caller's audio, to go back beside the frames."""
        self._audio.waiting += samples

    def frames(self, motion: Motion, first_frame: int) -> list[AnimationData]:
        """One for each; time codes are seconds of the clip."""
        assert motion.face is not None
        rows = zip(motion.root_translation, motion.rotations_xyzw, motion.face.weights, strict=True)
        messages = []
        for number, (root, quats, weights) in enumerate(rows, first_frame):
            data, seconds = AnimationData(), number / self._fps
            data.skel_animation.blend_shape_weights.add(time_code=seconds, values=weights.tolist())
            if self._poses is not None:
                self._poses.add_to(data.skel_animation, seconds, root, quats)
            self._audio.add_to(data, (number + 1) / self._fps)
            self._emotions.add_to(data, seconds)
            messages.append(data)
        return messages


class _AudioBeside:
    def __init__(self, rate_hz: int) -> None:
        self.waiting = bytearray()
        self._rate_hz, self._sent = rate_hz, 0

    def add_to(self, data: AnimationData, until_seconds: float) -> None:
        """What was not sent yet, until this second."""
        due = bytes(self.waiting[: _SAMPLE_BYTES * max(0, round(until_seconds * self._rate_hz) - self._sent)])
        if due:
            data.audio.time_code, data.audio.audio_buffer = self._sent / self._rate_hz, due
            del self.waiting[: len(due)]
            self._sent += len(due) // _SAMPLE_BYTES


class _EmotionsBeside:
    """What was given and what the face moves to, all ten names. The list of what was heard stays empty: NVIDIA's sample
    client ends with an error if it is not."""

    def __init__(self, timeline: EmotionTimeline) -> None:
        self._timeline = timeline
        self._key: EmotionKey | None = None
        self._aggregate = EmotionAggregate()

    def add_to(self, data: AnimationData, seconds: float) -> None:
        key = self._timeline.in_force(seconds)
        if key is not self._key:
            self._key = key
            self._aggregate = EmotionAggregate()
            shown = self._timeline.shown(key.given)
            for list_, strengths in (
                (self._aggregate.input_emotions, key.given),
                (self._aggregate.a2f_smoothed_output, shown),
            ):
                list_.add(emotion={name: strengths.get(emotion, 0.0) for emotion, name in ACE_NAMES.items()})
        self._aggregate.input_emotions[0].time_code = self._aggregate.a2f_smoothed_output[0].time_code = seconds
        data.metadata["emotion_aggregate"].Pack(self._aggregate)


class PoseMessages:
    """Poses of one skeleton, reused from frame to frame. Rotations are laid out as bytes and parsed at once, which takes a
    twentieth of the time that an object for each joint takes."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._rest = SkelAnimation()
        self._rest.translations.add(values=[Float3(x=x, y=y, z=z) for x, y, z in skeleton.rest_translations.tolist()])
        self._rotations = np.zeros(len(skeleton), _QUATERNION)
        self._rotations["start"] = b"\x12\x14\x0d"
        self._rotations["i_tag"], self._rotations["j_tag"], self._rotations["k_tag"] = 0x15, 0x1D, 0x25

    def add_to(
        self, frame: SkelAnimation, seconds: float, root: NDArray[np.float32], rotations_xyzw: NDArray[np.float32]
    ) -> None:
        """root: (3,); rotations_xyzw: (J, 4)."""
        frame.MergeFrom(self._rest)
        frame.translations[0].time_code = seconds
        place = frame.translations[0].values[0]
        place.x, place.y, place.z = root.tolist()
        for axis, values in zip(("i", "j", "k", "real"), rotations_xyzw.T, strict=True):
            self._rotations[axis] = values
        frame.rotations.add(time_code=seconds).MergeFromString(self._rotations.tobytes())
