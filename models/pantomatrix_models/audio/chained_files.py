"""Complete files one behind the other: recordings that were joined by `cat`, synthesizers that send a file a sentence.

libsndfile reads the first of them, or none. MP3 without a header of its own and AAC need no help: their frames go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pantomatrix_converters.errors import LimitError

from .stated_lengths import LAYOUTS, StatedFile, begins_au, first_au_file, first_file

MAX_FILES = 10_000
"""Each costs some microseconds, however small it is."""

_FLAC = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22")
_MP3_LENGTH = re.compile(rb"Xing|Info|VBRI")
_MP3_LENGTH_PLACES = (36, 21, 13)
"""After the start of a frame: MPEG-1 stereo, MPEG-1 mono and MPEG-2 stereo, MPEG-2 mono."""


def files_in(data: bytes) -> Iterator[StatedFile]:
    """The files that the bytes are, each whole; what is no known container is one file.

    Raises AudioError for one that is certainly cut off, LimitError for more than MAX_FILES.
    """
    start = count = 0
    while start < len(data):
        count += 1
        if count > MAX_FILES:
            raise LimitError(f"more than {MAX_FILES} audio files one behind the other")
        file, start = _first(data, start)
        yield file


def _first(data: bytes, start: int) -> tuple[StatedFile, int]:
    """The file that begins there, and where the next does."""
    layout = next((layout for layout in LAYOUTS if layout.begins(data, start)), None)
    if layout is not None:
        return first_file(data, start, layout)
    if begins_au(data, start):
        return first_au_file(data, start)
    next_file = next((find for begins, find in _STREAMS if begins(data, start)), None)
    end = len(data) if next_file is None else next_file(data, start)
    return StatedFile(data if end - start == len(data) else data[start:end]), end


def _next_flac(data: bytes, start: int) -> int:
    found = _FLAC.search(data, start + 1)
    return found.start() if found else len(data)


def _next_ogg(data: bytes, start: int) -> int:
    """A page that begins a stream, after pages that do not: streams that are sent together all begin first."""
    at, goes_on = start, False
    while data.startswith(b"OggS", at) and at + 27 <= len(data):
        begins = bool(data[at + 5] & 2)
        if begins and goes_on:
            return at
        goes_on = goes_on or not begins
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + len(lacing) + sum(lacing)
    return len(data)


def _next_mp3(data: bytes, start: int) -> int:
    """A frame that tells the length of a file, after the first frame: decoders stop where the first such frame says."""
    first = data.find(b"\xff", start + _id3_bytes(data, start))
    while first >= 0 and not _is_mp3_frame(data, first):
        first = data.find(b"\xff", first + 1)
    if first >= 0:
        for found in _MP3_LENGTH.finditer(data, first):
            frames = (found.start() - place for place in _MP3_LENGTH_PLACES)
            at = next((at for at in frames if _is_mp3_frame(data, at)), first)
            if at > first:
                return at
    return len(data)


def _begins_mp3(data: bytes, at: int) -> bool:
    return data.startswith(b"ID3", at) or _is_mp3_frame(data, at)


def _is_mp3_frame(data: bytes, at: int) -> bool:
    """A frame's first bytes: MPEG-1 or 2, layer III, a bit rate and a sample rate that exist."""
    if at < 0 or at + 4 > len(data):
        return False
    first, second, third = data[at], data[at + 1], data[at + 2]
    return (
        first == 0xFF and second & 0xE6 == 0xE2 and second & 0x18 != 0x08 and 0 < third >> 4 < 15 and third & 12 != 12
    )


def _id3_bytes(data: bytes, at: int) -> int:
    """Of the tag there; its size has seven bits a byte."""
    if not data.startswith(b"ID3", at) or at + 10 > len(data):
        return 0
    size = 0
    for byte in data[at + 6 : at + 10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


_STREAMS: tuple[tuple[Callable[[bytes, int], bool], Callable[[bytes, int], int]], ...] = (
    (lambda data, at: _FLAC.match(data, at) is not None, _next_flac),
    (lambda data, at: data.startswith(b"OggS", at), _next_ogg),
    (_begins_mp3, _next_mp3),
)
"""Whether a stream of the kind begins there, and where the next one of its kind does."""
