"""`pantomatrix skeletons` and `formats`: what there is."""

from __future__ import annotations

from .arguments import Json
from .report import one_line_errors, show_json, show_table


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
