"""Coordinate systems against worked examples made apart from this code, and as changes of basis."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folders import DATA
from pantomatrix_converters import rotations as r
from pantomatrix_converters.coordinates import (
    COORDINATE_SYSTEMS,
    UNITY,
    UNREAL,
    CoordinateSystem,
    coordinate_system,
)
from pantomatrix_converters.errors import InvalidInputError, UnknownNameError

pytestmark = pytest.mark.unit

FACTS = json.loads((DATA / "coordinate_systems.json").read_text())["systems"]
NAMES = {"smplx": "canonical", "unreal_world": "unreal"}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["name"])
def test_worked_example(fact: dict) -> None:
    system = coordinate_system(NAMES.get(fact["name"], fact["name"]))
    example = fact["example"]
    np.testing.assert_array_equal(system.basis_from_canonical, fact["matrix_from_smplx"])
    assert system.right_handed == (fact["determinant"] > 0)
    assert system.units_per_metre == fact["unit_scale"]
    np.testing.assert_allclose(system.positions_from_canonical(example["p_in_m"]), example["p_out"], atol=1e-9)
    np.testing.assert_allclose(system.rotations_from_canonical(example["q_in_xyzw"]), example["q_out_xyzw"], atol=1e-9)


def test_every_system_has_an_example() -> None:
    assert set(COORDINATE_SYSTEMS) == {NAMES.get(fact["name"], fact["name"]) for fact in FACTS}


@pytest.mark.parametrize("system", COORDINATE_SYSTEMS.values(), ids=lambda system: system.name)
def test_round_trip_and_change_of_basis(system: CoordinateSystem) -> None:
    random = np.random.default_rng(0)
    quats, points = r.normalize(random.normal(size=(50, 4))), random.normal(size=(50, 3))
    there = system.rotations_from_canonical(quats)
    np.testing.assert_allclose(system.rotations_to_canonical(there), quats, atol=1e-12)
    np.testing.assert_allclose(
        system.positions_to_canonical(system.positions_from_canonical(points)), points, atol=1e-12
    )
    turned_there = r.rotate(there, system.positions_from_canonical(points))
    np.testing.assert_allclose(turned_there, system.positions_from_canonical(r.rotate(quats, points)), atol=1e-9)


def test_the_left_hand_stays_left() -> None:
    """Unity: the character's left is -x, Unreal: -y, in both up stays up."""
    left_hand_up = [0.6, 1.8, 0.0]
    np.testing.assert_allclose(UNITY.positions_from_canonical(left_hand_up), [-0.6, 1.8, 0.0])
    np.testing.assert_allclose(UNREAL.positions_from_canonical(left_hand_up), [0.0, -60.0, 180.0], atol=1e-12)


def test_bad_systems_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="perpendicular"):
        CoordinateSystem("mine", left="+x", up="-x", forward="+z")
    with pytest.raises(InvalidInputError, match="not one of"):
        CoordinateSystem("mine", left="x", up="+y", forward="+z")
    with pytest.raises(InvalidInputError, match="units_per_metre"):
        CoordinateSystem("mine", left="+x", up="+y", forward="+z", units_per_metre=0)
    with pytest.raises(UnknownNameError, match="did you mean unity"):
        coordinate_system("unitty")
