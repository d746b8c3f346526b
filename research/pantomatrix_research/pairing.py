"""Which files belong to one clip: by their names, without what programs put around them, or by a dataset's own index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.formats import FORMATS

from .clip_measures import ClipFiles
from .datasets.beat2 import index_beat2
from .datasets.dataset import find_layout

_BEFORE, _AFTER = ("res_", "gt_"), ("_output",)
_MOTION = tuple(dict.fromkeys(extension for entry in FORMATS.values() for extension in entry.extensions))
_AUDIO = (".wav", ".flac", ".mp3", ".ogg", ".opus")
_PHONES = (".textgrid", ".phones.json")
_BEAT2_SPEAKER = 2


@dataclass(frozen=True)
class Paired:
    """clips to measure, and names of files without a partner."""

    clips: tuple[ClipFiles, ...]
    without_recording: tuple[str, ...]
    without_prediction: tuple[str, ...]


def pair(
    predictions: Path, recordings: Path | None, audio: Path | None, phones: Path | None, semantic: Path | None
) -> Paired:
    """Clips of folders, or of two files. Each folder may be a dataset's; recordings' dataset gives speech, phones and
    annotations too, where no other folder is named for them. Raises InvalidInputError if nothing pairs."""
    predicted = _files(predictions, _MOTION)
    recorded = None if recordings is None else _files(recordings, _MOTION)
    if recordings is not None and find_layout(recordings) is not None:
        audio, phones, semantic = audio or recordings, phones or recordings, semantic or recordings
    one = predictions if predictions.is_file() else None
    sound, spoken, annotated = (
        dict.fromkeys(predicted, place) if one and place and place.is_file() else _optional(place, endings, what)
        for place, endings, what in (
            (audio, _AUDIO, "audio"), (phones, _PHONES, "phones"), (semantic, (".txt",), "semantic"),
        )
    )  # fmt: skip
    if recorded is not None and predictions.is_file() and recordings is not None and recordings.is_file():
        (recording,) = recorded.values()
        recorded = dict.fromkeys(predicted, recording)
    names = [name for name in predicted if recorded is None or name in recorded]
    if not names:
        raise InvalidInputError(
            f"no file of {predictions} is called like one of {recordings}: {_few(predicted)} against {_few(recorded or {})}"
        )
    for place, found in ((audio, sound), (phones, spoken), (semantic, annotated)):
        if place is not None and place != recordings and found.keys().isdisjoint(names):
            raise InvalidInputError(
                f"{place}: no file in it is called like a clip: {_few(predicted)} against {_few(found) or 'none'}"
            )
    clips = tuple(
        ClipFiles(
            name,
            predicted[name],
            None if recorded is None else recorded[name],
            sound.get(name),
            spoken.get(name),
            annotated.get(name),
        )
        for name in names
    )
    others = () if recorded is None else tuple(name for name in recorded if name not in predicted)
    return Paired(clips, tuple(name for name in predicted if name not in names), others)


def pair_with_beat2(predictions: Path, folder: Path) -> Paired:
    """The published protocol's clips: BEAT2's test split of speaker 2, with all that the dataset has of them.

    Raises InvalidInputError, FormatError.
    """
    predicted = _files(predictions, _MOTION)
    clips = index_beat2(folder, ("test",), (_BEAT2_SPEAKER,))
    found = tuple(
        ClipFiles(clip.name, predicted[clip.name], clip.motion, *map(_there, (clip.audio, clip.phones, clip.semantic)))
        for clip in clips
        if clip.name in predicted
    )
    if not found:
        names = _few({clip.name: folder for clip in clips})
        raise InvalidInputError(f"{predictions}: none of the protocol's {len(clips)} clips is there: {names}")
    names = {clip.name for clip in clips}
    return Paired(
        found,
        tuple(name for name in predicted if name not in names),
        tuple(clip.name for clip in clips if clip.name not in predicted),
    )


def clip_name(path: Path) -> str:
    """Without folder and endings, and without the "res_", "gt_" and "_output" that published programs put around it."""
    name = path.name.removesuffix(".gz")
    ending = next((end for end in (*_PHONES, *_MOTION) if name.lower().endswith(end)), path.suffix)
    name = name[: len(name) - len(ending)]
    for start in _BEFORE:
        name = name.removeprefix(start)
    for end in _AFTER:
        name = name.removesuffix(end)
    return name


def _files(place: Path, endings: tuple[str, ...]) -> dict[str, Path]:
    """By clip, sorted by its name. Raises InvalidInputError."""
    if not place.exists():
        raise InvalidInputError(f"{place}: no such file or folder")
    if (found := _of_dataset(place, "motion")) is not None:
        return dict(sorted(found.items()))
    listed = [place] if place.is_file() else sorted(path for path in place.iterdir() if path.is_file())
    found = {}
    for path in listed:
        if path.name.lower().removesuffix(".gz").endswith(endings) and not path.name.endswith(".phones.json"):
            name = clip_name(path)
            if name in found:
                raise InvalidInputError(f"{place}: {found[name].name} and {path.name} are both of the clip {name!r}")
            found[name] = path
    if not found:
        raise InvalidInputError(f"{place}: no file that ends in {', '.join(endings)}")
    return dict(sorted(found.items()))


def _of_dataset(place: Path, what: str) -> dict[str, Path] | None:
    """A dataset's files of one attribute of its clips, as far as they are there; None for any other place."""
    layout = find_layout(place)
    if layout is None:
        return None
    files = ((clip.name, _there(getattr(clip, what))) for clip in layout.index(place))
    return {name: path for name, path in files if path is not None}


def _optional(place: Path | None, endings: tuple[str, ...], what: str) -> dict[str, Path]:
    if place is None:
        return {}
    if not place.exists():
        raise InvalidInputError(f"{place}: no such file or folder")
    if (found := _of_dataset(place, what)) is not None:
        return found
    listed = [place] if place.is_file() else sorted(place.iterdir())
    return {clip_name(path): path for path in listed if path.name.lower().endswith(endings)}


def _there(path: Path | None) -> Path | None:
    return path if path is not None and path.is_file() else None


def _few(names: dict[str, Path]) -> str:
    listed = list(names)
    return ", ".join(listed[:3]) + (", ..." if len(listed) > 3 else "")
