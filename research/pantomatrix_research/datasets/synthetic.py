"""A small synthetic dataset, in the layouts of BEAT2 and BEAT, to try programs on: babble with known phones, and the builtin
model's motion to it. Nothing trained on it is of any use."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.files.atomic_file import write_atomically
from pantomatrix_converters.files.npz_archive import write_arrays
from pantomatrix_converters.formats import encode_motion
from pantomatrix_converters.motion import Motion, face_motion
from pantomatrix_converters.network_layout import pelvis_in_model
from pantomatrix_converters.resample import resample
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.model import UtteranceOptions
from pantomatrix_models.stepping import step

from ..phones import SILENCE, Phone
from . import beat2

RATE = 16_000
_PERSONS = {1: "wayne", 2: "scott", 3: "solomon", 4: "lawrence"}
_STYLES = ("default", "lively", "calm", "left_handed")
_FORMANTS = {"AA": (730, 1090), "IY": (270, 2290), "UW": (300, 870), "EH": (530, 1840), "AO": (570, 840)}
"""Hz, of men (Peterson and Barney, 1952)."""
_CONSONANTS = ("P", "B", "M", "S", "N", "D", "L", "F")
_NOISY = frozenset("SF")
_VOICED = frozenset({"M", "N", "L"})
_SPLITS = ("train",) * 6 + ("val", "test")


@dataclass(frozen=True)
class Babble:
    """samples: (S,) float32 at 16 kHz. words: (label, start, end) in seconds, as phones without pauses."""

    samples: NDArray[np.float32]
    phones: tuple[Phone, ...]
    words: tuple[Phone, ...]


def make_beat2(
    folder: Path,
    clips: int,
    seconds: float,
    speakers: Sequence[int],
    seed: int = 0,
    on_clip: Callable[[], None] = lambda: None,
) -> None:
    """One language of BEAT2, see `beat2`. clips: for each speaker; six of eight are for training, one for validation, one for
    test."""
    rows = []
    for name, split, speaker, random in _clips(clips, speakers, seed):
        babble = make_babble(seconds, random)
        motion = _spoken(babble, speaker, 30.0)
        _write(folder / beat2.MOTION / f"{name}.npz", _smplx_flame(motion))
        _write(folder / beat2.AUDIO / f"{name}.wav", _wav(babble))
        _write(folder / beat2.PHONES / f"{name}.TextGrid", _textgrid(babble))
        _write(folder / beat2.SEMANTIC / f"{name}.txt", _semantic(babble))
        rows.append((name, split))
        on_clip()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("id", "type"), *rows])
    _write(folder / beat2.SPLIT_FILE, text.getvalue().encode())


def make_beat(
    folder: Path,
    clips: int,
    seconds: float,
    speakers: Sequence[int],
    seed: int = 0,
    on_clip: Callable[[], None] = lambda: None,
) -> None:
    """BEAT, see `beat`. clips: for each speaker."""
    vicon = load_skeleton("beat_vicon75")
    for name, _, speaker, random in _clips(clips, speakers, seed):
        babble = make_babble(seconds, random)
        motion = _spoken(babble, speaker, 60.0)
        assert motion.face is not None
        place = folder / str(speaker)
        body = Retargeting(motion.skeleton, vicon).apply(resample(motion, 120.0))
        _write(place / f"{name}.bvh", encode_motion(body, "bvh").data)
        _write(place / f"{name}.json", encode_motion(face_motion(motion.face, motion.fps), "arkit-json").data)
        _write(place / f"{name}.wav", _wav(babble))
        _write(place / f"{name}.TextGrid", _textgrid(babble))
        _write(place / f"{name}.txt", _semantic(babble))
        on_clip()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data, replace=True)


def _clips(clips: int, speakers: Sequence[int], seed: int):
    for speaker in speakers:
        for at in range(clips):
            name = f"{speaker}_{_PERSONS.get(speaker, 'nobody')}_0_{at + 1}_{at + 1}"
            yield name, _SPLITS[at % len(_SPLITS)], speaker, np.random.default_rng((seed, speaker, at))


def make_babble(seconds: float, random: np.random.Generator) -> Babble:
    """Syllables of a consonant and a vowel in phrases of two seconds or so, with pauses between."""
    phones: list[Phone] = []
    words: list[Phone] = []
    now = 0.0

    def add(label: str, length: float) -> None:
        nonlocal now
        phones.append(Phone(label, round(now, 3), round(now + length, 3)))
        now = round(now + length, 3)

    add(SILENCE, 0.4)
    while now < seconds - 1.5:
        for _ in range(int(random.integers(3, 8))):
            first = len(phones)
            for _ in range(int(random.integers(1, 4))):
                add(str(random.choice(_CONSONANTS)), random.uniform(0.06, 0.11))
                add(str(random.choice(list(_FORMANTS))), random.uniform(0.1, 0.2))
            words.append(Phone("".join(phone.label for phone in phones[first:]).lower(), phones[first].start, now))
            if now > seconds - 1.5:
                break
        add(SILENCE, random.uniform(0.3, 0.7))
    add(SILENCE, max(0.1, seconds - now))
    samples = np.zeros(round(seconds * RATE) + 1)
    pitch = random.uniform(90, 210)
    for phone in phones:
        start, end = round(phone.start * RATE), min(round(phone.end * RATE), len(samples))
        samples[start:end] = _sound(phone.label, end - start, pitch * random.uniform(0.9, 1.2), random)
    samples += 0.001 * random.standard_normal(len(samples))
    return Babble(samples[:-1].astype(np.float32), tuple(phones), tuple(words))


def _sound(label: str, count: int, pitch: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Harmonics under two formants; noise; a closed mouth; or a stop, silent and then a burst."""
    time = np.arange(count) / RATE
    fade = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.01 * RATE))
    if label in _FORMANTS or label in _VOICED:
        formants = _FORMANTS.get(label, (250, 1200))
        harmonics = np.arange(1, int(4000 / pitch))[:, None] * pitch
        gains = sum(1 / (1 + np.square((harmonics - formant) / 90)) for formant in formants)
        tone = (gains * np.sin(2 * np.pi * harmonics * time)).sum(axis=0)
        return fade * tone * (0.15 if label in _FORMANTS else 0.06)
    if label in _NOISY:
        return fade * 0.05 * np.diff(random.standard_normal(count + 1))
    if label == SILENCE:
        return np.zeros(count)
    burst = np.exp(-np.square((time - time[-1]) / 0.006)) if count else time
    return 0.1 * burst * random.standard_normal(count)


def _spoken(babble: Babble, speaker: int, fps: float) -> Motion:
    model = BuiltinModel()
    session = model.open(UtteranceOptions(_STYLES[speaker % len(_STYLES)], fps, seed=speaker))
    return step(model, session, babble.samples, ended=True)


def _smplx_flame(motion: Motion) -> bytes:
    """BEAT2's expressions are made linearly of ARKit's weights, and its mouths open in them: so here, by a map of our own."""
    assert motion.face is not None
    from_arkit = np.random.default_rng(51).normal(scale=0.4, size=(len(ARKIT52.curve_names), 100))
    poses = rotations.axis_angle_from_quat(motion.rotations_xyzw).reshape(len(motion), 165)
    poses[:, 66] = 0.06 * motion.face.weights[:, ARKIT52.curve_names.index("jawOpen")]
    return write_arrays(
        {
            "betas": np.zeros(300, np.float32),
            "poses": poses.astype(np.float32),
            "expressions": (motion.face.weights @ from_arkit).astype(np.float32),
            "trans": (motion.root_translation - pelvis_in_model()).astype(np.float32),
            "model": np.array("smplx2020"),
            "gender": np.array("neutral"),
            "mocap_frame_rate": np.array(30),
        }
    )


def _wav(babble: Babble) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, babble.samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _textgrid(babble: Babble) -> bytes:
    """Praat's long form, pauses as empty labels, as the Montreal aligner writes it."""
    end = len(babble.samples) / RATE
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {end}"]
    lines += ["tiers? <exists>", "size = 2", "item []:"]
    for at, (name, entries) in enumerate(
        (("words", _without_gaps(babble.words, end)), ("phones", babble.phones)), start=1
    ):
        lines += [f"    item [{at}]:", '        class = "IntervalTier"', f'        name = "{name}"', "        xmin = 0"]
        lines += [f"        xmax = {end}", f"        intervals: size = {len(entries)}"]
        for index, entry in enumerate(entries, start=1):
            label = "" if entry.label == SILENCE else entry.label
            lines += [f"        intervals [{index}]:", f"            xmin = {entry.start}"]
            lines += [f"            xmax = {min(entry.end, end)}", f'            text = "{label}"']
    return ("\n".join(lines) + "\n").encode()


def _without_gaps(words: Sequence[Phone], end: float) -> list[Phone]:
    filled: list[Phone] = []
    now = 0.0
    for word in words:
        if word.start > now:
            filled.append(Phone(SILENCE, now, word.start))
        filled.append(word)
        now = word.end
    return [*filled, Phone(SILENCE, now, end)] if now < end else filled


def _semantic(babble: Babble) -> bytes:
    """A beat gesture with every third word."""
    rows = [
        f"beat_align\t{word.start}\t{word.end}\t{word.end - word.start:.3f}\t0.5\t{word.label}"
        for word in babble.words[::3]
    ]
    return ("\n".join(rows) + "\n").encode()
