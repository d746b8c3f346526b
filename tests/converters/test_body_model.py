"""The reader of SMPL-X's and FLAME's model files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pantomatrix_converters.body_model import read_body_model
from pantomatrix_converters.errors import FormatError

pytestmark = pytest.mark.unit

ARRAYS = {
    "v_template": np.zeros((7, 3)),
    "J_regressor": np.zeros((5, 7)),
    "weights": np.zeros((7, 5), np.float32),
    "f": np.zeros((4, 3), np.uint32),
}


def saved(path: Path, **changes: np.ndarray | None) -> Path:
    np.savez(path, **{name: array for name, array in {**ARRAYS, **changes}.items() if array is not None})
    return path


def test_what_is_asked_for_is_read_in_the_files_precision(tmp_path: Path) -> None:
    path = saved(tmp_path / "flame.npz", part2num=np.array({}, object))
    arrays = read_body_model(path, "v_template", "J_regressor", "weights", optional=("f", "posedirs"))
    assert {name: array.dtype for name, array in arrays.items()} == {
        name: array.dtype for name, array in ARRAYS.items()
    }


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"weights": None}, "no array 'weights'"),
        ({"weights": np.zeros((7, 4))}, r"weights is float64 \(7, 4\), expected \(7, 5\)"),
        ({"weights": np.array({}, object)}, "array 'weights' holds Python objects"),
        ({"v_template": np.zeros(())}, r"v_template is float64 \(\), expected \(1, 3\)"),
        ({"f": np.zeros((4, 3))}, r"f is float64 \(4, 3\), expected \(any, 3\)"),
    ],
)
def test_errors_name_the_file_and_the_array(tmp_path: Path, changes: dict, text: str) -> None:
    with pytest.raises(FormatError, match=rf"flame\.npz: {text}") as raised:
        read_body_model(saved(tmp_path / "flame.npz", **changes), "v_template", "J_regressor", "weights", "f")
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="flame.npz: No such file"):
        read_body_model(tmp_path / "flame.npz", "v_template", "J_regressor")
