"""`pantomatrix joints`: which joint plays which part, and what drives what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import Force, Json
from .report import note, one_line_errors, show_files, show_json, show_table


def joints(
    skeleton: Annotated[
        str, typer.Argument(help="A skeleton's name, or a BVH, GLB or JSON file that has one.", show_default=False)
    ],
    source: Annotated[str, typer.Option("--from", help="The skeleton that motion comes from.")] = "smplx",
    joint_map: Annotated[
        Path | None, typer.Option(help="A table as -o writes it.", show_default="by names and hierarchy")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the table as JSON, to be edited.", show_default=False)
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Show what retargeting does with each joint of a skeleton.

    \b
    pantomatrix joints mixamo
    pantomatrix joints rig.glb -o rig.json      then edit rig.json, and
    pantomatrix convert take.npz -o take.glb --skeleton rig.glb --joint-map rig.json
    """
    with one_line_errors():
        from pantomatrix_converters.errors import MotionError
        from pantomatrix_converters.files.atomic_file import write_atomically
        from pantomatrix_converters.retargeting.coverage import coverage
        from pantomatrix_converters.retargeting.humanoid import HumanoidMap, guess_roles
        from pantomatrix_converters.retargeting.retarget import Retargeting, mapping
        from pantomatrix_converters.skeleton_file import find_skeleton

        target = find_skeleton(skeleton)
        roles = HumanoidMap.load(joint_map, target) if joint_map else guess_roles(target)
        if output is not None:
            write_atomically(output, roles.dumps().encode(), replace=force)
        try:
            if roles.lack:
                unknown = f"{skeleton}: {roles.lack}"
                table = f"{Path(skeleton).stem}{'-joints' if skeleton.endswith('.json') else ''}.json"
                way = (
                    f"complete {output} and give it as --joint-map"
                    if output is not None
                    else f"`pantomatrix joints {skeleton} -o {table}` writes a table to complete"
                )
                raise MotionError(f"{unknown}; {way}")
            retargeting = Retargeting(find_skeleton(source), target, target_map=roles)
            rows, told = mapping(retargeting), [*roles.notes, coverage(retargeting)]
        except MotionError as error:
            if output is None:
                raise
            note(str(error))
            rows, told = [(name, roles.role_of(name), "") for name in target.joint_names], []
        for text in filter(None, told):
            note(text)
        if as_json:
            show_json([{"joint": joint, "role": role, "driven_by": text} for joint, role, text in rows])
            return
        show_table(("joint", "role", f"driven by {source}'s"), rows)
        if output is not None:
            show_files([str(output)])
