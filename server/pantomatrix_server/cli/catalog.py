"""`pantomatrix models`, `skeletons` and `formats`: what there is."""

from __future__ import annotations

from .arguments import Json
from .report import one_line_errors, show_json, show_table


def models(as_json: Json = False) -> None:
    """List the models and what each can do."""
    with one_line_errors():
        from ..models import ModelRegistry

        infos = [model.info for model in ModelRegistry().all()]
        if as_json:
            show_json(
                [
                    {
                        "name": info.name,
                        "version": info.version,
                        "description": info.description,
                        "parts": sorted(info.parts),
                        "speakers": [speaker.id for speaker in info.speakers],
                        "skeleton": info.skeleton,
                        "face_rig": info.face_rig,
                        "fps": info.default_fps,
                        "look_ahead_seconds": info.look_ahead_seconds,
                    }
                    for info in infos
                ]
            )
            return
        show_table(
            ("model", "skeleton", "face", "fps", "look-ahead", "what it is"),
            (
                (
                    i.name,
                    i.skeleton,
                    i.face_rig,
                    f"{i.default_fps:g}",
                    f"{1000 * i.look_ahead_seconds:.0f} ms",
                    i.description,
                )
                for i in infos
            ),
        )


def skeletons(as_json: Json = False) -> None:
    """List the skeletons."""
    with one_line_errors():
        from pantomatrix_converters.skeleton import load_skeleton, skeleton_names

        known = [load_skeleton(name) for name in skeleton_names()]
        if as_json:
            show_json([{"name": s.name, "description": s.description, "joints": list(s.joint_names)} for s in known])
            return
        show_table(("skeleton", "joints", "what it is"), ((s.name, str(len(s)), s.description) for s in known))


def formats(as_json: Json = False) -> None:
    """List the file formats."""
    with one_line_errors():
        from pantomatrix_converters.formats import FORMATS

        rows = [
            {
                "name": entry.name,
                "extensions": list(entry.extensions),
                "read": entry.read is not None,
                "write": entry.write is not None,
                "body": entry.body,
                "face": entry.face,
                "any_coordinates": entry.any_coordinates,
                "description": entry.description,
            }
            for entry in FORMATS.values()
        ]
        if as_json:
            show_json(rows)
            return
        marks = ("read", "write", "body", "face")
        show_table(
            ("format", "ending", *marks, "what it is"),
            (
                (r["name"], " ".join(r["extensions"]), *("yes" if r[m] else "-" for m in marks), r["description"])
                for r in rows
            ),
        )
