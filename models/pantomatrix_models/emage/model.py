"""EMAGE as a model: face, body, hands and root from speech, in windows of 64 frames at 30 frames a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.editing.options import BodyPart
from pantomatrix_converters.face.rigs import FLAME
from pantomatrix_converters.motion import frames_in

from ..audio.speech import SAMPLE_RATE_HZ
from ..errors import AudioError
from ..model import LiveTiming, ModelInfo, UtteranceOptions
from ..network_config import EmageConfig, VqConfig, configured, read_config
from ..pretrained import PretrainedModel, check_reference_fps, speakers
from ..runtime.engines import Engine
from ..runtime.hops import HEARD_SECONDS, hop_look_ahead, live_frames
from ..weights import EMAGE_SUBFOLDERS, WEIGHTS_LICENSE
from .root_path import PublishedRoot, SteadyRoot
from .session import (
    FPS,
    OVERLAP_FRAMES,
    WINDOW_FRAMES,
    Codes,
    DecodedFrames,
    EmageHops,
    EmageResult,
    EmageSession,
    EmageWindow,
    ExactLayout,
    KnownMotion,
    ReferenceLayout,
    smplx_timeline,
)

if TYPE_CHECKING:
    from ..networks.execution import Stage
    from .codec import EmageCodec
    from .network import EmageNetwork


_LIVE = (8, 2)
"""Frames of a hop, and frames looked ahead beyond it."""


class Emage(PretrainedModel):
    """See ModelInfo.description."""

    kind = "emage"
    subfolders = EMAGE_SUBFOLDERS
    stage_names = ("window", "decoding")

    def __init__(self, engines: Mapping[str, Engine], info: ModelInfo) -> None:
        self._window, self._decoding = engines["window"], engines["decoding"]
        self.info = info

    @classmethod
    def describe(cls, name: str, speaker_count: int) -> ModelInfo:
        """See PretrainedModel."""
        return ModelInfo(
            name=name,
            description="EMAGE (CVPR 2024): face, body, hands and root, a trained network with published weights.",
            version="1",
            parts=frozenset(BodyPart),
            speakers=speakers(speaker_count),
            skeleton="smplx",
            face_rig=FLAME.name,
            default_fps=float(FPS),
            sample_rate_hz=SAMPLE_RATE_HZ,
            look_ahead_seconds=WINDOW_FRAMES / FPS,
            live_look_ahead_seconds=hop_look_ahead(_LIVE, FPS, FPS),
            streaming=True,
            memory_seconds=HEARD_SECONDS,
            reference_timing=True,
            weights_license=WEIGHTS_LICENSE,
        )

    @classmethod
    def stages(cls, folder: Path, config: Mapping[str, Any]) -> dict[str, Stage]:
        """See PretrainedModel."""
        from .stages import emage_stages

        return emage_stages(*cls.networks(folder, config))

    @classmethod
    def networks(cls, folder: Path, config: Mapping[str, Any]) -> tuple[EmageNetwork, EmageCodec]:
        """The networks with the checkpoint's weights, as published. Raises CheckpointError."""
        from ..networks.checkpoint import fill, read_weights
        from .codec import EmageCodec
        from .network import EmageNetwork
        from .vq import motion_model

        network = EmageNetwork(configured(EmageConfig, config, str(folder)))
        fill(network, read_weights(folder), str(folder))
        parts = {}
        for subfolder in EMAGE_SUBFOLDERS:
            place = folder / subfolder
            part = motion_model(configured(VqConfig, read_config(place), str(place)))
            fill(part, read_weights(place), str(place))
            parts[place.name] = part
        return network, EmageCodec(parts, parts.pop("global"))

    def open(self, options: UtteranceOptions) -> EmageSession:
        """See PretrainedModel."""
        timeline = smplx_timeline(options.fps)
        windows = ReferenceLayout() if options.reference_timing else ExactLayout(timeline, options.fps)
        root = PublishedRoot(FPS) if options.reference_timing else SteadyRoot(FPS)
        known = KnownMotion(options.constraints)
        return EmageSession(windows, root, timeline, speaker=int(options.speaker), known=known)

    def open_streaming(self, options: UtteranceOptions, timing: LiveTiming) -> EmageHops:
        """See StreamingModel."""
        hop, look = live_frames(timing, FPS, _LIVE, WINDOW_FRAMES - OVERLAP_FRAMES)
        return EmageHops(options, hop=hop, look=look)

    def streaming_look_ahead_seconds(self, fps: float, timing: LiveTiming) -> float:
        """See StreamingModel."""
        return hop_look_ahead(live_frames(timing, FPS, _LIVE, WINDOW_FRAMES - OVERLAP_FRAMES), FPS, fps)

    def frame_count(self, samples: int, options: UtteranceOptions) -> int:
        """See MotionModel."""
        if not options.reference_timing:
            return frames_in(samples / SAMPLE_RATE_HZ, options.fps)
        check_reference_fps(options.fps, FPS)
        frames = ReferenceLayout().frames(samples)
        if frames == 0:
            raise AudioError(
                "with reference timing EMAGE makes no motion of clips shorter than 0.3 s", "options.timing"
            )
        return frames

    def run(self, windows: Sequence[EmageWindow | Codes]) -> list[EmageResult | DecodedFrames]:
        """See WindowModel. Windows of the same length are computed together; codes are decoded one session at a time."""
        results: list[EmageResult | DecodedFrames | None] = [
            self._decode(item.codes[None])[0] if isinstance(item, Codes) else None for item in windows
        ]
        places = [index for index, item in enumerate(windows) if isinstance(item, EmageWindow)]
        heard = self._hear([item for item in windows if isinstance(item, EmageWindow)])
        for index, result in zip(places, heard, strict=True):
            results[index] = result
        return [result for result in results if result is not None]

    def _hear(self, windows: Sequence[EmageWindow]) -> list[EmageResult]:
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for index, window in enumerate(windows):
            past = -1 if window.past is None else len(window.past)
            groups[len(window.audio), len(window.motion), past, window.new].append(index)
        results: dict[int, EmageResult] = {}
        for group in groups.values():
            codes, tails = self._window(
                audio=np.stack([windows[index].audio for index in group]),
                speaker_id=np.array([[windows[index].speaker] for index in group]),
                motion=np.stack([windows[index].motion for index in group]),
                mask=np.stack([windows[index].mask for index in group]),
            )
            decoded = self._decoded([windows[index] for index in group], codes)
            results |= {
                index: EmageResult(codes[row], tails[row], decoded[row] if decoded else None)
                for row, index in enumerate(group)
            }
        return [results[index] for index in range(len(windows))]

    def _decoded(self, windows: Sequence[EmageWindow], codes: NDArray[np.int64]) -> list[DecodedFrames]:
        """The past and new codes of windows of the same shape as motion; nothing where they have no past."""
        past = [window.past for window in windows if window.past is not None]
        return self._decode(np.concatenate([np.stack(past), codes[:, -windows[0].new :]], axis=1)) if past else []

    def _decode(self, codes: NDArray[np.int64]) -> list[DecodedFrames]:
        """codes: (N, T, 4)."""
        motion, expression, root = self._decoding(codes=codes)
        return [DecodedFrames(motion[row], expression[row], root[row]) for row in range(len(codes))]
