"""Training on the synthetic dataset: losses fall, work continues where it stopped, processes agree, the server speaks it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from checkpoints import write_recurrent
from command_line import command, fails, run, run_process
from eventually import eventually
from folders import AUDIO
from motions import angle_between
from pantomatrix_client import Client
from pantomatrix_converters import rotations
from pantomatrix_research.datasets.beat2 import index_beat2
from pantomatrix_research.datasets.frame_rows import sixd_of
from pantomatrix_research.datasets.shards import make_shards
from pantomatrix_research.datasets.synthetic import make_beat2
from pantomatrix_research.datasets.windows import TrainingWindows
from pantomatrix_research.training.batch import collate, matrix_from_sixd, sixd_from_axis_angle
from pantomatrix_research.training.clusters import balanced
from pantomatrix_research.training.emage_codec import parts_of, root_motion
from pantomatrix_research.training.losses import acceleration, geodesic, velocity
from pantomatrix_research.training.order import StepOrder
from pantomatrix_research.training.recipes import RECIPES
from pantomatrix_research.training.recurrent import own_frames
from pantomatrix_research.training.settings import as_yaml, load_settings, recipe_names
from pantomatrix_research.training.trial import MODELS
from server_process import running_server

ONE_THREAD = {"OMP_NUM_THREADS": "1"}
RECURRENT = ("network={hidden_size: 24, n_layer: 2, audio_f: 16}",)
CODEC = ("network.vae_length=24", "network.vae_codebook_size=32")
TINY = {
    "camn_audio": RECURRENT,
    "disco_audio": RECURRENT,
    "emage_audio": ("network={hidden_size: 32, motion_f: 24, audio_f: 16, vae_codebook_size: 32}",),
    "emage_vq_global": CODEC[:1],
}
OFTEN = ("solver.batch=8", "solver.learning_rate=2e-3", "log=1")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Torch computes in one thread, here as in the processes that are started."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    make_beat2(folder / "nobody", 8, 6, (1, 2))
    make_shards(index_beat2(folder / "nobody"), folder / "shards", 1)
    return folder / "shards"


def train(shards: Path, recipe: str, out: Path, *words: object) -> subprocess.CompletedProcess[str]:
    sizes = TINY.get(recipe, CODEC)
    return run("train", recipe, *sizes, *OFTEN, "--shards", shards, "-o", out, "--device", "cpu", *words)


def trained(shards: Path, recipe: str, out: Path, *words: object) -> list[dict]:
    """The lines of its log."""
    result = train(shards, recipe, out, *words)
    assert result.returncode == 0, result.stderr
    return log(out)


def log(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def losses(lines: list[dict]) -> list[float]:
    return [line["loss"] for line in lines if "loss" in line]


# ------------------------------------------------------------------------------------------------------------- parts


def test_every_recipe_has_its_configuration() -> None:
    assert set(recipe_names()) == set(RECIPES)
    for name in recipe_names():
        settings = load_settings(name)
        assert settings.recipe == name
        assert settings.solver.steps > 1000
        assert any(settings.losses.values())


def test_values_come_from_recipe_file_and_words(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("solver: {steps: 7, batch: 3}\n")
    settings = load_settings("camn_audio", file, ["solver.steps=9", "losses.velocity=0", "data.speakers=[2,4]"])
    assert (settings.solver.steps, settings.solver.batch, settings.solver.betas) == (9, 3, [0.5, 0.999])
    assert settings.losses == {"rotation": 1.0, "velocity": 0.0, "acceleration": 1.0}
    assert settings.data.speakers == [2, 4]
    file.write_text(as_yaml(settings))
    assert load_settings("camn_audio", file) == settings


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("camn",), "unknown recipe 'camn'; did you mean camn_audio?"),
        (("camn_audio", "steps"), "'steps': expected key=value"),
        (("camn_audio", "solver.stepz=3"), "solver.stepz=3: Key 'stepz' not in 'SolverSettings'"),
        (
            ("camn_audio", "solver.steps=many"),
            "solver.steps=many: Value 'many' of type 'str' could not be converted to Integer",
        ),
        (("camn_audio", "solver.batch=0"), "solver.batch and solver.steps have to be 1 or more"),
        (("camn_audio", "--config", "nothing"), "nothing: No such file"),
        (("camn_audio",), "shards: no shards there; pantomatrix dataset prepare makes them"),
        (("camn_audio", "--resume"), "nothing to go on from"),
        (("camn_audio", "--test"), "nothing trained"),
        (("emage_vq_face", "--evaluate"), "makes no motion by itself"),
        (("emage_audio", "--shards", "SHARDS"), "options.codecs=FOLDER is needed"),
        (
            ("emage_audio", "options.codecs=x", "--shards", "SHARDS"),
            "x: no trained face; pantomatrix train emage_vq_face -o x/face",
        ),
        (("camn_audio", "data.frames=100000", "--shards", "SHARDS"), "is as long as 100000 frames"),
        (
            ("camn_audio", "--start-from", "nothing", "--shards", "SHARDS"),
            "nothing: not a checkpoint, no config.json in it",
        ),
    ],
)
def test_wrong_words_get_one_line(
    tmp_path: Path, shards: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in fails("train", *(str(shards) if word == "SHARDS" else word for word in words))
    assert not (tmp_path / "runs").exists()


def test_rotations_are_the_converters_own() -> None:
    poses = np.random.default_rng(0).normal(scale=0.8, size=(20, 165)).astype(np.float32)
    poses[0] = 0
    sixd = sixd_from_axis_angle(torch.from_numpy(poses).reshape(20, 55, 3))
    np.testing.assert_allclose(sixd.flatten(1).numpy(), sixd_of(poses), atol=1e-5)
    turns = rotations.quat_from_axis_angle(poses.reshape(20, 55, 3))
    np.testing.assert_allclose(matrix_from_sixd(sixd).numpy(), rotations.matrix_from_quat(turns), atol=1e-5)
    apart = geodesic(sixd[1:].flatten(1)[None], sixd[:-1].flatten(1)[None])
    assert float(apart) == pytest.approx(angle_between(turns[1:], turns[:-1]).mean(), abs=2e-3)
    same = sixd.flatten(1)[None].clone().requires_grad_()
    geodesic(same, sixd.flatten(1)[None]).backward()
    assert same.grad is not None
    assert torch.isfinite(same.grad).all()


def test_steps_and_their_changes() -> None:
    ramp = torch.arange(10.0)[None, :, None].repeat(2, 1, 3)
    assert float(velocity(2 * ramp, ramp)) == 1
    assert float(acceleration(2 * ramp, ramp)) == 0
    assert float(acceleration(ramp**2, ramp)) == 2
    trans = torch.stack([0.1 * torch.arange(5.0), torch.full((5,), 0.9), torch.zeros(5)], dim=-1)[None]
    np.testing.assert_allclose(root_motion(trans)[0], [[3.0, 0.9, 0.0]] * 5, atol=1e-5)


def test_recurrent_networks_learn_their_own_times() -> None:
    """Motion that is its own time in seconds."""
    motion = (torch.arange(128) / 30)[None, :, None]
    frames = own_frames(motion)[0, :, 0]
    times = np.clip((np.arange(len(frames)) * 1080 - 88) / 16_000, 0, None)
    np.testing.assert_allclose(frames, times, atol=1e-5)
    assert 127 / 30 - 1080 / 16_000 < float(frames[-1]) <= 127 / 30


def test_every_window_once_in_an_epoch_in_any_number_of_processes() -> None:
    def order(rank: int, world: int, first: int = 0) -> list[list[int]]:
        return list(StepOrder(24, 8, first, 9, 5, rank, world, None))

    alone = order(0, 1)
    for epoch in range(3):
        assert sorted(chain(*alone[3 * epoch : 3 * epoch + 3])) == list(range(24))
    assert alone[:3] != alone[3:6]
    assert order(0, 1, 4) == alone[4:]
    for step, (one, other) in enumerate(zip(order(0, 2), order(1, 2), strict=True)):
        assert sorted(one + other) == sorted(alone[step])


def test_rare_motion_is_drawn_as_often(shards: Path) -> None:
    windows = TrainingWindows(shards, 64, 20)
    draws = balanced(windows, 4, 2, seed=0)
    assert draws.mean() == pytest.approx(1)
    weights, counts = np.unique(np.round(draws, 9), return_counts=True)
    assert len(weights) > 1
    shares = weights * counts / len(windows)
    of_one = shares.min()
    np.testing.assert_allclose(shares / of_one, np.round(shares / of_one), atol=1e-6)
    assert balanced(windows, 1, 1, seed=0).std() == 0
    drawn = list(StepOrder(len(windows), 64, 0, 50, 0, 0, 1, torch.from_numpy(draws)))
    found = np.bincount(list(chain(*drawn)), minlength=len(windows)) / (50 * 64) * len(windows)
    assert np.corrcoef(found, draws)[0, 1] > 0.9


# ---------------------------------------------------------------------------------------------------------- training


@pytest.mark.parametrize(
    ("recipe", "steps", "factor"),
    [("camn_audio", 40, 4), ("disco_audio", 40, 4), ("emage_vq_face", 60, 2), ("emage_vq_global", 60, 2)],
)
def test_losses_fall(shards: Path, tmp_path: Path, recipe: str, steps: int, factor: float) -> None:
    lines = trained(
        shards, recipe, tmp_path / "run", f"solver.steps={steps}", f"validate={steps // 2}", f"save={steps}"
    )
    found = losses(lines)
    assert len(found) == steps
    assert np.mean(found[:2]) > factor * np.mean(found[-5:])
    validation = [line["validation"]["loss"] for line in lines if "validation" in line]
    assert len(validation) == 2
    for folder in ("best", "last"):
        config = json.loads((tmp_path / "run" / folder / "config.json").read_text())
        assert config["model_type"] == {"emage_vq_face": "emage_vqvaeconv", "emage_vq_global": "emage_vaeconv"}.get(
            recipe, recipe
        )
    if recipe in MODELS:
        model = MODELS[recipe].from_pretrained(tmp_path / "run" / "best", device="cpu")
        assert len(model.info.speakers) == 2
        assert len(model.generate(AUDIO / "hu05_arctic_f.wav", fps=30)) == 93
    last = load_file(tmp_path / "run" / "last" / "model.safetensors")
    best = load_file(tmp_path / "run" / "best" / "model.safetensors")
    assert all(torch.equal(last[key], best[key]) for key in last) == (validation[1] < validation[0])


def test_a_training_that_was_killed_goes_on_bit_by_bit(shards: Path, tmp_path: Path) -> None:
    words = ("solver.steps=24", "validate=8", "save=4", "solver.warmup=3", "solver.final=0.1")
    straight, cut = tmp_path / "straight", tmp_path / "cut"
    trained(shards, "camn_audio", straight, *words)
    places = ("--shards", shards, "-o", cut, "--device", "cpu")
    begin = command("train", "camn_audio", *TINY["camn_audio"], *OFTEN, *words, *places)
    with subprocess.Popen(begin, stderr=subprocess.DEVNULL, env={**os.environ, **ONE_THREAD}) as killed:
        try:
            eventually(lambda: (cut / "log.jsonl").is_file() and len(log_lines(cut)) >= 10, seconds=200)
        finally:
            killed.send_signal(signal.SIGKILL)
    assert "a training is there already; --resume continues it" in train(shards, "camn_audio", cut, *words).stderr
    result = run_process("train", "camn_audio", *places, "--resume", **ONE_THREAD)
    assert result.returncode == 0, result.stderr
    assert "note: going on at step " in result.stderr
    assert log(cut) == log(straight)
    for folder in ("best", "last"):
        assert (cut / folder / "model.safetensors").read_bytes() == (
            straight / folder / "model.safetensors"
        ).read_bytes()


def log_lines(folder: Path) -> list[str]:
    return (folder / "log.jsonl").read_text().splitlines()


def test_two_processes_train_what_one_does(shards: Path, tmp_path: Path) -> None:
    """By gloo, as torchrun starts them; a network without batch normalisation, whose numbers can be compared as long as no
    latent lies so near between two codes that rounding chooses."""
    words = ("solver.steps=10", "validate=5", "save=10", "options.revive=0")
    alone = trained(shards, "emage_vq_hands", tmp_path / "one", *words)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    places = ("--shards", shards, "-o", tmp_path / "two", "--device", "cpu")
    done = subprocess.run(
        [*torchrun, *command("train", "emage_vq_hands", *CODEC, *OFTEN, *words, *places)[1:]],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    together = log(tmp_path / "two")
    assert [line["step"] for line in together] == [line["step"] for line in alone]
    for one, two in zip(alone, together, strict=True):
        if "validation" in one:
            assert two["validation"]["loss"] == pytest.approx(one["validation"]["loss"], rel=1e-3)
    weights = [load_file(tmp_path / name / "last" / "model.safetensors") for name in ("one", "two")]
    assert max(float((weights[0][key] - weights[1][key]).abs().max()) for key in weights[0]) < 1e-3


@pytest.mark.skipif(
    not torch.ops.mkldnn._is_mkldnn_bf16_supported(), reason="this processor computes no LSTM in half precision"
)
def test_half_precision_learns_the_same(shards: Path, tmp_path: Path) -> None:
    words = ("solver.steps=12", "validate=12", "save=12")
    full, half = (
        trained(shards, "camn_audio", tmp_path / amp, *words, f"solver.amp={amp}") for amp in ("false", "true")
    )
    assert half[0]["loss"] != full[0]["loss"]
    assert half[0]["loss"] == pytest.approx(full[0]["loss"], rel=0.01)
    assert half[-1]["validation"]["loss"] == pytest.approx(full[-1]["validation"]["loss"], rel=0.1)


@pytest.mark.skipif(
    torch.ops.mkldnn._is_mkldnn_bf16_supported(), reason="this processor computes LSTM in half precision"
)
def test_half_precision_is_refused_where_the_processor_has_none(shards: Path, tmp_path: Path) -> None:
    result = train(shards, "camn_audio", tmp_path / "run", "solver.amp=true")
    assert result.returncode == 2
    assert "solver.amp=true: this cpu computes no LSTM in bfloat16" in result.stderr.splitlines()[-1]


def test_a_loss_that_is_not_finite_ends_it(shards: Path, tmp_path: Path) -> None:
    result = train(
        shards, "emage_vq_face", tmp_path / "run", "solver.learning_rate=1e12", "solver.clip=0", "solver.steps=50"
    )
    assert result.returncode == 2
    assert "the loss is" in result.stderr.splitlines()[-1]


def test_from_clips_to_a_served_model(shards: Path, tmp_path: Path, compiled_onsets: Path) -> None:
    """All of EMAGE, small: five motion models, the audio model, a test with its measures, fine-tuning, the server."""
    runs = tmp_path / "runs"
    for part in ("face", "upper", "hands", "lower", "global"):
        trained(shards, f"emage_vq_{part}", runs / "emage_vq" / part, "solver.steps=5", "validate=5", "save=5")
    words = ("solver.steps=20", "validate=20", "save=20", f"options.codecs={runs / 'emage_vq'}")
    result = train(shards, "emage_audio", runs / "emage", *words, "--evaluate", "--visualize")
    assert result.returncode == 0, result.stderr
    found = losses(log(runs / "emage"))
    assert np.mean(found[:2]) > 1.05 * np.mean(found[-5:])
    report = json.loads((runs / "emage" / "evaluation.json").read_text())
    assert report["failed"] == []
    assert {"BC", "L1Div", "SRGR"} <= set(report["all"]["metrics"])

    videos = sorted((runs / "emage" / "test").glob("*.mp4"))
    assert [video.stem for video in videos] == ["1_wayne_0_8_8", "2_scott_0_8_8"]
    assert all(video.stat().st_size > 10_000 for video in videos)
    again = run("train", "emage_audio", "--shards", shards, "-o", runs / "emage", "--device", "cpu", "--test")
    assert again.returncode == 0, again.stderr

    begin = ("--start-from", runs / "emage" / "best", "solver.steps=2", "validate=2", "save=2")
    tuned = trained(shards, "emage_audio", runs / "tuned", *words, *begin)
    assert losses(tuned)[0] < found[0]

    with running_server(tmp_path / "log", "--model", f"tiny={runs / 'emage' / 'best'}", "--device", "cpu") as server:
        with Client(server.address) as client:
            motion = client.generate(AUDIO / "hu05_arctic_f.wav", model="tiny")
            speakers = next(model for model in client.catalog().models if model.name == "tiny").speakers
    assert len(motion.rotations_xyzw) == 93
    assert len(speakers) == 2


def test_published_weights_are_fine_tuned(shards: Path, tmp_path: Path) -> None:
    """A checkpoint in the published layout, of three speakers of its own sizes: shards of another number are told."""
    folder = write_recurrent(tmp_path / "camn", "camn")
    words = [
        "camn_audio",
        "--shards",
        shards,
        "-o",
        tmp_path / "run",
        "--device",
        "cpu",
        "--start-from",
        folder,
        "--debug",
    ]
    assert "'speaker_embedding.weight' has shape (3, 8), expected (2, 8)" in fails("train", *words)
    make_beat2(tmp_path / "three", 8, 6, (1, 2, 3))
    make_shards(index_beat2(tmp_path / "three"), tmp_path / "three-shards", 1)
    words[words.index(shards)] = tmp_path / "three-shards"
    result = run("train", *words, "solver.learning_rate=0")
    assert result.returncode == 0, result.stderr
    tuned, published = (load_file(path / "model.safetensors") for path in (tmp_path / "run" / "last", folder))
    assert set(tuned) == set(published)
    assert all(
        torch.equal(tuned[key], published[key]) for key in tuned if "running_" not in key and "num_batches" not in key
    )


def test_codes_are_used(shards: Path, tmp_path: Path) -> None:
    """Without the codes that are brought back to life all latents end at a few of them."""
    used = {}
    for revive in (0, 10):
        out = tmp_path / str(revive)
        words = (
            "solver.steps=150",
            "solver.learning_rate=1e-3",
            "validate=150",
            "save=150",
            f"options.revive={revive}",
        )
        trained(shards, "emage_vq_upper", out, *words)
        settings = load_settings("emage_vq_upper", out / "settings.yaml")
        recipe = RECIPES["emage_vq_upper"](settings, 2)
        recipe.load(out / "last")
        windows = TrainingWindows(shards, 64, 10)
        batch = collate([windows[at] for at in range(len(windows))])
        used[revive] = len(recipe.network.encode(parts_of(batch)["upper"]).unique())  # type: ignore[operator]
    assert used[10] > 2 * used[0], used


def test_codes_that_are_fine_tuned_stay_in_use(shards: Path, tmp_path: Path) -> None:
    """A training that starts from codes changes them by their gradients alone, also when it goes on after a stop."""
    trained(shards, "emage_vq_upper", tmp_path / "first", "--debug")
    words = ("--start-from", tmp_path / "first" / "last", "solver.learning_rate=0", "options.revive=1")
    trained(shards, "emage_vq_upper", tmp_path / "tuned", "--debug", *words)
    codes = [
        load_file(tmp_path / name / "last" / "model.safetensors")["quantizer.embedding.weight"]
        for name in ("first", "tuned")
    ]
    assert torch.equal(*codes)
    assert load_settings("emage_vq_upper", tmp_path / "tuned" / "settings.yaml").options == {"revive": 0}


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (
            "losses.velocty=1",
            "losses.velocty: no such loss (valid: acceleration, codes, commitment, rotation, velocity)",
        ),
        ("losses={rotation: 0, velocity: 0, acceleration: 0, codes: 0, commitment: 0}", "every loss has weight 0"),
    ],
)
def test_weights_without_losses_are_named(shards: Path, tmp_path: Path, word: str, message: str) -> None:
    result = train(shards, "emage_vq_upper", tmp_path / "run", "--debug", word)
    assert result.returncode == 2
    assert message in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("option", "module", "advice"),
    [
        ("--visualize", "cv2", 'pip install ".[video]"'),
        ("--evaluate", "librosa", 'pip install ".[research]"'),
        ("--tensorboard", "tensorboard", "pip install tensorboard"),
    ],
)
def test_what_is_needed_afterwards_is_asked_for_before(
    shards: Path, tmp_path: Path, option: str, module: str, advice: str
) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "sitecustomize.py").write_text(
        f"import importlib.util, sys\nsys.modules[{module!r}] = None\n"
        "find = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, *more: None if name == {module!r} else find(name, *more)\n"
    )
    words = ("--shards", shards, "-o", tmp_path / "run", option)
    result = run_process("train", "camn_audio", *words, PYTHONPATH=str(tmp_path / "without"))
    assert result.returncode == 2
    assert advice in result.stderr
    assert not (tmp_path / "run").exists()


def test_missing_shards_are_told_before_torch_is_there(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise SystemExit('torch was imported')")
    places = ("--shards", tmp_path / "none", "-o", tmp_path / "r")
    result = run_process("train", "camn_audio", *places, PYTHONPATH=str(tmp_path))
    assert "pantomatrix dataset prepare makes them" in result.stderr


def test_debug_runs_everything_in_seconds(shards: Path, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    lines = trained(shards, "disco_audio", tmp_path / "run", "--debug", "--tensorboard")
    assert [line["step"] for line in lines] == [0, 1, 2, 2, 3, 4]
    events = EventAccumulator(str(tmp_path / "run"))
    events.Reload()
    assert [event.step for event in events.Scalars("training/loss")] == [0, 1, 2, 3]
    assert [event.step for event in events.Scalars("validation/loss")] == [2, 4]


def test_batches_are_windows(shards: Path) -> None:
    windows = TrainingWindows(shards, 32, 16)
    batch = collate([windows[0], windows[3]])
    assert len(batch) == 2
    np.testing.assert_array_equal(batch.poses[1].flatten(1), windows[3].poses)
    assert batch.speaker.tolist() == [[windows[0].speaker], [windows[3].speaker]]
