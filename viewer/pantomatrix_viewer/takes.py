"""What the page shows: motions made from speech, or read from files."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

import soundfile

from pantomatrix_converters.editing.options import JointRoles, MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import InvalidInputError, PantomatrixError, UnknownNameError
from pantomatrix_converters.files.gzip_file import unpacked, without_gz
from pantomatrix_converters.formats import (
    FORMATS,
    ReadLimits,
    can_hold,
    decode_motion,
    encode_motion,
    find_format,
    recognised_format,
)
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_converters.provenance import Provenances
from pantomatrix_converters.retargeting.humanoid import with_roles
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.options import MotionOptions, felt_at_first
from pantomatrix_server.app.application import Application
from pantomatrix_server.app.clips import ClipBegun, EncodedAudio
from pantomatrix_server.app.events import Frames
from pantomatrix_server.transports.call import CallFailed, served_call

from .character import on_character

log = logging.getLogger("pantomatrix")

_MOST_TAKES = 16


@dataclass(frozen=True)
class Source:
    """Where a take comes from.

    name: a file's. data: its bytes, speech or motion. speech: of a motion that comes with it. options: how speech becomes
    motion. joint_map: which joint of a motion is which; empty for what its file tells.
    """

    name: str
    data: bytes
    speech: bytes = b""
    options: MotionOptions = field(default_factory=MotionOptions)
    joint_map: JointRoles = ()


@dataclass(eq=False)
class Take:
    """One motion, from the moment that it was asked for. progress: 0 to 1. is_generated: from speech, with the options; a
    file's are not known."""

    id: int
    name: str
    options: MotionOptions
    speech: bytes = b""
    progress: float = 0.0
    motion: Motion | None = None
    shown: bytes = b""
    on_character: bool = True
    is_generated: bool = False
    notes: tuple[str, ...] = ()
    error: str = ""
    work: asyncio.Task[None] | None = None

    def summary(self) -> dict[str, Any]:
        """For the page."""
        motion = self.motion
        about = {
            "id": self.id,
            "name": self.name,
            "options": {
                "model": self.options.model,
                "speaker": self.options.speaker,
                "seed": self.options.seed,
                "emotions": dict(felt_at_first(self.options.emotions)),
            }
            if self.is_generated
            else None,
            "progress": self.progress,
            "error": self.error,
            "notes": list(self.notes),
            "made_from": [str(known) for known in motion.provenance] if motion is not None else [],
            "speech": bool(self.speech),
        }
        if motion is not None:
            about["motion"] = {
                "fps": motion.fps,
                "frames": len(motion),
                "seconds": motion.duration_seconds,
                "body": motion.has_body,
                "on_character": self.on_character,
                "formats": [entry.name for entry in FORMATS.values() if can_hold(entry, motion)],
            }
        return about


class Takes:
    """The latest takes; the oldest makes room for the next."""

    def __init__(self, application: Application) -> None:
        self._application, self._compute = application, application.compute
        self._limits = ReadLimits(application.limits.max_convert_bytes, application.limits.max_convert_frames)
        self._takes: dict[int, Take] = {}
        self._ids = itertools.count(1)

    def __iter__(self):
        return iter(self._takes.values())

    def __getitem__(self, take_id: int) -> Take:
        try:
            return self._takes[take_id]
        except KeyError:
            raise UnknownNameError("take", str(take_id), list(map(str, self._takes))) from None

    def add(self, source: Source) -> Take:
        """Begin a take; it is made in the background."""
        take = Take(next(self._ids), source.name, source.options, source.speech)
        self._takes[take.id] = take
        while len(self._takes) > _MOST_TAKES:
            self.remove(next(iter(self._takes)))
        take.work = asyncio.create_task(self._make(take, source))
        return take

    def again(self, take_id: int, options: MotionOptions) -> Take:
        """The speech of a take once more, with other options. Raises UnknownNameError, InvalidInputError."""
        first = self[take_id]
        if not first.speech:
            raise InvalidInputError(f"{first.name} has no speech to make motion from")
        return self.add(Source(first.name, first.speech, options=options))

    def remove(self, take_id: int) -> None:
        """Forget a take; what is still being made stops. Raises UnknownNameError."""
        take = self[take_id]
        del self._takes[take.id]
        if take.work is not None:
            take.work.cancel()

    async def file(self, take_id: int, format_name: str, skeleton: str) -> tuple[str, bytes]:
        """A take as a file, with its name. skeleton: to retarget to, empty for its own.

        Raises UnknownNameError, InvalidInputError, UnsupportedError.
        """
        take, target = self[take_id], find_format(format_name)
        data = await self._compute.run(_encoded, self._made(take), target.name, skeleton)
        return PurePath(take.name).stem + target.extensions[0], data

    async def wav(self, take_id: int) -> bytes:
        """A take's speech as every browser plays it: what the models hear. Raises AudioError."""
        speech = await self._compute.decoders.decode(self[take_id].speech, self._application.limits.max_clip_seconds, 0)
        file = io.BytesIO()
        await self._compute.run(soundfile.write, file, speech.samples, SAMPLE_RATE_HZ, subtype="PCM_16", format="WAV")
        return file.getvalue()

    async def close(self) -> None:
        """Stop what is being made."""
        work = [take.work for take in self if take.work is not None]
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)

    def _made(self, take: Take) -> Motion:
        if take.motion is None:
            raise InvalidInputError(take.error or f"{take.name} is still being made")
        return take.motion

    async def _make(self, take: Take, source: Source) -> None:
        data = source.data
        try:
            if await self._compute.run(_is_motion, data, take.name, self._limits):
                loaded = (await self._compute.run(decode_motion, data, take.name, "", self._limits))[1]
                motion, notes = loaded.motion, loaded.notes
                if source.joint_map:
                    motion = replace(motion, skeleton=with_roles(motion.skeleton, source.joint_map))
            else:
                take.speech, take.is_generated = data, True
                motion, notes = await self._generated(take, data)
            shown, take.on_character, more = await self._compute.run(on_character, motion, self._application.matrix)
            take.shown = (await self._compute.run(encode_motion, shown, "glb", clip_only=True)).data
            take.notes, take.motion, take.progress = (*notes, *more), motion, 1.0
        except (PantomatrixError, CallFailed) as error:
            take.error = str(error)
        except Exception:
            take.error = "an error of the preview's own; its log says more"
            log.exception("take %d, %s", take.id, take.name)

    async def _generated(self, take: Take, data: bytes) -> tuple[Motion, tuple[str, ...]]:
        """As a call of its own. Raises CallFailed."""
        with served_call("pantomatrix.v1.MotionService/GenerateMotion", "preview", {}):
            notes: tuple[str, ...] = ()
            known: Provenances = ()
            frame_count, pieces = 0, []
            events = self._application.clips.generate(
                take.options, EncodedAudio(data), lambda _: lambda piece, _: piece
            )
            async with aclosing(events):
                async for event in events:
                    match event:
                        case ClipBegun():
                            frame_count, notes = event.frame_count, event.notes
                            known = (event.generation.provenance(PurePath(take.name).name),)
                        case Frames():
                            pieces.append(event.packed)
                            take.progress = (event.first_frame + event.count) / frame_count
            whole = await self._compute.run(concatenate, pieces)
            return replace(whole, provenance=known), notes


def _is_motion(data: bytes, name: str, limits: ReadLimits) -> bool:
    """By its content, or else by its name: whoever brings half a .npz hears what is wrong with that."""
    named = any(without_gz(Path(name)).suffix.lower() in entry.extensions for entry in FORMATS.values())
    return named or recognised_format(unpacked(data, name, limits.max_bytes)) is not None


def _encoded(motion: Motion, format_name: str, skeleton: str) -> bytes:
    if skeleton:
        motion = edited(motion, MotionEdits(skeleton=skeleton))[0]
    return encode_motion(motion, format_name).data
