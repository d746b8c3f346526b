"""Options from the keywords of `generate`, `live` and `convert`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeVar

from pantomatrix_converters.editing.option_kinds import read_options
from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.retargeting.humanoid import read_roles
from pantomatrix_converters.skeleton_file import find_skeleton

T = TypeVar("T")


def options_from_keywords(kind: type[T], keywords: Mapping[str, Any]) -> T:
    """kind: a dataclass of options. A skeleton may be a known name, a file that has it, or a Skeleton;
    a joint map a mapping, or a file as `pantomatrix joints` writes it.

    Raises UnknownNameError, InvalidInputError.
    """
    skeleton = keywords.get("skeleton")
    if skeleton and isinstance(skeleton, (str, os.PathLike)):
        keywords = {**keywords, "skeleton": find_skeleton(os.fspath(skeleton))}
    for name in ("joint_map", "source_joint_map"):
        table = keywords.get(name)
        if table and isinstance(table, (str, os.PathLike)):
            keywords = {**keywords, name: read_roles(os.fspath(table))}
    return read_options(kind, keywords)


def refuse_axes(keywords: Mapping[str, Any]) -> None:
    """Raises InvalidInputError if a motion that is returned is asked for in other axes than canonical ones."""
    axes = keywords.get("coordinate_system") or "canonical"
    if axes != "canonical":
        raise InvalidInputError(
            f"coordinate_system is {axes!r}, but the motion that is returned has canonical axes; give coordinate_system to "
            "pm.save, or to pm.convert with a target",
            "options.coordinate_system",
        )
