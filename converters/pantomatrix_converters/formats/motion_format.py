"""What a file format is to the rest of the project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..coordinates import CoordinateSystem
from ..errors import FormatError, LimitError, UnsupportedError
from ..motion import Motion
from ..skeleton import Skeleton


@dataclass(frozen=True)
class ReadLimits:
    """Sizes beyond which a file is refused before memory is taken for it."""

    max_bytes: int = 2 << 30
    """Of the file, and of what its archive unpacks to."""
    max_frames: int = 2_000_000
    """About 18 hours at 30 frames per second."""
    folder: Path | None = None
    """Where a reader may open files that the file names; None: nowhere."""

    def check_frames(self, frames: int, name: str) -> None:
        """Raise FormatError for a file without frames, LimitError for one with too many."""
        if frames == 0:
            raise FormatError(f"{name}: no frames")
        if frames > self.max_frames:
            raise LimitError(f"{name}: {frames} frames, at most {self.max_frames} are allowed")

    def check_size(self, frames: int, joints: int, curves: int, name: str) -> None:
        """Raise LimitError for a motion that would take more than max_bytes of memory."""
        size = 4 * frames * (3 + 4 * joints + curves)
        if size > self.max_bytes:
            raise LimitError(
                f"{name}: {frames} frames of {joints} joints are {size >> 20} MiB, at most {self.max_bytes >> 20} are allowed"
            )


@dataclass(frozen=True)
class ClipFacts:
    """One of the clips in a file. keys: of its longest track."""

    name: str
    seconds: float
    keys: int


@dataclass(frozen=True)
class Loaded:
    """What a reader makes of a file."""

    motion: Motion
    notes: tuple[str, ...] = ()
    """What was left out or assumed, one sentence each."""
    clips: tuple[ClipFacts, ...] = ()
    """All clips in the file, of formats that hold several."""


@dataclass(frozen=True)
class Encoded:
    """A file's bytes, and what they do not hold of the motion, one sentence each."""

    data: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True)
class MotionFormat:
    """One file format.

    recognises: whether a file's bytes look like this format; quick, whatever they are.
    read: (data, name for messages, limits) -> Loaded. Raises FormatError, LimitError.
    several_clips: whether a file may hold several clips; `read` then takes which as `clip`, a name or a number from 1, and
    raises UnknownNameError.
    face_rigs: rigs of the faces that can be written; empty for all.
    write: (motion, coordinates) -> bytes, with notes where it has some; coordinates is `native_coordinates` unless
    `any_coordinates`. Raises UnsupportedError if the format cannot hold the motion.
    reduces_keys: whether `write` takes a `reduction`, a KeyReduction or None.
    states_axes: whether its files say, or all agree, which axis is up and how long a unit is. Else the body tells.
    draws_figure: whether a figure of sticks is drawn on a skeleton without a character of this format.
    extra: what brings what reading or writing it needs besides numpy.
    has_writer, has_reader: whether that is installed.
    """

    name: str
    description: str
    extensions: tuple[str, ...]
    body: bool
    face: bool
    native_coordinates: CoordinateSystem | None
    any_coordinates: bool
    recognises: Callable[[bytes], bool]
    read: Callable[..., Loaded] | None
    write: Callable[..., bytes | Encoded] | None
    face_rigs: tuple[str, ...] = ()
    reduces_keys: bool = False
    states_axes: bool = True
    several_clips: bool = False
    draws_figure: bool = False
    extra: str = ""
    has_writer: Callable[[], bool] = lambda: True
    has_reader: Callable[[], bool] = lambda: True

    def check_writer(self, skeleton: Skeleton | str = "") -> None:
        """Raise UnsupportedError if what writes this format is not installed, unless a clip on this skeleton goes into the
        character's own file."""
        character = None if isinstance(skeleton, str) else skeleton.character
        if not self.has_writer() and (character is None or character.format != self.name):
            raise UnsupportedError(self._needs_more("writing"))

    def check_reader(self, name: str) -> None:
        """Raise UnsupportedError if what reads this format is not installed. name: of the file, for messages."""
        if not self.has_reader():
            raise UnsupportedError(f"{name}: {self._needs_more('reading')}")

    def _needs_more(self, doing: str) -> str:
        return f'{doing} {self.name} needs more: pip install ".[{self.extra}]" in the project\'s folder'
