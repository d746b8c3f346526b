"""CaMN, DisCo and EMAGE as models, tiny and with weights by rule: lengths, cuts, time, memory, batches, loading."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file, save_file

from checkpoints import write_emage, write_recurrent
from folders import AUDIO
from golden_case import pseudo_speech
from motions import angle_between
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import UnknownNameError
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.emage.model import Emage
from pantomatrix_models.emage.root_path import SteadyRoot
from pantomatrix_models.emage.session import ExactLayout, smplx_timeline
from pantomatrix_models.errors import AudioError, CheckpointError, OptionError, StartError
from pantomatrix_models.model import UtteranceOptions
from pantomatrix_models.pretrained import PretrainedModel
from pantomatrix_models.recurrent.model import Camn, Disco
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_models.stepping import step

pytestmark = pytest.mark.unit

KINDS: dict[str, type[PretrainedModel]] = {"camn": Camn, "disco": Disco, "emage": Emage}
SMPLX = load_skeleton("smplx")


def write(kind: str, folder: Path) -> Path:
    return write_emage(folder) if kind == "emage" else write_recurrent(folder, kind)


@pytest.fixture(scope="module")
def folders(checkpoint: Callable[..., Path]) -> dict[str, Path]:
    return {kind: checkpoint(kind) for kind in KINDS}


@pytest.fixture(scope="module", params=[pytest.param("camn", marks=pytest.mark.slow), "disco", "emage"])
def model(request: pytest.FixtureRequest, folders: dict[str, Path]) -> PretrainedModel:
    return KINDS[request.param].from_pretrained(folders[request.param], device="cpu")


@cache
def speech(seconds: float) -> np.ndarray:
    return pseudo_speech(int(seconds * SAMPLE_RATE_HZ), 5)


def largest_difference(one: Motion, other: Motion) -> float:
    """Of quaternions (either sign), places and weights."""
    dots = np.sum(one.rotations_xyzw * other.rotations_xyzw, axis=-1, keepdims=True)
    turned = np.abs(one.rotations_xyzw * np.sign(dots) - other.rotations_xyzw).max(initial=0.0)
    moved = np.abs(one.root_translation - other.root_translation).max(initial=0.0)
    if one.face is None or other.face is None:
        return float(max(turned, moved))
    return float(max(turned, moved, np.abs(one.face.weights - other.face.weights).max(initial=0.0)))


# ------------------------------------------------------------------------------------------------------------- time


@pytest.mark.slow
def test_every_length_gives_exactly_its_frames(model: PretrainedModel) -> None:
    audio = speech(5)
    for first in range(1, 121, 20):
        counts = list(range(first, first + 20))
        shortest = [int((frames - 1) * SAMPLE_RATE_HZ / 30) + 1 for frames in counts]
        assert [len(motion) for motion in model.generate_together([audio[:samples] for samples in shortest])] == counts
        assert len(model.generate(audio[: int(counts[-1] * SAMPLE_RATE_HZ / 30)])) == counts[-1]


@pytest.mark.parametrize("fps", [1.0, 24.0, 30.0, 59.94, 240.0])
def test_cuts_change_nothing(model: PretrainedModel, fps: float) -> None:
    audio = speech(10)
    whole = model.open(UtteranceOptions("0", fps))
    motion = concatenate([step(model, whole, audio), step(model, whole, ended=True)])
    assert len(motion) == np.ceil(10 * fps)
    session = model.open(UtteranceOptions("0", fps))
    bounds = [0, *sorted(np.random.default_rng(1).integers(0, len(audio), 40)), len(audio)]
    pieces = [step(model, session, audio[start:stop]) for start, stop in itertools.pairwise(bounds)]
    assert largest_difference(concatenate([*pieces, step(model, session, ended=True)]), motion) < 1e-5


@pytest.mark.parametrize("kind", ["camn", "disco"])
def test_windows_of_a_long_clip_overlap_without_a_seam(
    kind: str, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In windows of 12 s, CaMN with weights by rule is what it is at once (DisCo with them remembers too long for that), and
    no frame jumps where two windows meet."""
    audio, model = speech(60), KINDS[kind].from_pretrained(folders[kind], device="cpu")
    whole = model.generate(audio)
    monkeypatch.setattr("pantomatrix_models.recurrent.session.HOP_FRAMES", 180)
    cut = model.generate(audio)
    assert len(cut) == len(whole)
    moved = SMPLX.indices(SMPLX.parts["upper_body"])
    difference = np.degrees(angle_between(cut.rotations_xyzw, whole.rotations_xyzw)[:, moved])
    assert (difference.max() < 0.2) == (kind == "camn")
    step = np.median(angle_between(cut.rotations_xyzw[1:], cut.rotations_xyzw[:-1])[:, moved], axis=1)
    seams = [round(border * 1080 / SAMPLE_RATE_HZ * 30) for border in (180, 360, 540, 720)]
    for seam in seams:
        assert step[seam - 20 : seam + 20].max() <= step.max()
        assert np.median(step[seam - 20 : seam + 20]) < 3 * np.median(step)


def loudest_changes(model: PretrainedModel, at: tuple[float, ...], seconds: float, timing: str) -> list[float]:
    """Seconds around which the motion differs if speech has a burst at each `at`, and its frames are taken as k / fps."""
    quiet = 0.02 * pseudo_speech(int(seconds * SAMPLE_RATE_HZ), 8)
    still = model.generate(quiet, timing=timing)  # type: ignore[arg-type]
    return [_change(still, model.generate(_with_burst(quiet, when), timing=timing)) for when in at]  # type: ignore[arg-type]


def _with_burst(quiet: np.ndarray, at: float) -> np.ndarray:
    burst = quiet.copy()
    start = int((at - 0.2) * SAMPLE_RATE_HZ)
    burst[start : start + int(0.4 * SAMPLE_RATE_HZ)] += pseudo_speech(int(0.4 * SAMPLE_RATE_HZ), 9)
    return burst


def _change(one: Motion, other: Motion) -> float:
    change = angle_between(one.rotations_xyzw, other.rotations_xyzw)[:, 3:22].sum(axis=1)
    return float(np.sum(change * np.arange(len(change))) / np.sum(change) / 30)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "seconds"), [("camn", 120.0), ("disco", 300.0)])
def test_exact_timing_does_not_drift_and_the_published_one_does(
    kind: str, seconds: float, folders: dict[str, Path]
) -> None:
    """seconds: DisCo remembers a burst for so long that only a long clip shows where its effect is."""
    model, end = KINDS[kind].from_pretrained(folders[kind], device="cpu"), seconds - 10
    early, late = np.subtract(loudest_changes(model, (20.0, end), seconds, "exact"), (20.0, end))
    assert abs(early) < 0.2
    assert abs(late - early) < 1080 / SAMPLE_RATE_HZ
    published = loudest_changes(model, (end,), seconds, "reference")[0] - end
    assert published - late == pytest.approx(-end * (1 - 16000 / 15 / 1080), abs=0.15)


def test_emage_hears_every_window_where_its_frames_are() -> None:
    windows = ExactLayout(smplx_timeline(30.0), 30.0)
    hour = 3600 * SAMPLE_RATE_HZ
    for index in (0, 1, 17, 1799):
        span = windows.span(index, hour * 2, False)
        assert span is not None
        assert span.start / SAMPLE_RATE_HZ == pytest.approx(span.first_frame / 30, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_reference_timing_says_what_it_cannot(kind: str, folders: dict[str, Path]) -> None:
    model = KINDS[kind].from_pretrained(folders[kind], device="cpu")
    with pytest.raises(OptionError, match="reference timing is at 30 frames per second, not 60"):
        model.generate(speech(2), fps=60, timing="reference")
    if kind == "emage":
        with pytest.raises(AudioError, match=r"no motion of clips shorter than 0.3 s"):
            model.generate(speech(2)[:4000], timing="reference")
    else:
        assert len(model.generate(speech(2)[:1], timing="reference")) == 2


_SIX_MINUTES_MORE = """
import re, sys
import numpy as np
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_models.model import UtteranceOptions
from pantomatrix_models.stepping import step
model = ModelRegistry({sys.argv[1]: sys.argv[2]}, "cpu").get(sys.argv[1])
minute = (0.1 * np.random.default_rng(0).standard_normal(60 * 16000)).astype(np.float32)
session, frames, resident, minutes = model.open(UtteranceOptions("0", 30.0)), 0, [], int(sys.argv[3])
for _ in range(minutes + 6):
    frames += len(step(model, session, minute))
    resident.append(int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024)
print(frames + len(step(model, session, ended=True)), max(resident[minutes : minutes + 2]), max(resident[-2:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
@pytest.mark.parametrize(("kind", "minutes"), [("disco", 16), ("emage", 4)])
def test_six_minutes_more_take_no_more_memory(kind: str, minutes: int, folders: dict[str, Path]) -> None:
    """minutes: after these the buffers that the model keeps have their size."""
    command = [sys.executable, "-c", _SIX_MINUTES_MORE, kind, str(folders[kind]), str(minutes)]
    frames, early, late = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(frames) == (minutes + 6) * 1800
    assert float(late) - float(early) < 10, "4 minutes of audio are 15 MB, their frames 6 MB"


# ---------------------------------------------------------------------------------------------- what comes out of it


def test_clips_together_are_the_clips_alone(model: PretrainedModel) -> None:
    audio = speech(10)
    clips = [audio, audio[:1], audio[:41_003], audio[20_000:], audio[:16_000]]
    for together, clip in zip(model.generate_together(clips, fps=60), clips, strict=True):
        assert largest_difference(together, model.generate(clip, fps=60)) < 1e-4


def test_speakers_are_checked_and_differ(model: PretrainedModel) -> None:
    first, second = (model.generate(speech(3), speaker=speaker) for speaker in (0, "1"))
    assert largest_difference(first, second) > 1e-3
    with pytest.raises(UnknownNameError, match=r"speaker of model .* '7'"):
        model.generate(speech(3), speaker=7)


@pytest.mark.parametrize("kind", ["camn", "disco"])
def test_what_the_network_does_not_move_stands_at_ease(kind: str, folders: dict[str, Path]) -> None:
    motion = KINDS[kind].from_pretrained(folders[kind], device="cpu").generate(speech(3))
    legs = motion.rotations_xyzw[:, SMPLX.indices(SMPLX.parts["lower_body"])]
    assert np.ptp(legs, axis=0).max() == 0
    bend = 2 * np.degrees(np.arccos(motion.rotations_xyzw[0, SMPLX.index("left_knee"), 3]))
    assert 2 < bend < 30
    assert motion.face is None
    arms = motion.rotations_xyzw[:, SMPLX.indices(SMPLX.parts["upper_body"])]
    assert np.ptp(arms, axis=0).max() > 0.01


def test_emage_moves_the_jaw_in_face_and_skeleton(folders: dict[str, Path]) -> None:
    motion = Emage.from_pretrained(folders["emage"], device="cpu").generate(AUDIO / "hu03_speech_m.wav")
    assert motion.face is not None
    jaw = rotations.axis_angle_from_quat(rotations.shortest(motion.rotations_xyzw[:, SMPLX.index("jaw")]))
    np.testing.assert_allclose(motion.face.weights[:, 100:], jaw, atol=1e-5)


def test_the_root_neither_drifts_nor_bobs() -> None:
    hour = np.tile([0.05, 1.3, -0.1], (3600 * 30, 1))
    hour[:, 1] += np.random.default_rng(0).standard_normal(len(hour)) * 0.5
    root = SteadyRoot(30)
    places = np.concatenate([root.push(piece) for piece in np.array_split(hour, 97)]) - SMPLX.rest_translations[0]
    assert np.abs(places[:, [0, 2]]).max() < 1.01
    assert np.abs(places[:, 1]).max() <= 0.06 + 1e-9
    short = SteadyRoot(30).push(np.array([[1.0, 1.0, 0.0]] * 4)) - SMPLX.rest_translations[0]
    np.testing.assert_allclose(short[:, 0], np.arange(4) / 30, rtol=0.01)


# ---------------------------------------------------------------------------------------------------------- loading


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["disco", "emage"])
def test_a_second_load_needs_no_torch_and_sees_new_weights(kind: str, folders: dict[str, Path], tmp_path: Path) -> None:
    folder = write(kind, tmp_path / "checkpoint")
    load = (
        "import sys; from pantomatrix_models.registry import ModelRegistry; import numpy as np;"
        f"m = ModelRegistry({{{kind!r}: {str(folder)!r}}}, 'cpu').get({kind!r});"
        "x = m.generate(0.1 * np.sin(np.arange(32000) * 0.05).astype(np.float32)).rotations_xyzw;"
        "print('torch' in sys.modules, float(np.abs(x).sum()))"
    )

    def run() -> list[str]:
        return subprocess.run([sys.executable, "-c", load], check=True, capture_output=True, text=True).stdout.split()

    first, second = run(), run()
    assert (first[0], second[0]) == ("True", "False")
    assert first[1] == second[1]
    weights = load_file(folder / "model.safetensors")
    save_file({key: value * 1.1 if value.is_floating_point() else value for key, value in weights.items()}, folder / "model.safetensors")  # fmt: skip
    third = run()
    assert third[0] == "True"
    assert third[1] != first[1]


@pytest.mark.parametrize("part", ["face", "global"])
def test_a_damaged_part_of_emage_is_named(part: str, tmp_path: Path) -> None:
    folder = write_emage(tmp_path / "emage")
    place = folder / "emage_vq" / part
    weights = load_file(place / "model.safetensors")
    for change, text in (
        (lambda w: w.pop("encoder.main.0.bias"), "1 weights are missing, the first is 'encoder.main.0.bias'"),
        (lambda w: w.update(more=torch.zeros(1)), "do not belong here, the first is 'more'"),
        (lambda w: w["encoder.main.0.bias"].fill_(float("nan")), "holds NaN"),
    ):
        changed = {key: value.clone() for key, value in weights.items()}
        change(changed)
        save_file(changed, place / "model.safetensors")
        with pytest.raises(CheckpointError, match=text) as caught:
            Emage.from_pretrained(folder, device="cpu")
        assert f"emage_vq{os.sep}{part}" in str(caught.value)
    config = json.loads((place / "config.json").read_text())
    (place / "config.json").write_text(json.dumps({key: config[key] for key in config if key != "vae_layer"}))
    with pytest.raises(CheckpointError, match=r"config.json has no 'vae_layer'"):
        Emage.from_pretrained(folder, device="cpu")
    (place / "config.json").write_text(json.dumps(config | {"vae_layer": "two"}))
    with pytest.raises(CheckpointError, match=r"'vae_layer' in config.json is 'two', expected a number"):
        Emage.from_pretrained(folder, device="cpu")
    for file in place.iterdir():
        file.unlink()
    place.rmdir()
    with pytest.raises(CheckpointError, match=rf"{part}: no such folder; emage needs it"):
        Emage.from_pretrained(folder, device="cpu")


def test_another_kind_of_checkpoint_is_refused_by_name(folders: dict[str, Path]) -> None:
    with pytest.raises(CheckpointError, match=r"this is a checkpoint of 'camn', expected 'disco'"):
        Disco.from_pretrained(folders["camn"])
    with pytest.raises(CheckpointError, match=r"no such folder"):
        Camn.from_pretrained(folders["camn"], subfolder="nowhere")


def test_configs_in_the_wild(tmp_path: Path) -> None:
    """Without model_type and architectures, with motion_dim: the network still loads under its own name."""
    folder = write_recurrent(tmp_path / "camn", "camn")
    config = json.loads((folder / "config.json").read_text())
    for key in ("model_type", "class_name", "name_pyfile", "motion_f", "dropout_prob"):
        del config[key]
    (folder / "config.json").write_text(json.dumps(config | {"motion_dim": 256}))
    assert len(Camn.from_pretrained(folder, device="cpu").generate(speech(1))) == 30
    with pytest.raises(CheckpointError, match=r"'model_type' in config.json is '', expected one of camn, disco, emage"):
        ModelRegistry({"mine": str(folder)}).get("mine")


def test_a_model_may_have_any_name(folders: dict[str, Path]) -> None:
    registry = ModelRegistry({"mine": str(folders["disco"])}, "cpu")
    assert registry.get("mine").info.name == "mine"
    assert [model.info.name for model in registry.all()] == ["builtin", "mine"]
    with pytest.raises(UnknownNameError, match="unknown model 'emage'"):
        registry.get("emage")


# ------------------------------------------------------------------------------------------- devices and precisions


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_int8_is_smaller_and_near(kind: str, folders: dict[str, Path]) -> None:
    """On what the networks say, not on codes and angles: weights by rule put many codes in near ties."""
    exact, rough = (KINDS[kind].from_pretrained(folders[kind], device="cpu", precision=p) for p in ("fp32", "int8"))
    assert len(rough.generate(speech(3))) == 90
    quantised = list(
        Path(os.environ["HF_HOME"]).rglob(f"*-{KINDS[kind].stage_names[0 if kind == 'emage' else 1]}-int8.onnx")
    )
    assert any(op in onnx_operators(path) for path in quantised for op in ("MatMulInteger", "DynamicQuantizeLSTM"))
    windows = [_ended(exact, speech(2)).next_window()]
    one, other = exact.run(windows)[0], rough.run(windows)[0]
    if kind == "emage":
        assert (one.codes == other.codes).mean() > 0.5
    else:
        assert 0 < np.std(one - other) < 0.1 * np.std(one)


def onnx_operators(path: Path) -> set[str]:
    return {node.op_type for node in onnx.load(path).graph.node}


def _ended(model: PretrainedModel, audio: np.ndarray):
    session = model.open(UtteranceOptions("0", 30.0))
    session.hear(audio)
    session.ended = True
    return session


@pytest.mark.parametrize(
    ("device", "precision", "text"),
    [
        ("tpu", "fp32", "device 'tpu' is not known"),
        ("cpu", "fp8", "precision 'fp8' is not known"),
        ("cpu", "fp16", "precision fp16 is for GPUs"),
    ],
)
def test_devices_and_precisions_that_are_not_there(
    device: str, precision: str, text: str, folders: dict[str, Path]
) -> None:
    with pytest.raises(StartError, match=text):
        Disco.from_pretrained(folders["disco"], device=device, precision=precision)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there(folders: dict[str, Path]) -> None:
    with pytest.raises(StartError, match="device cuda is not there"):
        Disco.from_pretrained(folders["disco"], device="cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no GPU")
@pytest.mark.parametrize("kind", KINDS)
def test_a_gpu_gives_what_the_cpu_gives(kind: str, folders: dict[str, Path]) -> None:
    cpu, gpu = (KINDS[kind].from_pretrained(folders[kind], device=device) for device in ("cpu", "cuda"))
    assert largest_difference(cpu.generate(speech(6)), gpu.generate(speech(6))) < 1e-3
    assert len(KINDS[kind].from_pretrained(folders[kind], device="cuda", precision="fp16").generate(speech(6))) == 180


@pytest.mark.parametrize("kind", KINDS)
def test_torch_alone_gives_the_same(kind: str, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ONNX Runtime is not installed. On what the recurrent networks say, not on rotations: those of weights by rule lie
    where six numbers nearly are none, and a millionth becomes hundred times as much."""
    usual = KINDS[kind].from_pretrained(folders[kind], device="cpu")
    monkeypatch.setattr("pantomatrix_models.runtime.engines._has_onnx_runtime", lambda: False)
    alone = KINDS[kind].from_pretrained(folders[kind], device="cpu")
    if kind == "emage":
        assert largest_difference(alone.generate(speech(4)), usual.generate(speech(4))) < 1e-4
    else:
        windows = [_ended(usual, speech(4)).next_window()]
        np.testing.assert_allclose(alone.run(windows)[0], usual.run(windows)[0], atol=1e-5)
    with pytest.raises(StartError, match="precision int8 needs ONNX Runtime"):
        KINDS[kind].from_pretrained(folders[kind], device="cpu", precision="int8")


@pytest.mark.parametrize("module", ["pantomatrix_models.networks.execution", "pantomatrix_research.training.recipes"])
def test_torchs_exporter_warns_of_nothing_on_the_terminal(module: str) -> None:
    """torch reads its level when it is imported."""
    program = f"""
import os, sys

class Watch:
    def find_spec(self, name, *more):
        if name == "torch":
            print(os.environ.get("TORCH_CPP_LOG_LEVEL"))
            sys.exit()

sys.meta_path.insert(0, Watch())
import {module}
"""
    environment = {name: value for name, value in os.environ.items() if name != "TORCH_CPP_LOG_LEVEL"}
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert result.stdout == "ERROR\n", result.stderr
