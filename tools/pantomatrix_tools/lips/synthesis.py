"""Speech whose phones are known because a synthesiser says when it spoke them: espeak-ng (formants, every language) and flite
(voices cut or learnt from recordings)."""

from __future__ import annotations

import ctypes
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.phones import from_arpabet

from .phones import STOPS, as_ipa
from .speech import Speech

FLITE_VOICES = ("kal16", "awb", "rms", "slt")

_SYNCHRONOUS, _PHONEMES, _IPA, _PHONEME_EVENT = 2, 0x1, 0x2, 7
_UTF8 = 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_LONGEST_CLOSURE_SECONDS = 0.08


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """espeak-ng's library; one in a process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEMES | _IPA)
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._samples: list[NDArray[np.int16]] = []
        self._phones: list[tuple[float, str]] = []

    def spoken(self, text: str, voice: str, words_a_minute: int, pitch: int, pitch_range: int) -> Speech:
        """voice: for example "en-us+f3". pitch, pitch_range: 0 to 100."""
        self._samples, self._phones = [], []
        library = self._library
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        for parameter, value in ((_RATE, words_a_minute), (_PITCH, pitch), (_RANGE, pitch_range)):
            library.espeak_SetParameter(parameter, value, 0)
        data = text.encode() + b"\0"
        library.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
        samples = np.concatenate([*self._samples, np.zeros(1, np.int16)]).astype(np.float32) / 32768
        end = len(samples) / self._rate
        samples = soxr.resample(samples, self._rate, SAMPLE_RATE_HZ)
        starts = _with_closures(self._phones, samples)
        stops = [*starts[1:], end]
        spoken = [
            (as_ipa(name, voice), a, b) for (_, name), a, b in zip(self._phones, starts, stops, strict=True) if b > a
        ]
        return Speech(_as_16_bit(samples), spoken, f"espeak-ng {voice}", voice.split("+")[0])

    def _take(self, samples, count, events) -> int:
        if samples and count:
            self._samples.append(np.ctypeslib.as_array(samples, (count,)).copy())
        at = 0
        while events[at].type:
            if events[at].type == _PHONEME_EVENT:
                self._phones.append((events[at].sample / self._rate, events[at].name.decode("utf-8", "ignore")))
            at += 1
        return 0


def _with_closures(phones: list[tuple[float, str]], samples: NDArray[np.float32]) -> list[float]:
    """Starts of phones. espeak-ng marks a stop at its release; the quiet stretch before belongs to it."""
    hop = SAMPLE_RATE_HZ // 200
    count = len(samples) // hop
    level = 10 * np.log10(np.mean(samples[: count * hop].reshape(count, hop) ** 2, axis=1) + 1e-8)
    starts = []
    for seconds, name in phones:
        if name[:1] in STOPS and count:
            at = min(int(seconds * 200), count - 1)
            earliest = max(0, at - int(_LONGEST_CLOSURE_SECONDS * 200))
            loud = level[max(0, at - 40) : at + 1].max() - 12.0
            while at > earliest and level[at - 1] < loud:
                at -= 1
            seconds = max(min(seconds, at / 200), starts[-1] if starts else 0.0)
        starts.append(seconds)
    return starts


def flite(text: str, voice: str, stretch: float) -> Speech:
    """stretch: of durations, 1 is the voice's own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        command = [
            "flite",
            "-voice",
            voice,
            "-psdur",
            "--setf",
            f"duration_stretch={stretch}",
            "-t",
            text,
            "-o",
            str(path),
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        samples, rate = soundfile.read(path, dtype="float32")
    samples = soxr.resample(samples, rate, SAMPLE_RATE_HZ)
    spoken, start = [], 0.0
    for name, end in re.findall(r"([a-z]+):([\d.]+)", said):
        spoken.append((from_arpabet(name), start, float(end)))
        start = float(end)
    return Speech(_as_16_bit(samples), spoken, f"flite {voice}", "en-us")


def _as_16_bit(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    return (np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16)
