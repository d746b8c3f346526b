"""`pantomatrix inspect`: what is in a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .arguments import Json
from .report import note, one_line_errors, show_json, show_table

if TYPE_CHECKING:
    from pantomatrix_converters.formats import Loaded


def inspect(
    file: Annotated[Path, typer.Argument(help="A motion file or a speech file.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Say what is in a motion file or a speech file.

    \b
    pantomatrix inspect take.bvh
    """
    with one_line_errors():
        from pantomatrix_converters.errors import FormatError
        from pantomatrix_converters.files.gzip_file import unpacked
        from pantomatrix_converters.formats import ReadLimits, decode_motion, recognised_format

        from .inputs import read_bytes

        data = read_bytes(file)
        if not data:
            raise FormatError(f"{file}: the file is empty")
        data = unpacked(data, str(file), ReadLimits().max_bytes)
        if recognised_format(data):
            found, loaded = decode_motion(data, str(file), limits=ReadLimits(folder=file.parent))
            facts, notes = _motion_facts(found.description, loaded), loaded.notes
        else:
            facts, notes = _speech_facts(data, file)
        if as_json:
            show_json({"file": str(file), **facts, "notes": list(notes)})
            return
        for text in notes:
            note(text)
        show_table(("", str(file)), ((key.replace("_", " "), _shown(value)) for key, value in facts.items()))


def _motion_facts(description: str, loaded: Loaded) -> dict[str, Any]:
    import numpy as np

    motion, face = loaded.motion, loaded.motion.face
    facts: dict[str, Any] = {
        "kind": "motion",
        "format": description,
        "frames": len(motion),
        "fps": motion.fps,
        "seconds": round(motion.duration_seconds, 3),
        "skeleton": motion.skeleton.name,
        "joints": len(motion.skeleton),
        "face_rig": face.rig if face else "none",
    }
    if motion.provenance:
        facts["made_from"] = "; ".join(map(str, motion.provenance))
    if motion.has_body:
        low, high = motion.root_translation.min(axis=0), motion.root_translation.max(axis=0)
        facts["root_moves_metres"] = [round(float(extent), 3) for extent in high - low]
    if face is not None:
        strongest = np.argsort(-np.ptp(face.weights, axis=0), kind="stable")[:5]
        facts["liveliest_curves"] = ", ".join(face.names[index] for index in strongest)
    if loaded.clips:
        facts["clips"] = [{**asdict(clip), "seconds": round(clip.seconds, 3)} for clip in loaded.clips]
    return facts


def _shown(value: object) -> str:
    """One fact for people: a list of clips as a line each."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "\n".join(f"{clip['name']}: {clip['seconds']:g} s, {clip['keys']} keys" for clip in value)
    return str(value)


def _speech_facts(data: bytes, file: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    import numpy as np

    from pantomatrix_converters.formats.unrecognised import SOUND, what_it_is
    from pantomatrix_models.audio.decode import decode_file
    from pantomatrix_models.errors import AudioError

    try:
        speech = decode_file(data, float("inf"), str(file))
    except AudioError as error:
        told = what_it_is(data)
        reason = str(error) if told in ("", SOUND) else told
        raise AudioError(f"{file}: neither a motion file nor speech: {reason}") from None
    facts = {
        "kind": "speech",
        "seconds": round(speech.duration_seconds, 3),
        "peak": round(float(np.abs(speech.samples).max()), 4),
        "level_dbfs": round(speech.level_dbfs, 1),
    }
    return facts, speech.notes
