"""Whether a dataset is whole: every file there, readable, of the same length as the others, and plausible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from pantomatrix_converters import rotations
from pantomatrix_converters.errors import PantomatrixError
from pantomatrix_converters.formats import load_motion
from pantomatrix_models.audio.decode import decode_file

from ..phones import read_phones
from .beat2 import semantic_relevance
from .clip import Clip
from .dataset import Layout

ERROR, WARNING = "error", "warning"
_MOST_RADIANS_A_SECOND = 60.0
_MOST_LONGER_SECONDS, _MOST_SHORTER_SECONDS = 5.0, 0.1
"""How much longer speech may be than its motion, and how much shorter."""


@dataclass(frozen=True)
class Problem:
    """severity: ERROR, without which a clip cannot be trained on, or WARNING."""

    clip: str
    severity: str
    text: str


@dataclass
class Report:
    """seconds: of motion, by split and by speaker. clips: how many by split."""

    layout: str
    clips: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    speakers: Counter[int] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not any(problem.severity == ERROR for problem in self.problems)


def check(layout: Layout, clips: Sequence[Clip], workers: int, on_clip: Callable[[], None] = lambda: None) -> Report:
    """Reads every file of every clip, in that many processes."""
    report = Report(layout.name)
    found = {}
    with ProcessPoolExecutor(max(1, min(workers, len(clips))), get_context("spawn")) as pool:
        waiting = [pool.submit(partial(_checked, layout), clip) for clip in clips]
        try:
            for done in as_completed(waiting):
                name, seconds, problems = done.result()
                found[name] = seconds, problems
                on_clip()
        finally:
            pool.shutdown(cancel_futures=True)
    for clip in clips:
        seconds, problems = found[clip.name]
        report.clips[clip.split] += 1
        report.seconds[clip.split] += seconds
        report.speakers[clip.speaker] += seconds
        report.problems += problems
    report.problems += _surplus(clips)
    return report


def _checked(layout: Layout, clip: Clip) -> tuple[str, float, list[Problem]]:
    problems: list[Problem] = []

    def tell(severity: str, text: str) -> None:
        problems.append(Problem(clip.name, severity, text))

    seconds = _check_motion(layout, clip, tell)
    _check_speech(clip, seconds, tell)
    return clip.name, seconds, problems


Tell = Callable[[str, str], None]


def _check_motion(layout: Layout, clip: Clip, tell: Tell) -> float:
    """Its seconds, 0 if it cannot be read."""
    if not _is_there(clip.motion, tell, ERROR):
        return 0.0
    try:
        motion = load_motion(clip.motion)[1].motion
    except PantomatrixError as error:
        tell(ERROR, str(error))
        return 0.0
    if abs(motion.fps - layout.fps) > 0.01 * layout.fps:
        tell(ERROR, f"{clip.motion.name}: {motion.fps:g} frames a second, expected {layout.fps:g}")
    if len(motion) > 1:
        steps = rotations.multiply(rotations.inverse(motion.rotations_xyzw[:-1]), motion.rotations_xyzw[1:])
        turned = 2 * np.arccos(np.clip(np.abs(steps[..., 3]), 0, 1)) * motion.fps
        frame, joint = np.unravel_index(turned.argmax(), turned.shape)
        if turned[frame, joint] > _MOST_RADIANS_A_SECOND:
            name = motion.skeleton.joint_names[joint]
            tell(WARNING, f"{clip.motion.name}: {name} jumps at {frame / motion.fps:.2f} s ({turned.max():.0f} rad/s)")
    if clip.face is None and motion.face is None:
        tell(ERROR, f"{clip.motion.name}: no face")
    if clip.face is not None and _is_there(clip.face, tell, ERROR):
        try:
            load_motion(clip.face)
        except PantomatrixError as error:
            tell(ERROR, str(error))
    return motion.duration_seconds


def _check_speech(clip: Clip, seconds: float, tell: Tell) -> None:
    if clip.audio is not None and _is_there(clip.audio, tell, ERROR):
        try:
            heard = decode_file(clip.audio.read_bytes(), float("inf"), clip.audio.name).duration_seconds
            if seconds and not -_MOST_SHORTER_SECONDS <= heard - seconds <= _MOST_LONGER_SECONDS:
                tell(ERROR, f"{clip.audio.name}: {heard:.2f} s of speech, {seconds:.2f} s of motion")
        except PantomatrixError as error:
            tell(ERROR, str(error))
    if clip.phones is not None and _is_there(clip.phones, tell, WARNING):
        try:
            read_phones(clip.phones)
        except PantomatrixError as error:
            tell(WARNING, str(error))
    if clip.semantic is not None and _is_there(clip.semantic, tell, WARNING):
        try:
            semantic_relevance(clip.semantic, 1, 30.0)
        except (PantomatrixError, UnicodeError) as error:
            tell(WARNING, str(error))


def _is_there(path: Path, tell: Tell, severity: str) -> bool:
    if path.is_file():
        return True
    tell(severity, f"{path.parent.name}/{path.name} is not there")
    return False


def _surplus(clips: Sequence[Clip]) -> list[Problem]:
    """Motion files that no split names."""
    named = {clip.motion for clip in clips}
    folders = {path.parent for path in named}
    others = sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_file())
    endings = {path.suffix for path in named}
    return [
        Problem(path.stem, WARNING, f"{path.parent.name}/{path.name} belongs to no split")
        for path in others
        if path.suffix in endings and path not in named
    ]
