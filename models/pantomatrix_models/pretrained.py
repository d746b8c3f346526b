"""Networks with published weights: loading, and their Python interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.motion import Motion, check_fps
from pantomatrix_converters.skeleton import load_skeleton

from .audio.source import SpeechSource, speech_of
from .audio.speech import SAMPLE_RATE_HZ
from .constraints import PoseConstraint, check_constraints, constrained
from .errors import CheckpointError, OptionError
from .model import LiveTiming, ModelInfo, Push, Speaker, UtteranceOptions
from .network_config import SpeakerConfig, configured, read_config
from .runtime.engines import Engine, load_engines
from .runtime.hops import HopSession
from .runtime.windows import WindowedSession, advance_windows
from .stepping import advance
from .weights import find

if TYPE_CHECKING:
    from .networks.execution import Stage

Audio = SpeechSource | NDArray[np.float32]
"""What `speech_of` takes, or samples at 16 kHz."""


class PretrainedModel:
    """A model whose weights are loaded from a checkpoint of the published layout.

    kind: of the network, as `model_type` in config.json has it before "_audio". subfolders: of the models that belong to it.
    stage_names: what it computes in one go each.
    """

    kind: ClassVar[str]
    subfolders: ClassVar[tuple[str, ...]] = ()
    stage_names: ClassVar[tuple[str, ...]]
    info: ModelInfo

    def __init__(self, engines: Mapping[str, Engine], info: ModelInfo) -> None:
        """engines: of `stage_names`."""
        raise NotImplementedError

    @classmethod
    def describe(cls, name: str, speaker_count: int) -> ModelInfo:
        """What the catalog says of it."""
        raise NotImplementedError

    @classmethod
    def from_pretrained(
        cls,
        place: str | Path,
        *,
        subfolder: str = "",
        revision: str | None = None,
        name: str = "",
        device: str = "auto",
        precision: str = "fp32",
    ) -> Self:
        """Load a checkpoint: config.json with model.safetensors or pytorch_model.bin.

        place: a folder, or the id of a repository on the Hugging Face hub that has been fetched (`pantomatrix models fetch`);
        subfolder, revision: in it. name: to be called so in the catalog. device: "auto", "cpu" or "cuda". precision: "fp32";
        "int8" on CPUs; "fp16" or "bf16" on GPUs. Raises CheckpointError naming file and key, StartError.
        """
        folder = find(str(place), subfolder, revision)
        config = read_config(folder)
        kind = str(config.get("model_type", cls.kind)).removesuffix("_audio")
        if kind != cls.kind:
            raise CheckpointError(f"{folder}: this is a checkpoint of {kind!r}, expected {cls.kind!r}")
        sources = [folder, *(folder / part for part in cls.subfolders)]
        for source in sources[1:]:
            if not source.is_dir():
                raise CheckpointError(f"{source}: no such folder; {cls.kind} needs it beside its own config.json")
        engines = load_engines(cls.stage_names, lambda: cls.stages(folder, config), sources, device, precision)
        speaker_count = configured(SpeakerConfig, config, str(folder)).speaker_dims
        return cls(engines, cls.describe(name or cls.kind, speaker_count))

    @classmethod
    def stages(cls, folder: Path, config: Mapping[str, Any]) -> dict[str, Stage]:
        """The stages with the checkpoint's weights. Raises CheckpointError."""
        raise NotImplementedError

    def open(self, options: UtteranceOptions) -> WindowedSession:
        """See MotionModel. The network leaves nothing to chance: every seed gives the same motion."""
        raise NotImplementedError

    def advance(self, pushes: Sequence[Push[WindowedSession]]) -> list[Motion]:
        """See MotionModel."""
        return advance_windows(self, pushes)

    def open_streaming(self, options: UtteranceOptions, timing: LiveTiming) -> HopSession:
        """See StreamingModel."""
        raise NotImplementedError

    def streaming_look_ahead_seconds(self, fps: float, timing: LiveTiming) -> float:
        """See StreamingModel."""
        raise NotImplementedError

    def frame_count(self, samples: int, options: UtteranceOptions) -> int:
        """See MotionModel."""
        raise NotImplementedError

    def generate(
        self,
        audio: Audio,
        *,
        speaker: str | int = "",
        fps: float = 0.0,
        constraints: Sequence[PoseConstraint] = (),
        timing: Literal["exact", "reference"] = "exact",
    ) -> Motion:
        """The motion of a clip.

        speaker: an id or its number; default: the first. fps: frames per second, 0 for the model's own. timing: "exact":
        frame k is at k / fps; "reference": as the publication's code did it. Raises AudioError, UnknownNameError,
        MotionError.
        """
        return self.generate_together([audio], speaker=speaker, fps=fps, constraints=constraints, timing=timing)[0]

    def generate_together(
        self,
        clips: Sequence[Audio],
        *,
        speaker: str | int = "",
        fps: float = 0.0,
        constraints: Sequence[PoseConstraint] = (),
        timing: Literal["exact", "reference"] = "exact",
    ) -> list[Motion]:
        """As `generate`, of several clips, computed together: faster than one after another, and the same."""
        options = UtteranceOptions(
            self.info.checked_speaker(str(speaker)),
            check_fps(fps) if fps else self.info.default_fps,
            constraints=tuple(constraints),
            reference_timing=timing == "reference",
        )
        heard = [_samples(clip) for clip in clips]
        for clip in heard:
            check_constraints(constraints, load_skeleton(self.info.skeleton), len(clip) / SAMPLE_RATE_HZ)
        counts = [self.frame_count(len(clip), options) for clip in heard]
        motions = advance(self, [Push(self.open(options), samples, ended=True) for samples in heard])
        if not constraints:
            return motions
        bent = (constrained([motion], constraints, options.fps, n) for motion, n in zip(motions, counts, strict=True))
        return [next(pieces) for pieces in bent]

    def run(self, windows: Sequence[Any]) -> list[Any]:
        """See WindowModel."""
        raise NotImplementedError


def speakers(count: int) -> tuple[Speaker, ...]:
    """The checkpoints number their speakers and do not name them."""
    return tuple(Speaker(str(index), f"Speaker {index}") for index in range(count))


def check_reference_fps(fps: float, own: float) -> None:
    """Raises OptionError: reference timing is that of the published files."""
    if fps != own:
        raise OptionError(f"reference timing is at {own:g} frames per second, not {fps:g}", "options.fps")


def _samples(audio: Audio) -> NDArray[np.float32]:
    if isinstance(audio, np.ndarray):
        return speech_of((audio, SAMPLE_RATE_HZ)).samples
    return speech_of(audio).samples
