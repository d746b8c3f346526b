"""Lengths that the headers of audio files state, held against the bytes that are there.

A writer that cannot seek back, into a pipe or a network stream, writes a placeholder: 0, all ones, or something near 2 or 4
GiB. Such lengths are mended before libsndfile sees them. Any other length beyond the end is that of a file that was cut off,
which libsndfile would read in silence.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from ..errors import AudioError

_UNKNOWN_FROM = 2_000_000_000
"""Writers that do not know the length put 2 000 000 000, 0x7FFFF000, 0x80000000, 0xFFFFFFFF or others of the kind."""
_SAID_TO_BE_UNKNOWN = (0, -1, 0xFFFFFFFF)
_TAGS = (b"ID3", b"TAG", b"APETAGEX")
_W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
_LARGEST_RIFF = (1 << 32) - 16


@dataclass(frozen=True)
class StatedFile:
    """One whole file whose lengths are right, and what was assumed for that, one sentence each."""

    data: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChunkLayout:
    """How a family of files is made of chunks: an id, a size and the content.

    kinds: what follows the magic and the size of the whole. header_bytes: before the first chunk. size: as `struct` has it.
    counts_head: whether a size counts the id and the size too. samples: the id of the chunk that holds them.
    """

    name: str
    magics: tuple[bytes, ...]
    kinds: tuple[bytes, ...]
    header_bytes: int
    size: str
    samples: bytes
    counts_head: bool = False
    alignment: int = 2
    has_total: bool = True

    @property
    def id_bytes(self) -> int:
        return len(self.samples)

    @property
    def head_bytes(self) -> int:
        """Of a chunk: its id and its size."""
        return self.id_bytes + struct.calcsize(self.size)

    def begins(self, data: bytes, at: int) -> bool:
        """Whether a file of this layout begins there."""
        kind_at = at + (self.head_bytes if self.has_total else self.id_bytes)
        return data.startswith(self.magics, at) and data.startswith(self.kinds, kind_at)

    def next_file(self, data: bytes, at: int) -> int:
        """Where the next one begins; len(data) if there is none."""
        found = len(data)
        for magic in self.magics:
            place = data.find(magic, at, found)
            while place >= 0 and not self.begins(data, place):
                place = data.find(magic, place + 1, found)
            found = place if place >= 0 else found
        return found

    def content_bytes(self, data: bytes, at: int) -> int:
        """Of the chunk there, as stated."""
        size: int = struct.unpack_from(self.size, data, at + self.id_bytes)[0]
        return size - self.head_bytes if self.counts_head and size > 0 else size

    def holds_chunk(self, data: bytes, at: int) -> bool:
        """Whether what stands there can be a whole chunk."""
        if at + self.head_bytes > len(data):
            return False
        letters = data[at : at + 4]
        return all(32 <= letter < 127 for letter in letters) and (
            0 <= self.content_bytes(data, at) <= len(data) - at - self.head_bytes
        )

    def total(self, data: bytes, start: int) -> int:
        """Bytes of the whole file, as stated; 0 for a placeholder, -1 where no such number is."""
        if not self.has_total:
            return -1
        size = struct.unpack_from(self.size, data, start + self.id_bytes)[0]
        known = 0 < size < _UNKNOWN_FROM
        return size + (0 if self.counts_head else self.head_bytes) if known else 0


LAYOUTS = (
    ChunkLayout("WAV", (b"RIFF", b"RF64", b"BW64"), (b"WAVE",), 12, "<I", b"data"),
    ChunkLayout("WAV", (b"RIFX",), (b"WAVE",), 12, ">I", b"data"),
    ChunkLayout("AIFF", (b"FORM",), (b"AIFF", b"AIFC"), 12, ">I", b"SSND"),
    ChunkLayout("CAF", (b"caff",), (b"\0\1",), 8, ">q", b"data", alignment=1, has_total=False),
    ChunkLayout(
        "W64",
        (b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000"),),
        (b"wave" + _W64_TAIL,),
        40,
        "<q",
        b"data" + _W64_TAIL,
        counts_head=True,
        alignment=8,
    ),
)


@dataclass
class _Survey:
    """Where things are. chunks: id -> position, up to the samples. end: of the samples. mended: whether it is another end
    than the one stated."""

    chunks: dict[bytes, int] = field(default_factory=dict)
    end: int = 0
    mended: bool = False
    note: str = ""


def first_file(data: bytes, start: int, layout: ChunkLayout) -> tuple[StatedFile, int]:
    """The file that begins at `start`, and where the next begins: len(data) if none does.

    Raises AudioError where it is certain that the file was cut off.
    """
    survey = _survey(data, start, layout)
    following = survey.end if survey.mended else _following(data, start, survey.end, layout)
    whole = data if start == 0 and following == len(data) else data[start:following]
    if survey.mended or data.startswith(b"BW64", start):
        whole = _mended(data, start, survey, layout) or whole
    return StatedFile(whole, (survey.note,) if survey.note else ()), following


def _survey(data: bytes, start: int, layout: ChunkLayout) -> _Survey:
    survey, at = _Survey(), start + layout.header_bytes
    while at + layout.head_bytes <= len(data):
        size, body = layout.content_bytes(data, at), at + layout.head_bytes
        survey.chunks[data[at : at + layout.id_bytes]] = at
        if layout.samples in survey.chunks:
            if size == 0xFFFFFFFF and b"ds64" in survey.chunks:  # RF64 and BW64 have a longer field for it
                size = struct.unpack_from("<q", data, survey.chunks[b"ds64"] + 16)[0]
            _find_end(data, start, body, size, layout, survey)
            return survey
        if size < 0:
            break
        at = _aligned(body + size, start, layout)
    raise AudioError(f"the {layout.name} file is truncated: it ends before its samples")


def _find_end(data: bytes, start: int, body: int, size: int, layout: ChunkLayout, survey: _Survey) -> None:
    present = len(data) - body
    if 0 < size <= present or (size == 0 and (present == 0 or layout.holds_chunk(data, body))):
        survey.end = body + size
        left = data[survey.end :] if not _is_followed(data, start, survey.end, layout) else b""
        if len(left) <= size or left.startswith(_TAGS) or not left.strip(b"\0"):
            return
        survey.note = f"the header counts {size} bytes of samples, but {len(left)} more follow, which are read as well"
    else:
        total = layout.total(data, start) if b"ds64" not in survey.chunks else size
        if 0 < size < _UNKNOWN_FROM and total not in (0, len(data) - start):
            raise AudioError(
                f"the {layout.name} file is truncated: its header promises {size} bytes of samples, {present} are there"
            )
        if size not in _SAID_TO_BE_UNKNOWN:
            survey.note = f"the header's length, {size} bytes of samples, is no length of this file: all of it is read"
    survey.end, survey.mended = layout.next_file(data, body), True


def _aligned(end: int, start: int, layout: ChunkLayout) -> int:
    return end + -(end - start) % layout.alignment


def _is_followed(data: bytes, start: int, end: int, layout: ChunkLayout) -> bool:
    """Whether the end of the file, a chunk or another file comes next. Some writers leave out the byte that makes a size
    even."""
    at = _aligned(end, start, layout)
    return at >= len(data) or layout.begins(data, end) or layout.begins(data, at) or layout.holds_chunk(data, at)


def _following(data: bytes, start: int, end: int, layout: ChunkLayout) -> int:
    """Where the next file begins, behind the chunks that follow the samples."""
    at = end
    while at < len(data):
        if layout.begins(data, at):
            return at
        at = _aligned(at, start, layout)
        if layout.begins(data, at):
            return at
        if not layout.holds_chunk(data, at):
            break
        at += layout.head_bytes + layout.content_bytes(data, at)
    return len(data)


def _mended(data: bytes, start: int, survey: _Survey, layout: ChunkLayout) -> bytes | None:
    """The file up to the end of its samples, with lengths that say so; None where they do not fit."""
    mended = bytearray(data[start : survey.end])
    if len(mended) > _LARGEST_RIFF:
        return None
    if mended.startswith((b"RF64", b"BW64")):
        mended[:4] = b"RIFF"
        if b"ds64" in survey.chunks:
            at = survey.chunks[b"ds64"] - start
            mended[at : at + 4] = b"JUNK"
    at = survey.chunks[layout.samples] - start
    content = len(mended) - at - layout.head_bytes
    head = layout.head_bytes if layout.counts_head else 0
    struct.pack_into(layout.size, mended, at + layout.id_bytes, content + head)
    if layout.has_total:
        struct.pack_into(layout.size, mended, layout.id_bytes, len(mended) - layout.head_bytes + head)
    if b"COMM" in survey.chunks:
        _count_aiff_frames(mended, survey.chunks[b"COMM"] - start + layout.head_bytes, content - 8)
    return bytes(mended)


def _count_aiff_frames(mended: bytearray, common: int, content: int) -> None:
    """AIFF states the number of sample frames a second time."""
    if common + 22 > len(mended):
        return
    channels, _, bits = struct.unpack_from(">hIh", mended, common)
    packed = mended[8:12] == b"AIFC" and mended[common + 18 : common + 22].lower() in (b"ulaw", b"alaw")
    frame = channels * (1 if packed else (bits + 7) // 8)
    struct.pack_into(">I", mended, common + 2, max(0, content) // frame if frame > 0 else 0)


# ------------------------------------------------------------------------------------------------------------------- AU

_AU = {b".snd": ">", b"dns.": "<"}


def begins_au(data: bytes, at: int) -> bool:
    """Whether an AU file begins there: four letters alone could be samples."""
    if at + 24 > len(data) or data[at : at + 4] not in _AU:
        return False
    offset, _, encoding, rate, channels = struct.unpack_from(f"{_AU[data[at : at + 4]]}5I", data, at + 4)
    return 24 <= offset <= 1 << 16 and 1 <= encoding <= 32 and 1 <= rate <= 1 << 20 and 1 <= channels <= 256


def first_au_file(data: bytes, start: int) -> tuple[StatedFile, int]:
    """As `first_file`."""
    order = _AU[data[start : start + 4]]
    offset, size = struct.unpack_from(f"{order}2I", data, start + 4)
    body = start + offset
    present = len(data) - body
    if 0 < size <= present:
        end = body + size
        following = end if begins_au(data, end) else len(data)
        return StatedFile(data if following - start == len(data) else data[start:following]), following
    if 0 < size < _UNKNOWN_FROM:
        raise AudioError(f"the AU file is truncated: its header promises {size} bytes of samples, {present} are there")
    following = _next_au(data, body)
    mended = bytearray(data[start:following])
    struct.pack_into(f"{order}I", mended, 8, max(0, following - body))
    return StatedFile(bytes(mended)), following


def _next_au(data: bytes, at: int) -> int:
    found = len(data)
    for magic in _AU:
        place = data.find(magic, at, found)
        while place >= 0 and not begins_au(data, place):
            place = data.find(magic, place + 1, found)
        found = place if place >= 0 else found
    return found
