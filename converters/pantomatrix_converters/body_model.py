"""The model file of a body or a head, SMPL-X or FLAME as published (.npz): the one place that reads it.

The file is the user's own; none comes with this project. V vertices, J joints: 55 of SMPL-X, 5 of FLAME. Rest pose, metres.

    v_template (V, 3)             vertices of the mean shape
    shapedirs (V, 3, N)           displacement of each vertex by one unit of each shape: 300 of bodies, then 100 of faces
    posedirs (V, 3, 9 (J - 1))    displacement by each element of each joint's rotation matrix less identity
    J_regressor (J, V)            makes joints of vertices
    weights (V, J)                how much each joint moves a vertex, 0 to 1
    f (F, 3)                      faces: indices of vertices
    hands_meanl, hands_meanr (45,)  mean poses of the hands' 15 joints, axis-angle in radians
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import FormatError
from .files.npz_archive import read_arrays

BODY_SHAPES, EXPRESSIONS = 300, 100
"""Shapes of bodies, and of faces after them, in `shapedirs`."""
_MAX_BYTES = 2 << 30


def read_body_model(path: str | Path, *names: str, optional: tuple[str, ...] = ()) -> dict[str, NDArray]:
    """These arrays of the file, in its own precision; the optional ones if they are there. The others are not looked into:
    some that are published hold Python objects.

    names: those that the caller needs, `v_template` and `J_regressor` among them.
    Raises FormatError with the file and the array that is missing, holds Python objects or has another shape.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror or error}") from None
    arrays = read_arrays(data, str(path), _MAX_BYTES, only=(*names, *optional))
    for name in names:
        if name not in arrays:
            raise FormatError(f"{path}: no array {name!r}; expected SMPL-X or FLAME as published (.npz)")
    vertices, joints = len(np.atleast_1d(arrays["v_template"])), len(np.atleast_1d(arrays["J_regressor"]))
    expected: dict[str, tuple[int | None, ...]] = {
        "v_template": (vertices, 3),
        "shapedirs": (vertices, 3, None),
        "posedirs": (vertices, 3, 9 * (joints - 1)),
        "J_regressor": (joints, vertices),
        "weights": (vertices, joints),
        "f": (None, 3),
        "hands_meanl": (45,),
        "hands_meanr": (45,),
    }
    for name, array in arrays.items():
        _check(array, name, expected[name], path)
    return arrays


def _check(array: NDArray, name: str, shape: tuple[int | None, ...], path: str | Path) -> None:
    fits = array.ndim == len(shape) and all(
        wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.kind not in ("iu" if name == "f" else "f"):
        wanted = ", ".join("any" if length is None else str(length) for length in shape)
        raise FormatError(
            f"{path}: {name} is {array.dtype} {array.shape}, expected ({wanted}); not SMPL-X or FLAME as published"
        )
