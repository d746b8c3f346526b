"""What the command says of which joint is which, and where it takes a map."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import pantomatrix as pm
from command_line import run
from folders import AUDIO
from motions import random_motion
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

pytestmark = pytest.mark.unit

SPEECH = AUDIO / "hu05_arctic_f.wav"


def write_rig(path: Path, skeleton: Skeleton) -> None:
    """A JSON file of that skeleton."""
    fields = ("parents", "rest_translations", "rest_rotations_xyzw")
    data = {field: getattr(skeleton, field).tolist() for field in fields}
    path.write_text(json.dumps({"joint_names": list(skeleton.joint_names), **data}))


def nameless(name: str) -> Skeleton:
    skeleton = load_skeleton(name)
    return replace(skeleton, joint_names=tuple(f"b{n}" for n in range(len(skeleton))), parts={}, end_sites={})


def test_how_many_joints_move_is_said_in_one_line(tmp_path: Path) -> None:
    take = tmp_path / "take.npz"
    pm.save(random_motion(3), take)
    done = run("convert", take, "-o", tmp_path / "take.bvh", "--skeleton", "mixamo")
    (line,) = [line for line in done.stderr.splitlines() if "mapped" in line]
    assert line.startswith("note: mapped 52 of 65 joints of mixamo; at rest: mixamorig:")
    assert line.endswith(" and 7 more")
    done = run("convert", take, "-o", tmp_path / "smaller.npz", "--skeleton", "smplx", "--fps", "15")
    assert "mapped" not in done.stderr
    done = run("convert", take, "-o", tmp_path / "more.bvh", "--skeleton", "mixamo", "--json")
    assert any("mapped 52 of 65" in note for note in json.loads(done.stdout)[0]["notes"])


def test_speech_on_a_rig_says_it_too(tmp_path: Path) -> None:
    done = run("generate", SPEECH, "-o", tmp_path / "a.bvh", "--skeleton", "ue5_manny")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "mapped" in line]
    assert line.startswith("note: mapped 72 of 80 joints of ue5_manny; at rest: index_metacarpal_l, ")  # 8 metacarpals


def test_a_body_that_was_guessed_is_noted(tmp_path: Path) -> None:
    rig, take = tmp_path / "rig.json", tmp_path / "take.npz"
    write_rig(rig, nameless("ue4_mannequin"))
    pm.save(random_motion(3), take)
    done = run("convert", take, "-o", tmp_path / "take.bvh", "--skeleton", rig)
    assert done.returncode == 0, done.stderr
    assert "which joint is which was guessed from the body's shape" in done.stderr
    done = run("joints", rig, "-o", tmp_path / "map.json")
    assert "was guessed from the body's shape" in done.stderr
    done = run("convert", take, "-o", tmp_path / "b.bvh", "--skeleton", rig, "--joint-map", tmp_path / "map.json")
    assert "guessed" not in done.stderr
    places = [load_motion(tmp_path / name)[1].motion.rotations_xyzw for name in ("take.bvh", "b.bvh")]
    assert (places[0] == places[1]).all()
