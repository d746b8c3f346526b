"""Decoding: formats, odd files, raw samples, resampling."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from av_files import av_file
from folders import AUDIO
from pantomatrix_converters.errors import LimitError
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.pcm import PcmFormat, decode_pcm
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ, Speech
from pantomatrix_models.errors import AudioError
from pantomatrix_server.app import decoder_process
from pantomatrix_server.app.decoder_process import DecoderProcesses

pytestmark = pytest.mark.unit

ORIGINAL = AUDIO / "es01_us_m.wav"


def decode(name: str, **options) -> Speech:
    path = AUDIO / name
    return decode_file(path.read_bytes(), 60, path.name, **options)


def wav(samples: np.ndarray, rate: int, subtype: str = "FLOAT", container: str = "WAV") -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, subtype=subtype, format=container)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "correlation"),
    [
        ("compressed_flac.flac", 0.9999),
        ("compressed_mp3.mp3", 0.99),
        ("compressed_ogg.ogg", 0.98),
        ("compressed_opus.opus", 0.9),
        ("stereo_48k_float.wav", 0.999),
        ("left_only_44k_24bit.wav", 0.999),
        ("mono_8k.wav", 0.95),
        ("quiet_minus40dB.wav", 0.99),
    ],
)
def test_every_format_gives_the_same_speech_without_a_shift(name: str, correlation: float) -> None:
    original, speech = decode(ORIGINAL.name).samples, decode(name).samples
    assert abs(len(speech) - len(original)) <= SAMPLE_RATE_HZ // 25
    length = min(len(speech), len(original))
    spectra = np.fft.rfft(original[:length]).conj() * np.fft.rfft(speech[:length])
    lag = int(np.argmax(np.fft.irfft(spectra, length)))
    assert min(lag, length - lag) <= SAMPLE_RATE_HZ // 500
    assert np.corrcoef(original[:length], np.roll(speech[:length], -lag))[0, 1] > correlation


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty_file.wav", "empty"),
        ("truncated_in_header.wav", "truncated"),
        ("truncated_60pct.wav", "promises 146002 bytes of samples, 87583 are there"),
        ("text_named.wav", "not a readable audio file"),
        ("no_samples.wav", "no samples"),
        ("float_with_nan.wav", r"sample 4000 \(0.2500 s\) is NaN"),
    ],
)
def test_what_is_no_speech_is_refused(name: str, text: str) -> None:
    with pytest.raises(AudioError, match=text):
        decode(name)


def test_content_decides_and_a_note_says_so() -> None:
    speech = decode_file((AUDIO / "compressed_mp3.mp3").read_bytes(), 60, "take.wav")
    assert "take.wav is MP3 by its content" in speech.notes[0]
    assert decode(ORIGINAL.name).notes == ()


def test_limits_are_kept_before_and_while_decoding() -> None:
    with pytest.raises(LimitError, match="4.6 s long, at most 2 s"):
        decode_file(ORIGINAL.read_bytes(), 2)
    with pytest.raises(LimitError, match="at most 2 s"):
        decode_file((AUDIO / "compressed_mp3.mp3").read_bytes(), 2)


def test_declared_rate_must_be_the_files() -> None:
    with pytest.raises(AudioError, match="has 16000 samples a second, but 44100 were declared") as caught:
        decode(ORIGINAL.name, expected_sample_rate_hz=44100)
    assert caught.value.field == "expected_sample_rate_hz"


@pytest.mark.parametrize(("subtype", "container"), [("IMA_ADPCM", "WAV"), ("MS_ADPCM", "WAV"), ("GSM610", "WAV")])
def test_unwanted_codecs_are_not_decoded(subtype: str, container: str) -> None:
    with pytest.raises(AudioError, match="is not supported"):
        decode_file(wav(np.zeros(1600), 8000, subtype, container), 60)


def test_a_truncated_flac_is_refused() -> None:
    with pytest.raises(AudioError, match=r"truncated|not a readable"):
        decode_file((AUDIO / "compressed_flac.flac").read_bytes()[:50_000], 60)


def test_streamed_wav_without_a_length_is_read() -> None:
    data = bytearray(ORIGINAL.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    assert len(decode_file(bytes(data), 60).samples) == len(decode(ORIGINAL.name).samples)


@pytest.mark.parametrize(
    "name", ["hu01_librivox_m.wav", "compressed_mp3.mp3", "compressed_ogg.ogg", "compressed_flac.flac"]
)
def test_damaged_files_end_in_an_error_or_finite_speech(name: str) -> None:
    data = (AUDIO / name).read_bytes()
    random = np.random.default_rng(0)
    for _ in range(40):
        damaged = bytearray(data[: random.integers(10, len(data))])
        for position in random.integers(0, len(damaged), size=20):
            damaged[position] = random.integers(256)
        try:
            speech = decode_file(bytes(damaged), 60)
        except (AudioError, LimitError):
            continue
        assert np.isfinite(speech.samples).all()


def test_pcm_of_each_kind() -> None:
    samples = (np.sin(np.arange(800) / 10) * 20_000).astype("<i2")
    as_int = decode_pcm(samples.tobytes(), PcmFormat("s16le", SAMPLE_RATE_HZ), 60)
    as_float = decode_pcm((samples / 32768).astype("<f4").tobytes(), PcmFormat("f32le", SAMPLE_RATE_HZ), 60)
    stereo = decode_pcm(np.repeat(samples, 2).tobytes(), PcmFormat("s16le", SAMPLE_RATE_HZ, 2), 60)
    np.testing.assert_allclose(as_int.samples, as_float.samples, atol=1e-7)
    np.testing.assert_allclose(as_int.samples, stereo.samples, atol=1e-7)


@pytest.mark.parametrize("rate", [4000, 8000, 22050, 44100, 48000, 96000, 192000])
def test_resampling_keeps_length_and_pitch(rate: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype("<f4")
    speech = decode_pcm(tone.tobytes(), PcmFormat("f32le", rate), 60)
    assert len(speech.samples) == SAMPLE_RATE_HZ
    assert np.argmax(np.abs(np.fft.rfft(speech.samples))) == 440


@pytest.mark.parametrize(
    ("encoding", "rate", "channels", "field"),
    [
        ("", 16000, 1, "encoding"),
        ("s16le", 0, 1, "sample_rate_hz"),
        ("s16le", -8000, 1, "sample_rate_hz"),
        ("s16le", 10**9, 1, "sample_rate_hz"),
        ("s16le", 16000, 0, "channels"),
        ("s16le", 16000, 9, "channels"),
    ],
)
def test_wrong_pcm_formats(encoding: str, rate: int, channels: int, field: str) -> None:
    with pytest.raises(AudioError) as caught:
        PcmFormat(encoding, rate, channels)
    assert caught.value.field == field


def test_wrong_pcm_samples() -> None:
    with pytest.raises(AudioError, match="3 bytes are not a whole number of 2-byte"):
        decode_pcm(b"abc", PcmFormat("s16le", 16000), 60)
    with pytest.raises(AudioError, match="no samples"):
        decode_pcm(b"", PcmFormat("s16le", 16000), 60)
    with pytest.raises(AudioError, match=r"sample 2 \(0.0001 s\) is NaN or infinite"):
        decode_pcm(np.array([0, 1, np.inf], "<f4").tobytes(), PcmFormat("f32le", 16000), 60)
    with pytest.raises(LimitError):
        decode_pcm(bytes(16000 * 2 * 3), PcmFormat("s16le", 16000), 2)


async def test_ffmpegs_containers_are_decoded_there_too() -> None:
    decoders = DecoderProcesses(1)
    try:
        tone = (0.3 * np.sin(np.arange(48000) / 20)).astype(np.float32)
        speech = await decoders.decode(av_file("mp4", "aac", 48000, tone), 60, 0)
        assert abs(speech.duration_seconds - 1) < 0.05
        with pytest.raises(AudioError, match="the MP4 file is damaged or cut off"):
            await decoders.decode(b"\0\0\0\x1cftypisom" + bytes(1000), 60, 0)
    finally:
        decoders.shutdown()


async def test_a_file_without_end_and_one_that_wants_all_memory_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    decoders = DecoderProcesses(1)
    try:
        await decoders.warm_up()
        process = decoders._decoders[0]._process
        assert process is not None
        if sys.platform == "linux":
            await decoders.decode(ORIGINAL.read_bytes(), 60, 0)
            limits = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
            assert next(line for line in limits if line.startswith("Max data size")).split()[3] == str(6 << 30)
        monkeypatch.setattr(decoder_process, "_SECONDS_PER_FILE", 0.05)
        silence = wav(np.zeros(16000 * 3600 * 4, np.int16), 16000, "PCM_16", "FLAC")
        with pytest.raises(AudioError, match="takes more than 0.05 s to decode"):
            await decoders.decode(silence, float("inf"), 0)
        monkeypatch.undo()
        assert len((await decoders.decode(ORIGINAL.read_bytes(), 60, 0)).samples) == 73001
    finally:
        decoders.shutdown()


async def test_a_file_that_kills_the_decoder_harms_nobody_else() -> None:
    decoders = DecoderProcesses(1)
    try:
        await decoders.warm_up()
        process = decoders._decoders[0]._process
        assert process is not None
        process.kill()
        speech = await decoders.decode(ORIGINAL.read_bytes(), 60, 0)
        assert len(speech.samples) == 73001
        with pytest.raises(AudioError, match="empty"):
            await decoders.decode(b"", 60, 0)
    finally:
        decoders.shutdown()
