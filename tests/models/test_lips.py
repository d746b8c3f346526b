"""What the judge of lip sync says of the builtin model's lips, on speech that was never learnt from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from folders import AUDIO, DATA
from pantomatrix_converters.motion import concatenate
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.model import LiveTiming, UtteranceOptions
from pantomatrix_models.stepping import step
from pantomatrix_tools.lips.sounds import Sound, breaths, hiss, keyboard, music
from shown_lips import opening

pytestmark = pytest.mark.slow

MODEL = BuiltinModel()
HUMAN = sorted(AUDIO.glob("hu*.wav"))
NEURAL = [path for path in sorted((AUDIO / "neural").glob("*.flac")) if not path.stem.endswith("room")]


def samples(path: Path) -> np.ndarray:
    return decode_file(path.read_bytes(), 600).samples


def judged(
    paths: Sequence[Path], folder: Path, fps: float = 60, live: LiveTiming | None = None, noise: bool = False
) -> dict:
    """tests/data/lipsync_eval.py on clips that were never learnt from. noise: as loud as the speech."""
    for path in paths:
        options = UtteranceOptions("default", fps)
        session = MODEL.open_streaming(options, live) if live else MODEL.open(options)
        sound = samples(path)
        if noise:
            hiss = np.random.default_rng(7).normal(size=len(sound)).astype(np.float32)
            sound = 0.05 * (sound / sound.std() + hiss)
        face = concatenate([step(MODEL, session, sound), step(MODEL, session, ended=True)]).face
        assert face is not None
        np.savez(folder / f"{path.stem}.npz", names=np.array(face.names), values=face.weights, fps=fps)
        shutil.copy(path.with_suffix(".phones.json"), folder)
    result = folder / "result.json"
    command = [sys.executable, DATA / "lipsync_eval.py", "--phones", folder, "--curves", folder, "--json", result]
    subprocess.run(command, check=True, capture_output=True)
    return json.loads(result.read_text())["all"]


@pytest.mark.parametrize("live", [None, LiveTiming(), LiveTiming(look_ahead_seconds=0.046)])
def test_lips_beat_the_baselines_on_human_speech(live: LiveTiming | None, tmp_path: Path) -> None:
    """Five clips at 60 fps: pylipsync gets 0.34, loudness alone 0.29, with a closure skill of 0 and a rounding AUC of 0.69
    and 0.50."""
    pooled = judged(HUMAN, tmp_path, live=live)
    least = live is not None and live.look_ahead_seconds is not None
    assert pooled["score"] > (0.70 if least else 0.82)
    assert pooled["closure.skill"] > 0.5
    assert pooled["rounding.auc"] > 0.85
    assert abs(pooled["opening.lag_ms"]) < 20
    assert pooled["silence.ratio"] < 0.04


def test_lips_hold_for_voices_that_were_never_heard(tmp_path: Path) -> None:
    """Loudness alone has no closure skill. At 30 frames a second closures are seen as at 60."""
    pooled = {fps: judged(NEURAL, tmp_path, fps) for fps in (60, 30)}
    assert pooled[60]["score"] > 0.75
    assert pooled[60]["closure.mid_skill"] > 0.6
    assert pooled[30]["closure.skill"] > 0.9 * pooled[60]["closure.skill"]


def test_lips_shut_in_noise_too(tmp_path: Path) -> None:
    pooled = judged(HUMAN, tmp_path, noise=True)
    assert pooled["score"] > 0.5
    assert pooled["closure.skill"] > 0.3


@pytest.mark.parametrize("sound", [music, keyboard, breaths, hiss])
@pytest.mark.parametrize("seed", [101, 102])
def test_what_is_not_speech_moves_no_lips(sound: Sound, seed: int) -> None:
    """The judge's largest opening of twelve seconds; of other draws than were learnt from."""
    made = sound(np.random.default_rng(seed), 12 * SAMPLE_RATE_HZ)
    session = MODEL.open(UtteranceOptions("default", 60))
    open_ = opening(step(MODEL, session, (0.05 * made / made.std()).astype(np.float32), ended=True)) > 0.1
    assert np.count_nonzero(open_[1:] & ~open_[:-1]) <= 2
