"""What a trained model makes of clips that it was not trained on."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import soundfile

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.files.atomic_file import write_atomically
from pantomatrix_converters.files.npz_archive import write_arrays
from pantomatrix_converters.formats import encode_motion
from pantomatrix_models.emage.model import Emage
from pantomatrix_models.pretrained import PretrainedModel
from pantomatrix_models.recurrent.model import Camn, Disco

from ..clip_measures import ClipFiles
from ..datasets.frame_rows import COLUMNS
from ..datasets.windows import TrainingWindows

MODELS: Mapping[str, type[PretrainedModel]] = {"camn_audio": Camn, "disco_audio": Disco, "emage_audio": Emage}
"""Recipes whose result speaks by itself; the others are parts of one."""
_FPS = 30


def make_trial(
    recipe: str,
    checkpoint: Path,
    clips: TrainingWindows,
    folder: Path,
    device: str,
    on_clip: Callable[[], None] = lambda: None,
) -> list[ClipFiles]:
    """predictions/, recordings/ and speech/ of all clips of some windows, in a folder.

    checkpoint: in the published layout. Raises InvalidInputError for a recipe that does not speak, CheckpointError.
    """
    if recipe not in MODELS:
        raise InvalidInputError(f"{recipe} makes no motion by itself; test with emage_audio")
    model = MODELS[recipe].from_pretrained(checkpoint, device=device)
    made = []
    for shard, entry in clips.clips:
        rows, heard = clips.whole(shard, entry)
        speech, recorded = folder / "speech" / f"{entry.name}.wav", folder / "recordings" / f"{entry.name}.npz"
        predicted = folder / "predictions" / f"{entry.name}.npz"
        motion = model.generate(heard, speaker=str(clips.speakers.index(entry.speaker)), fps=_FPS)
        for path, data in (
            (predicted, encode_motion(motion.frames(0, min(len(motion), len(rows))), "npz").data),
            (recorded, _recorded(rows[: len(motion)])),
            (speech, _wav(heard, clips.sample_rate)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data, replace=True)
        made.append(ClipFiles(entry.name, predicted, recorded, speech))
        on_clip()
    return made


def _recorded(rows: np.ndarray) -> bytes:
    """In BEAT2's layout."""
    arrays = {name: rows[:, COLUMNS[name]] for name in ("poses", "expressions", "trans")}
    return write_arrays({**arrays, "betas": np.zeros(300, np.float32), "mocap_frame_rate": np.array(_FPS)})


def _wav(samples: np.ndarray, rate: int) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype="PCM_16")
    return file.getvalue()
