"""The package `pantomatrix`: its names, its cost, and that each function does what its docstring says."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import pantomatrix as pm
import pantomatrix_converters.errors
import pantomatrix_models.errors
from docs.make_reference import PAGE, reference
from folders import AUDIO, ROOT
from pantomatrix_converters.editing.option_kinds import options_of
from pantomatrix_models.audio.source import speech_of
from pantomatrix_models.options import MotionOptions
from server_process import ServerProcess

pytestmark = pytest.mark.unit

CLIP = AUDIO / "hu05_arctic_f.wav"

PUBLIC = {
    "ArkitMatrix", "AsyncClient", "Camn", "Client", "Disco", "Emage", "FaceCurves", "LiveStream", "ModelInfo", "Motion",
    "Options", "PoseConstraint", "Skeleton", "__version__", "convert", "errors", "generate", "live", "load", "models",
    "read_timed_text", "save",
}  # fmt: skip


def test_public_names() -> None:
    assert set(pm.__all__) == PUBLIC == set(dir(pm))
    for name in PUBLIC:
        assert getattr(pm, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'motoin'"):
        pm.motoin  # noqa: B018


def test_every_public_function_and_method_is_documented_and_typed() -> None:
    for name in PUBLIC - {"__version__", "errors"}:
        member = getattr(pm, name)
        assert inspect.getdoc(member), name
        own = [member] if inspect.isfunction(member) else [f for n, f in vars(member).items() if inspect.isfunction(f)]
        for function in own:
            if function.__name__.startswith("_") and function.__name__ != "__init__":
                continue
            assert function.__name__ == "__init__" or inspect.getdoc(function), f"{name}.{function.__name__}"
            untyped = [
                parameter.name
                for parameter in inspect.signature(function).parameters.values()
                if parameter.name != "self" and parameter.annotation is parameter.empty
            ]
            assert not untyped, f"{name}.{function.__name__}: {untyped}"


def test_help_leads_to_the_options() -> None:
    for function in (pm.generate, pm.live, pm.convert):
        assert "help(pm.Options)" in pydoc.plain(pydoc.render_doc(function)), function
    listed = pydoc.plain(pydoc.render_doc(pm.Options))
    for name, (option, _) in options_of(MotionOptions).items():
        assert f"- {name}: {option.help.split()[0]}" in listed, name
    assert "seconds, 0 to 2" in listed


def test_importing_loads_nothing_heavy() -> None:
    program = "import sys, pantomatrix; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    ours = {name for name in loaded if name.startswith("pantomatrix")}
    assert ours == {"pantomatrix"}
    assert not {"numpy", "torch", "grpc", "google", "typer", "rich", "soundfile"} & set(loaded)


@pytest.mark.parametrize(
    ("name", "hidden", "command"),
    [
        ("Client", "grpc", 'pip install "./engine_clients/python"'),
        ("generate", "pantomatrix_models", 'pip install "."'),
        ("generate", "soundfile", 'pip install "."'),
        ("Emage", "soxr", 'pip install "."'),
        ("errors.AudioError", "pantomatrix_models", 'pip install "."'),
    ],
)
def test_what_is_not_installed_is_named_with_the_command_that_brings_it(name: str, hidden: str, command: str) -> None:
    program = f"import sys; sys.modules[{hidden!r}] = None; import pantomatrix as pm; pm.{name}"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    last = result.stderr.splitlines()[-1]
    assert (
        last
        == f"ImportError: pantomatrix.{name.split('.')[-1]} needs the package {hidden}: {command} in the project's folder"
    )


def test_errors_are_the_whole_tree() -> None:
    ours = {
        name
        for module in (pantomatrix_converters.errors, pantomatrix_models.errors)
        for name, member in vars(module).items()
        if inspect.isclass(member) and issubclass(member, Exception)
    }
    assert set(pm.errors.__all__) == ours | {"ServerError", "LossWarning", "SpeechWarning"} == set(dir(pm.errors))
    for name in pm.errors.__all__:
        assert getattr(pm.errors, name).__name__ == name


def test_the_reference_page_is_that_of_the_docstrings() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "python3 dev.py reference writes it"


def test_speech_may_be_a_file_its_bytes_or_samples() -> None:
    with wave.open(str(CLIP)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    from_file = pm.generate(CLIP)
    for speech in (
        str(CLIP),
        CLIP.read_bytes(),
        (samples, rate),
        (samples.astype(np.float64) / 32768, rate),
        (np.stack([samples, samples], axis=1), rate),
        (samples.astype(np.int32) * 65536, rate),
    ):
        motion = pm.generate(speech)
        np.testing.assert_array_equal(motion.rotations_xyzw, from_file.rotations_xyzw)
        assert motion.face is not None
        assert from_file.face is not None
        np.testing.assert_array_equal(motion.face.weights, from_file.face.weights)


@pytest.mark.parametrize(
    ("speech", "text"),
    [
        ("missing.wav", "missing.wav: No such file or directory"),
        ((np.zeros(16000), "16000"), r"expected \(samples, sample_rate_hz\): an array and a number, in this order"),
        ((np.zeros(16000),), r"expected \(samples, sample_rate_hz\), but there are 1 values"),
        ((16000, np.zeros(16000)), r"expected \(samples, sample_rate_hz\)"),
        (np.zeros(16000), r"speech is ndarray, expected a path, bytes, or \(samples, sample_rate_hz\)"),
        ((np.zeros((2, 16000)), 16000), r"shape \(2, 16000\), expected \(S,\) or \(S, channels\)"),
        ((np.zeros(0), 16000), "no samples"),
        ((np.full(16000, np.nan), 16000), "sample 0 .* is NaN"),
        ((np.zeros(16000), 24), "the sample rate is 24 Hz, expected 4000 to 192000"),
        ((np.zeros(16000, np.uint8), 16000), "samples are uint8, expected floats or signed integers"),
    ],
)
def test_speech_that_cannot_be_used(speech: object, text: str) -> None:
    with pytest.raises(pm.errors.AudioError, match=text):
        pm.generate(speech)  # type: ignore[arg-type]


@pytest.mark.parametrize(("factor", "level"), [(0, -200), (3e-5, -90)])
def test_a_silent_recording_is_told(factor: float, level: int) -> None:
    noise = np.sign(np.random.default_rng(0).standard_normal(16000)) * factor
    with pytest.warns(pm.errors.SpeechWarning, match=f"the recording is silent: its level is {level} dBFS"):
        assert len(pm.generate((noise, 16000))) == 30


def test_what_is_shown_of_a_motion_is_short() -> None:
    motion = pm.generate(CLIP)
    assert repr(motion) == "Motion(93 frames at 30 fps, 3.10 s, 'smplx' with 55 joints, 'arkit52' with 52 curves)"
    assert repr(motion.skeleton) == "Skeleton('smplx', 55 joints)"
    assert repr(motion.face) == "FaceCurves('arkit52', 52 curves, 93 frames)"
    assert repr(pm.convert(motion, parts=["face"])).startswith("Motion(93 frames")
    assert repr(speech_of(CLIP)).startswith("Speech(3.10 s, -")


def test_options_are_plain_values_and_unknown_ones_are_refused() -> None:
    motion = pm.generate(CLIP, skeleton="mixamo", emotions={"joy": 0.6}, fps=60, foot_lock=True)
    assert motion.skeleton.name == "mixamo"
    assert motion.fps == 60
    with pytest.raises(pm.errors.UnknownNameError, match="unknown option 'emotion'; did you mean emotions"):
        pm.generate(CLIP, emotion={"joy": 0.6})  # type: ignore[call-arg]
    with pytest.raises(pm.errors.UnknownNameError, match="unknown model 'emagee'; did you mean emage"):
        pm.generate(CLIP, model="emagee")


def test_emotions_at_times_are_kept_in_files_as_they_were_given(tmp_path: Path) -> None:
    keys = [(0.0, {"joy": 0.8}), (1.5, {"anger": 0.5}), (2.5, {})]
    motion = pm.generate(CLIP, emotions=keys)
    pm.save(motion, tmp_path / "take.npz")
    (known,) = pm.load(tmp_path / "take.npz").provenance
    assert known.options["emotions"] == [[seconds, felt] for seconds, felt in keys]
    again = pm.generate(CLIP, emotions=known.options["emotions"])
    np.testing.assert_array_equal(again.rotations_xyzw, motion.rotations_xyzw)


def test_emotions_at_times_through_a_client_and_not_in_a_stream(server: ServerProcess) -> None:
    keys = [(0.0, {"joy": 0.75}), (1.5, {"anger": 0.5})]
    with pm.Client(server.address) as client:
        made = client.generate(CLIP, emotions=keys)
    np.testing.assert_array_equal(made.curves, cast(Any, pm.generate(CLIP, emotions=keys).face).weights)
    with (
        pm.live(16_000) as stream,
        pytest.raises(pm.errors.CapabilityError, match="emotions with times are of whole clips"),
    ):
        stream.change(emotions=keys)


def test_other_axes_are_of_files_not_of_motions(tmp_path: Path) -> None:
    motion = pm.generate(CLIP, coordinate_system="canonical")
    for asked in (
        lambda: pm.generate(CLIP, coordinate_system="unreal"),
        lambda: pm.live(16_000, coordinate_system="unreal"),
        lambda: pm.convert(motion, coordinate_system="unreal"),
    ):
        with pytest.raises(
            pm.errors.InvalidInputError, match="'unreal', but the motion .* give coordinate_system to pm.save"
        ):
            asked()
    pm.convert(motion, tmp_path / "take.json", coordinate_system="unreal")


def test_progress_comes_to_its_end() -> None:
    heard: list[tuple[float, float]] = []
    motion = pm.generate(CLIP, progress=lambda done, whole: heard.append((done, whole)))
    done = [seconds for seconds, _ in heard]
    assert done == sorted(done)
    assert done[-1] == heard[-1][1] == pytest.approx(motion.duration_seconds, abs=1 / motion.fps)


def test_files_go_out_and_come_back(tmp_path: Path) -> None:
    motion = pm.generate(CLIP)
    with pytest.warns(pm.errors.LossWarning, match="bvh holds no face"):
        assert pm.save(motion, tmp_path / "take.bvh") == tmp_path / "take.bvh"
    back = pm.load(tmp_path / "take.bvh")
    assert len(back) == len(motion)
    assert pm.load((tmp_path / "take.bvh").read_bytes()).skeleton.joint_names == motion.skeleton.joint_names
    mixamo = pm.convert(tmp_path / "take.bvh", tmp_path / "take.glb", skeleton="mixamo", start_seconds=0.5)
    assert pm.load(tmp_path / "take.glb").skeleton.joint_names == mixamo.skeleton.joint_names
    assert len(mixamo) == len(motion) - 15


def test_a_file_is_read_as_the_caller_says(strange_files: Path) -> None:
    file = strange_files / "z_up.bvh"
    with pytest.warns(pm.errors.LossWarning, match="stands along"):
        told = pm.load(file)
    said = pm.load(file, input_up="z", input_forward="-y", input_unit="cm", rest_frame=0)
    np.testing.assert_allclose(said.root_translation, told.root_translation, atol=1e-6)
    lying = pm.load(file.read_bytes(), input_up="y")
    x, y, z = told.root_translation.T
    np.testing.assert_allclose(lying.root_translation, np.stack([x, -z, y], axis=1), atol=1e-6)
    moved = pm.convert(file, skeleton="mixamo", input_up="z", floor="ground")
    with pytest.warns(pm.errors.LossWarning):
        np.testing.assert_allclose(moved.rotations_xyzw, pm.convert(file, skeleton="mixamo").rotations_xyzw, atol=1e-6)
    with pytest.raises(pm.errors.UnsupportedError, match="input_up says how a file is read, and the motion is none"):
        pm.convert(said, input_up="z")
    with pytest.raises(
        pm.errors.UnsupportedError, match="rest_frame says how a file is read, and model 'builtin' is none"
    ):
        pm.generate(CLIP, rest_frame=3)


def test_values_of_another_type_are_told_in_one_sentence(tmp_path: Path) -> None:
    motion: Any = pm.generate(CLIP)
    nothing: Any = None
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: pm.save(cast(Any, 3), "a.bvh"), "motion is int, expected a Motion, and the file's path after it"),
        (lambda: pm.save(cast(Any, "a.bvh"), motion), "motion is str, expected a Motion, and the file's path after it"),
        (lambda: pm.save(motion, nothing), "target is NoneType, expected a path"),
        (lambda: pm.convert(nothing), "source is NoneType, expected a path or a Motion"),
        (lambda: pm.convert(motion, motion), "target is Motion, expected a path"),
        (lambda: pm.load(nothing), "source is NoneType, expected a path or bytes"),
    ]
    for call, text in calls:
        with pytest.raises(TypeError, match=f"^{text}$"):
            call()
    with pytest.raises(
        pm.errors.InvalidInputError, match="^model is None, expected one of builtin, camn, disco, emage, or"
    ):
        pm.generate(CLIP, model=nothing)
    with pytest.raises(pm.errors.InvalidInputError, match="^speaker is None, expected a text$"):
        pm.generate(CLIP, speaker=nothing)


@pytest.mark.parametrize("ending", ["bvh", "glb", "npz", "json", "csv", "fbx", "usd", "vrma"])
def test_a_motion_without_frames_is_not_saved(ending: str, tmp_path: Path) -> None:
    none = pm.generate(CLIP).frames(0, 0)
    with pytest.raises(pm.errors.UnsupportedError, match="^the motion has no frames; a file needs one at least$"):
        pm.save(none, tmp_path / f"take.{ending}")
    assert not list(tmp_path.iterdir())


def test_an_interrupted_save_leaves_the_former_file(tmp_path: Path) -> None:
    target = tmp_path / "take.npz"
    motion = pm.generate(CLIP)
    pm.save(motion, target)
    former = target.read_bytes()
    with pytest.raises(pm.errors.UnsupportedError):
        pm.save(pm.convert(motion, skeleton="mixamo"), target)
    assert target.read_bytes() == former


def clip_samples() -> tuple[np.ndarray, int]:
    with wave.open(str(CLIP)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def test_live_gives_the_frames_of_a_whole_clip() -> None:
    """With the look-ahead of clips, a stream is the clip, whatever the chunks."""
    samples, rate = clip_samples()
    whole = pm.generate((samples, rate))
    pieces = []
    with pm.live(rate, look_ahead_seconds=0.5) as stream:
        for start in range(0, len(samples), 1234):
            pieces.append(stream.push(samples[start : start + 1234]))
        pieces.append(stream.close())
        assert len(stream.close()) == 0
    together = np.concatenate([piece.rotations_xyzw for piece in pieces])
    np.testing.assert_array_equal(together, whole.rotations_xyzw)


def test_a_live_stream_changes_in_mid_sentence() -> None:
    """Joy from the first second on; a name that is not known changes nothing."""
    samples, rate = clip_samples()
    with pm.live(rate) as stream:
        stream.change(emotions={"joy": 1.0}, at_seconds=1.0)
        stream.change(expression="friendly")
        stream.change(expression="")
        with pytest.raises(pm.errors.UnknownNameError, match="unknown expression 'stern'"):
            stream.change(expression="stern")
        with pytest.raises(pm.errors.UnknownNameError, match="unknown emotion 'joi'"):
            stream.change(emotions={"joi": 1.0})
        motion = stream.push(samples[: 3 * rate])
    assert motion.face is not None
    smile = motion.face.weights[:, motion.face.names.index("mouthSmileLeft")]
    assert smile[:30].mean() < 0.15
    assert smile[60:].mean() > 0.5


def test_live_refuses_what_needs_the_whole_clip_and_other_samples() -> None:
    with pytest.raises(pm.errors.CapabilityError, match="whole clip"):
        pm.live(16_000, foot_lock=True)
    with pytest.raises(pm.errors.AudioError, match="dtype is float64, expected int16 or float32"):
        pm.live(16_000, dtype="float64")
    with pm.live(16_000) as stream, pytest.raises(pm.errors.AudioError, match="samples are float64"):
        stream.push(np.zeros(100))


def test_a_closed_stream_says_so() -> None:
    with pm.live(16_000) as stream:
        stream.push(np.zeros(160, np.int16))
        stream.close()
    for use in (
        lambda: stream.push(np.zeros(160, np.int16)),
        lambda: stream.idle(1),
        stream.interrupt,
        stream.end_utterance,
    ):
        with pytest.raises(pm.errors.InvalidInputError, match="^the stream is closed; pm.live opens another$"):
            use()


def test_live_refuses_seconds_and_shapes_that_make_no_sense() -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"look_ahead_seconds": 9}, "^look_ahead_seconds is 9, expected 0 to 0.5$"),
        ({"look_ahead_seconds": -1}, "^look_ahead_seconds is -1, expected 0 to 0.5$"),
        ({"look_ahead_seconds": float("nan")}, "^look_ahead_seconds is nan, expected 0 to 0.5$"),
        ({"hop_seconds": -5}, "^hop_seconds is -5, expected 0.03 to 2$"),
    ]
    for keywords, text in wrong:
        with pytest.raises(pm.errors.OptionError, match=text):
            pm.live(16_000, **keywords)
    with pm.live(16_000) as stream:
        for seconds in (-1, float("nan"), 1e9):
            with pytest.raises(
                pm.errors.OptionError, match=f"^seconds is {seconds:g}, expected 0 to 600$".replace("+", ".")
            ):
                stream.idle(seconds)
        for samples in (np.zeros((10, 2), np.int16), np.zeros((2, 2, 2), np.int16), np.zeros((), np.int16)):
            with pytest.raises(pm.errors.AudioError, match=r"samples have shape .*, expected \(S,\) or \(S, 1\)"):
                stream.push(samples)
        with pytest.raises(pm.errors.AudioError, match="samples are list, expected a numpy array of int16"):
            stream.push([1, 2])  # type: ignore[arg-type]
        stream.push(np.zeros((10, 1), np.int16))


def test_an_utterance_and_idle_time() -> None:
    with pm.live(16_000, dtype="float32") as stream:
        assert len(stream.idle(1.0)) > 0
        assert stream.seconds == pytest.approx(1.0)
        stream.push(np.zeros(16_000, np.float32))
        stream.interrupt()
        assert len(stream.end_utterance()) >= 0


def test_what_a_client_returns_can_be_saved_in_whatever_axes_it_came(server: ServerProcess, tmp_path: Path) -> None:
    own = pm.generate(CLIP, skeleton="mixamo")
    with pm.Client(server.address) as client:
        for axes in ("canonical", "unity", "unreal_mesh"):
            motion = client.generate(CLIP, skeleton="mixamo", coordinate_system=axes)
            back = pm.load(pm.save(motion, tmp_path / f"{axes}.json"))
            np.testing.assert_allclose(back.root_translation, own.root_translation, atol=1e-4)
            dots = np.abs(np.einsum("tjc,tjc->tj", back.rotations_xyzw, own.rotations_xyzw))
            assert dots.min() > 1 - 1e-5


def test_models_say_what_they_can_do() -> None:
    names = [info.name for info in pm.models()]
    assert names == ["builtin", "camn", "disco", "emage"]
    assert pm.Emage.from_pretrained.__doc__


def test_the_package_is_marked_as_typed() -> None:
    assert (ROOT / "engine_clients/python/pantomatrix/py.typed").exists()
