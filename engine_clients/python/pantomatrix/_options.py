"""Options from the keywords of `generate`, `live` and `convert`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeVar

from pantomatrix_converters.editing.option_kinds import read_options
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
