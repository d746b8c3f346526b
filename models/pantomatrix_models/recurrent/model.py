"""CaMN and DisCo as models: upper body and hands from speech, at about 14.8 frames a second of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.editing.options import BodyPart
from pantomatrix_converters.motion import frames_in

from ..audio.speech import SAMPLE_RATE_HZ
from ..model import LiveTiming, ModelInfo, UtteranceOptions
from ..network_config import RecurrentConfig, configured
from ..pretrained import PretrainedModel, check_reference_fps, speakers
from ..runtime.engines import Engine
from ..runtime.hops import HEARD_SECONDS, hop_look_ahead, live_frames
from ..weights import WEIGHTS_LICENSE
from .clock import SAMPLES_PER_FRAME, encoder_frames
from .session import (
    CONTEXT_FRAMES,
    HOP_FRAMES,
    LIVE_CONTEXT,
    REFERENCE_FPS,
    SEED_FRAMES,
    ExactSession,
    RecurrentHops,
    RecurrentWindow,
    ReferenceSession,
)

if TYPE_CHECKING:
    from ..networks.execution import Stage


_OWN_FPS = SAMPLE_RATE_HZ / SAMPLES_PER_FRAME
_LIVE = (2, 1)
"""Own frames of a hop, and those looked ahead beyond it."""


class RecurrentModel(PretrainedModel):
    """What CaMN and DisCo share. description: for the catalog."""

    stage_names = ("hearing", "moving")
    description: ClassVar[str]

    def __init__(self, engines: Mapping[str, Engine], info: ModelInfo) -> None:
        self._hearing, self._moving = engines["hearing"], engines["moving"]
        self.info = info

    @classmethod
    def describe(cls, name: str, speaker_count: int) -> ModelInfo:
        """See PretrainedModel."""
        return ModelInfo(
            name=name,
            description=cls.description,
            version="1",
            parts=frozenset({BodyPart.UPPER_BODY, BodyPart.HANDS}),
            speakers=speakers(speaker_count),
            skeleton="smplx",
            face_rig="",
            default_fps=30.0,
            sample_rate_hz=SAMPLE_RATE_HZ,
            look_ahead_seconds=(HOP_FRAMES + CONTEXT_FRAMES) * SAMPLES_PER_FRAME / SAMPLE_RATE_HZ,
            live_look_ahead_seconds=hop_look_ahead(_LIVE, _OWN_FPS, 30.0),
            streaming=True,
            memory_seconds=HEARD_SECONDS,
            reference_timing=True,
            weights_license=WEIGHTS_LICENSE,
        )

    @classmethod
    def stages(cls, folder: Path, config: Mapping[str, Any]) -> dict[str, Stage]:
        """See PretrainedModel."""
        from ..networks.checkpoint import fill, read_weights
        from .camn import CamnNetwork
        from .disco import DiscoNetwork
        from .network import recurrent_stages

        kind = {"camn": CamnNetwork, "disco": DiscoNetwork}[cls.kind]
        network = kind(configured(RecurrentConfig, config, str(folder)))
        fill(network, read_weights(folder), str(folder))
        return recurrent_stages(network)

    def open(self, options: UtteranceOptions) -> ExactSession | ReferenceSession:
        """See PretrainedModel."""
        return ReferenceSession(options) if options.reference_timing else ExactSession(options)

    def open_streaming(self, options: UtteranceOptions, timing: LiveTiming) -> RecurrentHops:
        """See StreamingModel."""
        hop, look = live_frames(timing, _OWN_FPS, _LIVE, LIVE_CONTEXT)
        return RecurrentHops(options, hop=hop, look=look)

    def streaming_look_ahead_seconds(self, fps: float, timing: LiveTiming) -> float:
        """See StreamingModel."""
        return hop_look_ahead(live_frames(timing, _OWN_FPS, _LIVE, LIVE_CONTEXT), _OWN_FPS, fps)

    def frame_count(self, samples: int, options: UtteranceOptions) -> int:
        """See MotionModel."""
        if not options.reference_timing:
            return frames_in(samples / SAMPLE_RATE_HZ, options.fps)
        check_reference_fps(options.fps, REFERENCE_FPS)
        return 2 * encoder_frames(samples)

    def run(self, windows: Sequence[RecurrentWindow]) -> list[NDArray[np.float32]]:
        """See WindowModel. Each window's speech is encoded by itself, all move together."""
        features = [self._hearing(audio=window.audio[None])[0][0] for window in windows]
        order = sorted(range(len(windows)), key=lambda index: -len(features[index]))
        longest = max(SEED_FRAMES, len(features[order[0]]))
        (motion,) = self._moving(
            features=np.stack([_padded(features[index], longest) for index in order]),
            lengths=np.array([len(features[index]) for index in order], np.int64),
            speaker_id=np.array([[windows[index].speaker] for index in order], np.int64),
            seed_motion=np.stack([windows[index].seed for index in order]),
        )
        rows = {index: row for row, index in enumerate(order)}
        return [motion[rows[index], : len(features[index])] for index in range(len(windows))]


class Camn(RecurrentModel):
    """CaMN (ECCV 2022)."""

    kind = "camn"
    description = "CaMN (ECCV 2022): upper body, then hands; a trained network with published weights."


class Disco(RecurrentModel):
    """DisCo (ACM MM 2022)."""

    kind = "disco"
    description = "DisCo (ACM MM 2022): upper body and hands; a trained network with published weights."


def _padded(features: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    return np.pad(features, ((0, frames - len(features)), (0, 0)))
