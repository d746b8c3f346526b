"""What a motion was made from: kept by every format that has room for it, shown, and never believed too far."""

from __future__ import annotations

import io
import json
import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from pygltflib import GLTF2

import pantomatrix as pm
from command_line import run
from folders import ROOT
from motions import random_motion
from pantomatrix_converters.editing.joining import join_all
from pantomatrix_converters.formats import decode_motion, encode_motion
from pantomatrix_converters.motion import face_motion
from pantomatrix_converters.provenance import PROGRAM, Provenance, read_provenance

pytestmark = pytest.mark.unit

SPEECH = ROOT / "examples" / "speech.wav"
KNOWN = Provenance("Grüße 1.wav", "builtin", "lively", 7, {"emotions": {"joy": 0.5}, "skeleton": "mixamo"})
MOTION = replace(random_motion(3), provenance=(KNOWN,))


@pytest.mark.parametrize("name", ["npz", "glb", "json", "arkit-json", "arkit-npz"])
def test_formats_with_room_keep_it(name: str) -> None:
    read = decode_motion(encode_motion(MOTION, name).data)[1].motion
    assert read.provenance == (KNOWN,)


@pytest.mark.parametrize("name", ["bvh", "arkit-csv", "pmclip"])
def test_formats_without_room_are_as_they_were(name: str) -> None:
    assert encode_motion(MOTION, name).data == encode_motion(replace(MOTION, provenance=()), name).data


@pytest.mark.parametrize("name", ["glb", "vrma"])
def test_it_stands_in_the_animations_extras(name: str) -> None:
    """As another reader of glTF finds it; Khronos' validator has nothing against extras."""
    document = GLTF2.load_from_bytes(encode_motion(MOTION, name).data)
    (kept,) = document.animations[0].extras["provenance"]
    assert (kept["speech"], kept["seed"], kept["program"]) == ("Grüße 1.wav", 7, PROGRAM)


def test_numpy_alone_finds_it() -> None:
    arrays = np.load(io.BytesIO(encode_motion(MOTION, "npz").data))
    assert json.loads(str(arrays["provenance"]))[0]["model"] == "builtin"


@pytest.mark.skipif(find_spec("pxr") is None, reason="usd-core is not installed")
def test_a_usd_file_keeps_it_too(tmp_path: Path) -> None:
    from pxr import Sdf

    path = pm.save(MOTION, tmp_path / "take.usdc")
    kept = Sdf.Layer.FindOrOpen(str(path)).customLayerData["provenance"]
    assert read_provenance(kept) == (KNOWN,)


def test_edits_keep_it_and_joining_gathers_it() -> None:
    other = replace(MOTION, provenance=(replace(KNOWN, speech="2.wav"), KNOWN))
    whole, _ = join_all([MOTION, other, random_motion(3)])
    assert [entry.speech for entry in whole.provenance] == ["Grüße 1.wav", "2.wav"]
    edited = pm.convert(
        replace(MOTION, root_translation=np.full((3, 3), 0.95)),
        fps=60,
        mirror=True,
        smooth_seconds=0.1,
        parts=["hands"],
        scale=2.0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.errors.LossWarning)  # of random poses
        assert pm.convert(MOTION, skeleton="mixamo").provenance == (KNOWN,)
    assert edited.provenance == (KNOWN,)


def test_generated_motion_says_what_it_is_of() -> None:
    (known,) = pm.generate(SPEECH, seed=3, emotions={"joy": 0.5}, start_seconds=1).provenance
    assert known == Provenance(
        "speech.wav", "builtin", pm.models()[0].speakers[0].id, 3, {"emotions": {"joy": 0.5}, "start_seconds": 1.0}
    )


def test_the_command_writes_it_and_shows_it(tmp_path: Path) -> None:
    assert run("generate", SPEECH, "-o", tmp_path / "take.glb", "--seed", "9", "--skeleton", "mixamo").returncode == 0
    assert run("convert", tmp_path / "take.glb", "-o", tmp_path / "take.json").returncode == 0
    for name in ("take.glb", "take.json"):
        shown = json.loads(run("inspect", tmp_path / name, "--json").stdout)
        assert shown["made_from"].startswith("speech speech.wav, model builtin, speaker ")
        assert "seed 9" in shown["made_from"]
        assert 'skeleton="mixamo"' in shown["made_from"]
        assert shown["made_from"].endswith(PROGRAM)


@pytest.mark.parametrize(
    "value",
    [
        None, 3, "", "[", "{}", "[[[[", '[{"seed": NaN}]', [1, None, [], "x"], {"speech": "x"}, "[" * 100_000,
        [{"speech": ["x"], "seed": True, "options": [1], "model": 3}], [{"options": {"x": "y" * 20_000}}],
    ],
)  # fmt: skip
def test_what_is_no_provenance_stops_nobody(value: object) -> None:
    for known in read_provenance(value):
        assert (known.speech, known.model, known.seed, known.options) in (("", "", 0, {}),)


def test_long_texts_are_cut_and_many_entries_as_well() -> None:
    found = read_provenance([{"speech": "x" * 10_000}] * 1000)
    assert (len(found), len(found[0].speech), found[0].program) == (100, 200, "")


def test_a_file_with_another_array_of_that_name_is_read() -> None:
    stream = io.BytesIO()
    arrays = dict(np.load(io.BytesIO(encode_motion(MOTION, "npz").data)))
    np.savez(stream, allow_pickle=False, **{**arrays, "provenance": np.zeros((3, 3))})
    assert decode_motion(stream.getvalue())[1].motion.provenance == ()


def test_a_face_alone_keeps_it() -> None:
    assert MOTION.face is not None
    motion = replace(face_motion(MOTION.face, 30), provenance=(KNOWN,))
    assert decode_motion(encode_motion(motion, "glb").data)[1].motion.provenance == (KNOWN,)
