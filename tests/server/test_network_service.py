"""Full-size networks through a real server and the command line: checkpoints in the published layout, random weights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from command_line import run, run_process
from folders import AUDIO
from motions import angle_between
from pantomatrix_client import Client, PoseConstraint, ServerError
from pantomatrix_converters.formats import load_motion
from pantomatrix_models.emage.model import Emage
from server_process import ServerProcess, running_server

pytestmark = pytest.mark.service

CLIP = AUDIO / "hu05_arctic_f.wav"


@pytest.fixture(scope="module")
def places(checkpoint: Callable[..., Path]) -> dict[str, Path]:
    return {kind: checkpoint(kind, size="full") for kind in ("camn", "disco", "emage")}


@pytest.fixture(scope="module")
def server(places: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    models = [word for kind, place in places.items() for word in ("--model", f"{kind}={place}")]
    with running_server(tmp_path_factory.mktemp("server") / "log", *models, "--device", "cpu") as running:
        yield running


def test_the_catalog_says_what_they_are(server: ServerProcess) -> None:
    with Client(server.address) as client:
        infos = {info.name: info for info in client.catalog().models}
    assert list(infos) == ["builtin", "camn", "disco", "emage"]
    assert infos["emage"].face_rig == "flame100+jaw"
    assert infos["disco"].face_rig == ""
    assert "non-commercial" in infos["camn"].weights_license
    assert all(info.constraints for info in infos.values())


def test_every_network_answers(server: ServerProcess) -> None:
    with Client(server.address) as client:
        for model, fps in (("camn", 30.0), ("disco", 60.0), ("emage", 30.0)):
            motion = client.generate(CLIP, model=model, fps=fps)
            assert motion.rotations_xyzw.shape == (round(93 * fps / 30), 55, 4)
            np.testing.assert_allclose(np.linalg.norm(motion.rotations_xyzw, axis=-1), 1, atol=1e-4)
            assert motion.face_rig == ("flame100+jaw" if model == "emage" else "")


def test_the_server_gives_what_python_gives(server: ServerProcess, places: dict[str, Path]) -> None:
    """Up to codes that are nearly tied, which another batch or thread may decide otherwise: none in this clip."""
    with Client(server.address) as client:
        served = client.generate(CLIP, model="emage")
        published = client.generate(CLIP, model="emage", timing="reference")
    emage = Emage.from_pretrained(places["emage"], device="cpu")
    for timing, theirs in (("exact", served), ("reference", published)):
        own = emage.generate(CLIP, timing=timing)  # type: ignore[arg-type]
        assert own.face is not None
        assert angle_between(own.rotations_xyzw, theirs.rotations_xyzw).max() < 1e-3
        np.testing.assert_allclose(own.root_translation, theirs.root_translation, atol=1e-4)
        np.testing.assert_allclose(own.face.weights, theirs.curves, atol=1e-4)


def test_constraints_come_in_the_callers_axes(server: ServerProcess) -> None:
    """Unity: x to the other side, left-handed. A turn about y by +a there is one by -a in canonical axes."""
    half = np.sin(0.2), np.cos(0.2)
    known = PoseConstraint(1.0, {"head": np.array([0.0, half[0], 0.0, half[1]])}, np.array([0.5, 0.9, 0.0]))
    with Client(server.address) as client:
        unity = client.generate(CLIP, model="emage", constraints=[known], coordinate_system="unity")
        canonical = client.generate(
            CLIP,
            model="emage",
            constraints=[
                PoseConstraint(1.0, {"head": np.array([0.0, -half[0], 0.0, half[1]])}, np.array([-0.5, 0.9, 0.0]))
            ],
        )
    head = unity.skeleton.joint_names.index("head")
    assert angle_between(unity.rotations_xyzw[30, head], known.rotations["head"]) < 1e-3
    np.testing.assert_allclose(unity.root_translation[30], known.root_translation, atol=1e-3)
    np.testing.assert_allclose(unity.root_translation * [-1, 1, 1], canonical.root_translation, atol=1e-4)


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        ({"model": "disco", "parts": ["face"]}, "FAILED_PRECONDITION", "model 'disco' does not move face"),
        (
            {"model": "camn", "face_rig": "arkit52"},
            "FAILED_PRECONDITION",
            "model 'camn' has no face that could become 'arkit52'",
        ),
        ({"model": "emage", "face_rig": "arkit52"}, "FAILED_PRECONDITION", "mat_final.npy"),
        ({"model": "emage", "speaker": "anna"}, "NOT_FOUND", "speaker of model 'emage': 'anna'"),
        ({"model": "emage", "timing": "reference", "fps": 60.0}, "INVALID_ARGUMENT", "at 30 frames per second, not 60"),
        ({"model": "mocap"}, "NOT_FOUND", "unknown model 'mocap'"),
        (
            {"model": "camn", "constraints": [PoseConstraint(1.0, {"tail": np.array([0.0, 0.0, 0.0, 1.0])})]},
            "NOT_FOUND",
            "'tail'",
        ),
        (
            {"model": "camn", "constraints": [PoseConstraint(99.0, {"head": np.array([0.0, 0.0, 0.0, 1.0])})]},
            "INVALID_ARGUMENT",
            "time 99 s lies outside of the clip",
        ),
    ],
)
def test_what_they_cannot_is_refused(options: dict, code: str, text: str, server: ServerProcess) -> None:
    with Client(server.address) as client, pytest.raises(ServerError, match=re.escape(text)) as caught:
        client.generate(CLIP, **options)
    assert caught.value.code == code


def test_the_command_line_joins_clips(places: dict[str, Path], tmp_path: Path, server: ServerProcess) -> None:
    model = f"emage={places['emage']}"
    first, second, served = (tmp_path / name for name in ("first.npz", "second.npz", "served.npz"))
    assert run("generate", CLIP, "-o", first, "--model", model).returncode == 0
    made = run("generate", CLIP, "-o", second, "--model", model, "--start-pose", first, "--end-pose", first)
    assert made.returncode == 0, made.stderr
    words = ("--start-pose", first, "--end-pose", first, "--server", server.address)
    made = run("generate", CLIP, "-o", served, "--model", "emage", *words)
    assert made.returncode == 0, made.stderr
    one, two, three = (load_motion(path)[1].motion for path in (first, second, served))
    assert angle_between(one.rotations_xyzw[-1], two.rotations_xyzw[0]).max() < 2e-3
    assert angle_between(one.rotations_xyzw[0], two.rotations_xyzw[-1]).max() < 2e-3
    assert angle_between(three.rotations_xyzw, two.rotations_xyzw).max() < 5e-3
    refused = run("generate", CLIP, "-o", tmp_path / "x.npz", "--model", model, "--server", server.address)
    assert refused.returncode == 2
    assert "error: a model's path, --device and --precision are the server's" in refused.stderr


def test_a_server_does_not_start_with_a_bad_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    for words, text in (
        (("--model", f"disco={tmp_path}"), "neither model.safetensors nor pytorch_model.bin is there"),
        (("--model", "disco"), "`pantomatrix models fetch disco` does that"),
        (("--model", "dance"), "unknown model 'dance' (valid: builtin, camn, disco, emage)"),
        (("--model", f"disco={tmp_path}", "--precision", "fp16", "--device", "cpu"), "precision fp16 is for GPUs"),
    ):
        made = run_process("serve", "--port", "0", *words)
        assert made.returncode == 2, made.stderr
        (line,) = [line for line in made.stderr.splitlines() if line.startswith("error: ")]
        assert text in line
        assert "Traceback" not in made.stderr


def test_settings_name_the_models(places: dict[str, Path], tmp_path: Path) -> None:
    config = tmp_path / "server.toml"
    config.write_text(f'device = "cpu"\n[models]\nours = "{places["disco"].as_posix()}"\n')
    with running_server(tmp_path / "log", "--config", str(config)) as running, Client(running.address) as client:
        assert [info.name for info in client.catalog().models] == ["builtin", "ours"]
        assert len(client.generate(CLIP, model="ours").rotations_xyzw) == 93
