"""ARKit's curves by the names that programs write: JawOpen, jawOpen, eyeBlink_L, blendShapes.EyeBlinkLeft."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import FormatError
from ..motion import FaceCurves
from .rigs import ARKIT52
from .shape_spelling import spelling_key

_PREFIX = re.compile(r"[.:]|__")
_LONGEST_NAME = 200
_PERCENT_FROM = 5.0
"""A weight of 1 is the whole shape; trackers overshoot it a little. Larger ones are of programs that count to 100."""
_KNOWN = {spelling_key(curve): curve for curve in ARKIT52.curve_names}


def arkit_curve(name: str) -> str | None:
    """The curve that is meant, in any spelling and whatever stands before the last point or colon."""
    return _KNOWN.get(spelling_key(_PREFIX.split(name)[-1])) if len(name) <= _LONGEST_NAME else None


def arkit_columns(names: Sequence[str], where: str) -> dict[str, int]:
    """Curve -> the column that is named after it. Raises FormatError if none is, or two are."""
    columns: dict[str, int] = {}
    for index, name in enumerate(names):
        curve = arkit_curve(name)
        if curve is None:
            continue
        if curve in columns:
            raise FormatError(f"{where}: {name!r} occurs twice")
        columns[curve] = index
    if not columns:
        raise FormatError(f"{where}: no name is an ARKit blendshape's, for example jawOpen")
    return columns


def arkit_curves(names: Sequence[str], weights: NDArray, where: str) -> tuple[FaceCurves, tuple[str, ...]]:
    """ARKit's 52 from named columns in any order, and notes. weights: (T, len(names)). Raises FormatError."""
    columns = arkit_columns(names, where)
    ordered = np.zeros((len(weights), len(ARKIT52.curve_names)), np.float32)
    ordered[:, [ARKIT52.curve_names.index(curve) for curve in columns]] = weights[:, list(columns.values())]
    notes = []
    largest = float(ordered.max(initial=0.0))
    if largest > _PERCENT_FROM:
        ordered /= 100
        notes.append(f"weights go up to {largest:.0f} and are taken for percent")
    missing = [curve for curve in ARKIT52.curve_names if curve not in columns]
    if missing:
        notes.append(f"{len(missing)} curves are absent and taken as 0: {', '.join(missing)}")
    return FaceCurves(ARKIT52.name, ARKIT52.curve_names, ordered), tuple(notes)
