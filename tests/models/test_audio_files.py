"""Files of strangers: lengths that no file has, files one behind the other, channels that cancel, containers of FFmpeg."""

from __future__ import annotations

import io
import socket
import struct
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from av_files import av_file
from folders import ROOT
from pantomatrix_converters.errors import LimitError
from pantomatrix_models.audio import av_containers, chained_files
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.pcm import PcmFormat, decode_pcm
from pantomatrix_models.audio.source import speech_of
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ, Speech
from pantomatrix_models.errors import AudioError

pytestmark = pytest.mark.unit

EXAMPLE = (ROOT / "examples/speech.wav").read_bytes()
SPEECH = decode_file(EXAMPLE, 60).samples
SHORT = SPEECH[: SAMPLE_RATE_HZ // 2]


def decode(data: bytes, name: str = "") -> Speech:
    return decode_file(data, 60, name)


def written(container: str, samples: np.ndarray = SHORT, subtype: str | None = "PCM_16", rate: int = 16000) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, subtype=subtype, format=container)
    return stream.getvalue()


def likeness(speech: Speech, original: np.ndarray) -> float:
    """The largest correlation over shifts of up to 0.1 s: encoders add some samples before the sound."""
    length = min(len(speech.samples), len(original)) - 1600
    pieces = [np.corrcoef(speech.samples[lag : lag + length], original[:length])[0, 1] for lag in range(0, 1600, 1)]
    return float(max(pieces))


# ------------------------------------------------------------------------------------------------------- stated lengths


@pytest.mark.parametrize("name", ["pipe_header.wav", "zero_header.wav"])
def test_what_pipes_write_is_the_speech(strange_files: Path, name: str) -> None:
    speech = decode((strange_files / name).read_bytes())
    np.testing.assert_array_equal(speech.samples, SPEECH)


SIZES = [0, -1, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0x77359400, 0xFFFFFFFF]


def restated(data: bytes, container: str, size: int) -> bytes:
    """The file with this length in all places that state one."""
    changed = bytearray(data)

    def put(kind: str, at: int) -> None:
        bits = 8 * struct.calcsize(kind)
        value = size & (1 << bits) - 1 if size >= 0 or kind.isupper() or kind[1:].isupper() else size
        struct.pack_into(kind, changed, at, value)

    if container == "WAV":
        put("<I", 4), put("<I", data.index(b"data") + 4)
    elif container == "RF64":
        put("<q", 20), put("<q", 28), put("<q", 36)
    elif container == "AIFF":
        put(">I", 4), put(">I", data.index(b"SSND") + 4), put(">I", data.index(b"COMM") + 10)
    elif container == "AU":
        put(">I", 8)
    elif container == "CAF":
        put(">q", data.index(b"data\0\0") + 4)
    elif container == "W64":
        put("<q", 16), put("<q", data.index(b"data\xf3\xac") + 16)
    return bytes(changed)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("container", ["WAV", "RF64", "AIFF", "AU", "CAF", "W64"])
def test_a_length_that_no_file_has_is_a_placeholder(container: str, size: int) -> None:
    data = written(container)
    plain = decode(data).samples
    np.testing.assert_allclose(plain, SHORT, atol=1e-4)
    speech = decode(restated(data, container, size))
    np.testing.assert_array_equal(speech.samples, plain)
    unknown_by_agreement = size in (0, -1) or container == "AU" or (size == 0xFFFFFFFF and container != "W64")
    assert bool(speech.notes) != unknown_by_agreement
    twice = decode(2 * restated(data, container, size))
    np.testing.assert_array_equal(twice.samples, np.concatenate([plain, plain]))


@pytest.mark.parametrize("container", ["WAV", "RF64", "AIFF", "AU", "CAF", "W64"])
def test_a_file_that_was_cut_off_is_refused(container: str) -> None:
    with pytest.raises(AudioError, match=r"truncated: its header promises 160\d\d bytes of samples, 110\d\d are there"):
        decode(written(container)[:-5000])


def test_a_riff_length_that_fits_says_that_the_file_is_whole() -> None:
    data = bytearray(written("WAV"))
    struct.pack_into("<I", data, data.index(b"data") + 4, 40_000)
    np.testing.assert_array_equal(decode(bytes(data)).samples, decode(written("WAV")).samples)


def test_bw64_and_big_endian_wav_are_read() -> None:
    data = written("RF64")
    np.testing.assert_array_equal(decode(b"BW64" + data[4:]).samples, decode(data).samples)
    big = io.BytesIO()
    soundfile.write(big, SHORT, 16000, subtype="PCM_16", format="WAV", endian="BIG")
    assert big.getvalue().startswith(b"RIFX")
    changed = bytearray(big.getvalue())
    struct.pack_into(">I", changed, changed.index(b"data") + 4, 0)
    np.testing.assert_array_equal(decode(bytes(changed)).samples, decode(data).samples)


def test_what_follows_the_samples_is_no_sound() -> None:
    data, plain = written("WAV"), decode(written("WAV")).samples
    for tail in (
        b"LIST\x04\0\0\0INFO",
        b"ID3" + bytes(range(256)) * 200,
        b"TAG" + bytes(125),
        bytes(50_000),
        b"\xff\xfe\xfd",
    ):
        np.testing.assert_array_equal(decode(data + tail).samples, plain)
    only_list = data[: data.index(b"data") + 4] + bytes(4) + b"LIST\x04\0\0\0INFO"
    with pytest.raises(AudioError, match="no samples"):
        decode(only_list)


def test_a_length_that_was_never_brought_up_to_date() -> None:
    """A recorder that died, or a synthesizer that states the length of its first piece."""
    data = bytearray(written("WAV"))
    struct.pack_into("<I", data, data.index(b"data") + 4, 1000)
    speech = decode(bytes(data))
    np.testing.assert_array_equal(speech.samples, decode(written("WAV")).samples)
    assert "counts 1000 bytes of samples, but 15000 more follow" in speech.notes[0]


# ------------------------------------------------------------------------------------------ files one behind the other


@pytest.mark.parametrize(
    ("container", "subtype"),
    [("WAV", "PCM_16"), ("WAV", "FLOAT"), ("RF64", "PCM_16"), ("AIFF", "PCM_24"), ("AIFF", "ULAW"), ("AU", "PCM_16"),
     ("CAF", "PCM_16"), ("W64", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)],
)  # fmt: skip
def test_complete_files_are_read_one_after_the_other(container: str, subtype: str | None) -> None:
    first, second = written(container, SHORT, subtype), written(container, SPEECH[8000:12000], subtype)
    parts = [decode(first).samples, decode(second).samples]
    speech = decode(first + second)
    np.testing.assert_array_equal(speech.samples, np.concatenate(parts))
    assert speech.notes == ("2 audio files one behind the other are read as one",)


def test_files_of_other_rates_follow_each_other() -> None:
    stereo = written("WAV", np.stack([SHORT, SHORT], 1), "FLOAT", 48000)
    speech = decode(written("WAV") + stereo + written("WAV", SHORT, "PCM_24"))
    assert len(speech.samples) == 8000 + 2667 + 8000
    np.testing.assert_allclose(speech.samples[-8000:], SHORT, atol=1e-4)


def test_an_odd_length_without_its_filling_byte() -> None:
    odd = written("WAV", SHORT[:4001], "PCM_U8")
    unfilled = odd[:-1] if len(odd) % 2 == 0 else odd
    assert len(unfilled) % 2
    plain = decode(odd).samples
    for first in (odd, unfilled):
        np.testing.assert_array_equal(decode(first + odd).samples, np.concatenate([plain, plain]))


def test_an_empty_file_among_others_is_nothing() -> None:
    data = written("WAV")
    empty = written("WAV", SHORT[:0])
    np.testing.assert_array_equal(decode(data + empty + data).samples[:8000], decode(data).samples)
    with pytest.raises(AudioError, match="no samples"):
        decode(empty + empty)


def test_limits_hold_for_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitError, match="longer than the 1.2 s"):
        decode_file(3 * written("WAV"), 1.2)
    monkeypatch.setattr(chained_files, "MAX_FILES", 3)
    with pytest.raises(LimitError, match="more than 3 audio files"):
        decode(4 * written("WAV"))


# -------------------------------------------------------------------------------------------------------------- channels


def stereo_file(left: np.ndarray, right: np.ndarray, *more: np.ndarray) -> Speech:
    return decode(written("WAV", np.stack([left, right, *more], 1), "FLOAT"))


def test_inverted_stereo_is_the_speech(strange_files: Path) -> None:
    speech = decode((strange_files / "inverted_stereo.wav").read_bytes())
    assert "cancel each other" in speech.notes[0]
    np.testing.assert_allclose(np.abs(speech.samples), np.abs(SPEECH), atol=1e-4)
    of_samples = speech_of((np.stack([SPEECH, -SPEECH], 1), SAMPLE_RATE_HZ))
    of_pcm = decode_pcm(
        np.stack([SPEECH, -SPEECH], 1).astype("<f4").tobytes(), PcmFormat("f32le", SAMPLE_RATE_HZ, 2), 60
    )
    for other in (of_samples, of_pcm):
        np.testing.assert_array_equal(np.abs(other.samples), np.abs(SPEECH))
        assert "cancel each other" in other.notes[0]


def test_channels_that_cancel_in_part() -> None:
    hiss = np.random.default_rng(0).normal(scale=0.003, size=(2, len(SPEECH))).astype(np.float32)
    half = stereo_file(-0.5 * SPEECH, SPEECH)
    np.testing.assert_allclose(half.samples, SPEECH, atol=1e-6)
    assert "channel 2 of 2" in half.notes[0]
    noisy = stereo_file(SPEECH + hiss[0], hiss[1] - SPEECH)
    assert "cancel" in noisy.notes[0]
    at_the_end = SPEECH.copy()
    at_the_end[len(SPEECH) // 2 :] *= -1
    assert "cancel" in stereo_file(SPEECH, at_the_end).notes[0]


def test_what_does_not_cancel_is_the_mean() -> None:
    other = np.roll(SPEECH, SAMPLE_RATE_HZ * 3)
    speech = stereo_file(SPEECH, other)
    np.testing.assert_allclose(speech.samples, (SPEECH + other) / 2, atol=1e-6)
    time = np.arange(len(SPEECH)) / SAMPLE_RATE_HZ
    hum = (0.3 * np.sin(2 * np.pi * 50 * time)).astype(np.float32)
    wired = stereo_file(SPEECH + hum, SPEECH - hum)
    np.testing.assert_allclose(wired.samples, SPEECH, atol=1e-6)
    offset = stereo_file(SPEECH + np.float32(0.2), SPEECH - np.float32(0.2))
    np.testing.assert_allclose(offset.samples, SPEECH, atol=1e-6)
    assert speech.notes == wired.notes == offset.notes == ()


def test_silent_channels_do_not_weaken_the_others() -> None:
    silence = np.zeros_like(SPEECH)
    np.testing.assert_allclose(stereo_file(SPEECH, silence).samples, SPEECH, atol=1e-6)
    centre = stereo_file(silence, silence, SPEECH, silence, silence, silence)
    np.testing.assert_allclose(centre.samples, SPEECH, atol=1e-6)
    surround = stereo_file(0.2 * SPEECH, -0.2 * SPEECH, SPEECH, silence, 0.1 * SPEECH, -0.1 * SPEECH)
    assert np.corrcoef(surround.samples, SPEECH)[0, 1] > 0.9999


# ------------------------------------------------------------------------------------------------------------ containers


CONTAINERS = [
    ("mp4", "aac", 48000, 0.99), ("mov", "pcm_s16le", 44100, 0.9999), ("mov", "alac", 44100, 0.9999), ("mp4", "libopus", 48000, 0.9),
    ("webm", "libopus", 48000, 0.9), ("matroska", "flac", 44100, 0.9999),
    ("adts", "aac", 48000, 0.99), ("mpegts", "aac", 48000, 0.99), ("flv", "aac", 44100, 0.98), ("avi", "mp3", 44100, 0.98),
    ("caf", "alac", 44100, 0.9999), ("ogg", "flac", 44100, 0.9999), ("wav", "mp3", 44100, 0.98), ("3gp", "libopencore_amrnb", 8000, 0.4),
]  # fmt: skip


@pytest.mark.parametrize(("container", "codec", "rate", "alike"), CONTAINERS)
def test_containers_of_phones_browsers_and_films(container: str, codec: str, rate: int, alike: float) -> None:
    data = av_file(container, codec, rate, soxr.resample(SPEECH[:48000], SAMPLE_RATE_HZ, rate))
    speech = decode(data)
    assert abs(len(speech.samples) - 48000) < 2000
    assert likeness(speech, SPEECH[:48000]) > alike
    assert speech.notes == ()


def test_channels_of_films() -> None:
    speech = soxr.resample(SPEECH[:32000], SAMPLE_RATE_HZ, 48000)
    silence = np.zeros_like(speech)
    centre = decode(av_file("mp4", "aac", 48000, np.stack([silence, silence, speech, silence, silence, silence], 1)))
    assert likeness(centre, SPEECH[:32000]) > 0.98
    assert 0.9 < centre.samples.std() / SPEECH[:32000].std() < 1.1
    inverted = decode(av_file("matroska", "flac", 48000, np.stack([speech, -speech], 1)))
    assert likeness(Speech(np.abs(inverted.samples)), np.abs(SPEECH[:32000])) > 0.99
    assert "cancel each other" in inverted.notes[0]


def test_content_decides_here_too() -> None:
    data = av_file("mp4", "aac", 48000, np.repeat(SPEECH[:16000], 3))
    assert decode(data, "take.m4a").notes == ()
    assert decode(data, "take.wav").notes == ("take.wav is MP4 by its content, whatever its name says",)


def test_sound_that_begins_after_the_pictures_or_has_a_hole() -> None:
    tone = np.sin(np.arange(48000) / 20).astype(np.float32) * 0.5
    stream = io.BytesIO()
    with av.open(stream, "w", format="matroska") as file:
        video = file.add_stream("mpeg4", rate=10)
        assert isinstance(video, av.VideoStream)
        video.width = video.height = 32
        video.pix_fmt = "yuv420p"
        sound = file.add_stream("pcm_s16le", rate=48000, layout="mono")
        assert isinstance(sound, av.AudioStream)
        for _ in range(30):
            file.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((48, 32), np.uint8), format="yuv420p")))
        file.mux(video.encode(None))
        for second in (0.5, 2.0):  # half a second of sound at each
            piece = av.AudioFrame.from_ndarray(
                (tone[None, :24000] * 32767).astype(np.int16), format="s16", layout="mono"
            )
            piece.rate, piece.pts = 48000, int(second * 48000)
            file.mux(sound.encode(piece))
        file.mux(sound.encode(None))
    samples = decode(stream.getvalue()).samples
    loud = [
        bool(np.abs(samples[int(at * 16000) :][:1600]).max() > 0.1) for at in (0.2, 0.6, 0.85, 1.2, 1.8, 2.05, 2.35)
    ]
    assert loud == [False, True, True, False, False, True, True]
    assert abs(len(samples) - 40000) < 200


def test_what_no_sound_can_be_taken_from() -> None:
    whole = av_file("mp4", "aac", 48000, np.repeat(SPEECH[:16000], 3))
    with pytest.raises(AudioError, match="the MP4 file is damaged or cut off"):
        decode(whole[: len(whole) // 2])
    index = whole.index(b"moov") - 4
    assert index > whole.index(b"mdat")
    faststart = av_file("matroska", "flac", 48000, np.repeat(SPEECH[:16000], 3))
    assert len(decode(faststart[: len(faststart) // 2]).samples) < 16000
    with pytest.raises(AudioError, match="IMA_ADPCM is not supported|adpcm_ima_wav is not supported"):
        decode(written("WAV", SHORT, "IMA_ADPCM", 8000))


def test_without_pyav_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av_containers, "find_spec", lambda name: None)
    with pytest.raises(AudioError, match=r'audio as MP4 needs more: pip install "\.\[audio\]"'):
        decode(b"\0\0\0\x1cftypisom" + bytes(100))
    with pytest.raises(AudioError, match=r'not supported; .*pip install "\.\[audio\]"'):
        decode(written("CAF", SHORT, "ALAC_16"))
    with pytest.raises(AudioError, match=r"^not a readable audio file \(Format not recognised\)$"):
        decode(b"no sound at all")
    assert len(decode(written("WAV")).samples) == 8000


@pytest.mark.parametrize(
    "words", ["#EXTM3U\n#EXTINF:1,\n{}\n", "ffconcat version 1.0\nfile {}\n", "v=0\nc=IN IP4 {}\nm=audio\n"]
)
def test_playlists_open_nothing(words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/take.ts"
        for name in ("", "take.m3u8", "take.mp4"):
            with pytest.raises(AudioError, match="not a readable audio file"):
                decode(words.format(address).encode(), name)
        with pytest.raises(TimeoutError):
            listening.accept()


SEEDS = [
    *(written(container) for container in ("WAV", "RF64", "AIFF", "AU", "CAF", "W64", "FLAC")),
    written("OGG", SHORT, "VORBIS") * 2,
    written("MP3", SHORT, None) * 2,
    *(av_file(container, codec, rate, SHORT) for container, codec, rate in (("mp4", "aac", 16000), ("webm", "libopus", 16000), ("adts", "aac", 16000))),
]  # fmt: skip


@settings(max_examples=120)
@given(
    st.sampled_from(range(len(SEEDS))),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6),
    st.floats(0.02, 1),
)
def test_damage_ends_in_one_line_or_finite_speech(
    seed: int, anywhere: list[tuple[float, int]], in_the_header: list[tuple[int, int]], kept: float
) -> None:
    data = bytearray(SEEDS[seed])
    data = data[: max(8, int(kept * len(data)))]
    for place, value in anywhere:
        data[int(place * (len(data) - 1))] = value
    for at, value in in_the_header:
        data[min(at, len(data) - 1)] = value
    try:
        speech = decode_file(bytes(data), 60)
    except (AudioError, LimitError) as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(speech.samples).all()
        assert len(speech.samples) <= 60 * SAMPLE_RATE_HZ
