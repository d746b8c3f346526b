"""The command line: what each command says and writes, and what only a process of its own shows."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from command_line import fails, run, run_process
from folders import AUDIO, DATA, ROOT
from pantomatrix_converters.face.rigs import FLAME
from pantomatrix_converters.formats import FORMATS, encode_motion, load_motion
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import load_skeleton, skeleton_names
from server_process import ServerProcess

pytestmark = pytest.mark.service


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return Path(shutil.copy(AUDIO / "hu05_arctic_f.wav", tmp_path / "take.wav"))


def test_one_line_from_speech_to_a_character(clip: Path, tmp_path: Path) -> None:
    result = run_process("generate", "take.wav", "-o", "take.bvh", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "wrote take.bvh" in result.stdout
    _, loaded = load_motion(tmp_path / "take.bvh")
    assert (loaded.motion.skeleton.name, loaded.motion.fps, len(loaded.motion)) == ("smplx", 30, 93)


def test_names_that_are_paths_are_told_so(clip: Path, tmp_path: Path) -> None:
    other = shutil.copy(clip, tmp_path / "other.wav")
    said = fails("generate", clip, other, "-o", tmp_path / "one.bvh")
    assert "named like a file" in said
    assert not (tmp_path / "one.bvh").exists()
    assert "my character.bvh: no such file" in fails("generate", clip, "-o", "x.bvh", "--skeleton", "my character.bvh")
    assert f"emage={tmp_path}" in fails("generate", clip, "-o", "x.bvh", "--model", tmp_path)


def test_every_option_of_generate(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["--fps", 24, "--seed", 3, "--parts", "face,upper_body", "--root-mode", "locked", "--json"]
    result = run("generate", clip, "-o", f"{out}/", "-f", "npz", "-f", "arkit-csv", "-f", "bvh", *words)
    assert result.returncode == 0, result.stderr
    (report,) = json.loads(result.stdout)
    assert report["frames"] == 75
    assert report["fps"] == 24
    assert report["wall_seconds"] > 0
    assert report["real_time_factor"] == pytest.approx(report["wall_seconds"] / report["audio_seconds"], abs=1e-3)
    assert [Path(file).name for file in report["files"]] == ["take.npz", "take.csv", "take.bvh"]
    _, loaded = load_motion(out / "take.npz")
    assert np.ptp(loaded.motion.root_translation, axis=0).max() == 0


def test_a_folder_of_clips(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    for name in ("hu05_arctic_f.wav", "compressed_flac.flac"):
        shutil.copy(AUDIO / name, clips)
    (clips / "notes.txt").write_text("not speech")
    result = run("generate", clips, "-o", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["compressed_flac.npz", "hu05_arctic_f.npz"]


def test_one_bad_file_does_not_stop_the_others(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    result = run("generate", AUDIO / "text_named.wav", clip, AUDIO / "no_samples.wav", "-o", out)
    assert result.returncode == 2
    assert [line[:6] for line in result.stderr.splitlines() if not line.startswith("note:")] == ["error:", "error:"]
    assert [path.name for path in out.iterdir()] == ["take.npz"]
    (tmp_path / "junk.npz").write_bytes(b"junk")
    result = run("convert", out / "take.npz", tmp_path / "junk.npz", "-o", out)
    assert result.returncode == 2
    assert "junk.npz: not a motion file" in result.stderr
    assert (out / "take.bvh").exists()


def test_over_a_server_it_is_the_same(clip: Path, tmp_path: Path, server: ServerProcess) -> None:
    assert run("generate", clip, "-o", tmp_path / "here.npz", "--seed", 4).returncode == 0
    result = run("generate", clip, "-o", tmp_path / "there.npz", "--seed", 4, "--server", server.address)
    assert result.returncode == 0, result.stderr
    here, there = (load_motion(tmp_path / name)[1].motion for name in ("here.npz", "there.npz"))
    np.testing.assert_array_equal(here.rotations_xyzw, there.rotations_xyzw)
    np.testing.assert_array_equal(here.root_translation, there.root_translation)
    assert here.face is not None
    assert there.face is not None
    np.testing.assert_array_equal(here.face.weights, there.face.weights)
    assert here.provenance == there.provenance


def test_a_character_stays_here(clip: Path, tmp_path: Path, server: ServerProcess) -> None:
    """A server hears of the joints alone; the clip goes into the file on this side, as without a server."""
    hero = Path(shutil.copy(DATA / "strange_files" / "armature_scaled.glb", tmp_path / "hero.glb"))
    for name, more in (("here.glb", ()), ("there.glb", ("--server", server.address))):
        result = run("generate", clip, "-o", tmp_path / name, "--skeleton", hero, "--seed", 4, *more)
        assert result.returncode == 0, result.stderr
    before, here, there = (load_motion(tmp_path / name)[1].motion for name in ("hero.glb", "here.glb", "there.glb"))
    assert here.skeleton.same_joints(before.skeleton)
    np.testing.assert_allclose(here.rotations_xyzw, there.rotations_xyzw, atol=1e-6)
    np.testing.assert_allclose(here.root_translation, there.root_translation, atol=1e-6)
    nodes = [b'"name":"Armature"' in (tmp_path / name).read_bytes() for name in ("here.glb", "there.glb")]
    assert nodes == [True, True]


def test_an_mp3_named_wav_just_works(tmp_path: Path) -> None:
    clip = Path(shutil.copy(AUDIO / "compressed_mp3.mp3", tmp_path / "take.wav"))
    result = run("generate", clip, "-o", tmp_path / "take.csv")
    assert result.returncode == 0
    assert "note: take.wav is MP3 by its content" in result.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nowhere.wav", "no such file"),
        ("empty_file.wav", "empty"),
        ("truncated_60pct.wav", "truncated"),
        ("truncated_in_header.wav", "truncated"),
        ("text_named.wav", "not a readable audio file"),
        ("no_samples.wav", "no samples"),
        ("float_with_nan.wav", "sample 4000 (0.2500 s) is NaN"),
    ],
)
def test_bad_speech_ends_in_one_line(name: str, text: str, tmp_path: Path) -> None:
    target = tmp_path / "take.npz"
    line = fails("generate", AUDIO / name, "-o", target)
    assert text in line
    assert name in line
    assert not list(tmp_path.iterdir())


def test_bad_options_end_in_one_line(clip: Path, tmp_path: Path) -> None:
    take = tmp_path / "take.npz"
    assert "did you mean .bvh" in fails("generate", clip, "-o", tmp_path / "take.bhv")
    assert "did you mean bvh" in fails("generate", clip, "-o", take, "--format", "bhv")
    assert "did you mean builtin" in fails("generate", clip, "-o", take, "--model", "bultin")
    assert "did you mean smplx" in fails("generate", clip, "-o", take, "--skeleton", "smpl")
    assert "did you mean unity" in fails("generate", clip, "-o", tmp_path / "take.bvh", "--coordinate-system", "unitty")
    assert "did you mean face" in fails("generate", clip, "-o", take, "--parts", "fase")
    assert "did you mean locked" in fails("generate", clip, "-o", take, "--root-mode", "lock")
    assert "expected 1 to 240" in fails("generate", clip, "-o", take, "--fps", "1000")
    assert "always in canonical axes" in fails("generate", clip, "-o", take, "--coordinate-system", "unreal")
    assert "does not exist" in fails("generate", clip, "-o", tmp_path / "no" / "take.npz")
    assert "valid: calm, default" in fails("generate", clip, "-o", take, "--speaker", "anna")
    assert "no server answers at localhost:1" in fails("generate", clip, "-o", take, "--server", "localhost:1", code=3)
    assert [path.name for path in tmp_path.iterdir()] == ["take.wav"]


def test_the_servers_refusals_read_the_same(clip: Path, tmp_path: Path, server: ServerProcess) -> None:
    line = fails("generate", clip, "-o", tmp_path / "take.npz", "--server", server.address, "--model", "bultin")
    assert "did you mean builtin" in line
    line = fails("generate", AUDIO / "text_named.wav", "-o", tmp_path / "take.npz", "--server", server.address)
    assert "not a readable audio file" in line


def test_files_are_replaced_only_with_force(clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "take.npz"
    target.write_bytes(b"mine")
    assert "--force replaces it" in fails("generate", clip, "-o", target)
    assert target.read_bytes() == b"mine"
    assert run("generate", clip, "-o", target, "--force").returncode == 0
    assert load_motion(target)[1].motion.fps == 30


def test_two_inputs_of_one_name(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(clip, other)
    assert "two inputs are called 'take'" in fails("generate", clip, other / "take.wav", "-o", tmp_path / "out")


def test_convert_and_inspect(clip: Path, tmp_path: Path) -> None:
    assert run("generate", clip, "-o", tmp_path / "take.npz").returncode == 0
    result = run("convert", tmp_path / "take.npz", "-o", tmp_path / "take.bvh", "--fps", "60")
    assert result.returncode == 0, result.stderr
    assert "52 curves are left out" in result.stderr
    assert run("convert", tmp_path / "take.bvh", "-o", tmp_path / "again.npz").returncode == 0
    facts = json.loads(run("inspect", tmp_path / "again.npz", "--json").stdout)
    assert (facts["frames"], facts["fps"], facts["skeleton"], facts["face_rig"]) == (186, 60.0, "smplx", "flame100+jaw")
    facts = json.loads(run("inspect", clip, "--json").stdout)
    assert (facts["kind"], facts["seconds"]) == ("speech", 3.095)
    assert "neither a motion file nor speech" in fails("inspect", AUDIO / "text_named.wav")
    assert "a body and no face" in fails("convert", tmp_path / "take.bvh", "-o", tmp_path / "take.csv")


def test_lists() -> None:
    assert json.loads(run("models", "--json").stdout)[0]["name"] == "builtin"
    assert "ARKit lip shapes" in run("models").stdout
    assert [skeleton["name"] for skeleton in json.loads(run("skeletons", "--json").stdout)] == list(skeleton_names())
    assert {row["name"] for row in json.loads(run("formats", "--json").stdout)} == set(FORMATS)


def test_help_has_examples() -> None:
    assert "pantomatrix generate take.wav -o take.bvh" in run("--help", COLUMNS="200").stdout
    assert "pantomatrix generate take.wav -o take.bvh" in run("generate", "--help", COLUMNS="200").stdout
    assert "pantomatrix convert take.npz -o take.bvh" in run("convert", "--help", COLUMNS="200").stdout


def test_little_is_imported_to_start() -> None:
    heavy = ("numpy", "grpc", "soundfile", "soxr", "torch", "rich")
    code = f"import sys, pantomatrix_cli; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
    code = (
        "import sys; sys.argv = ['pantomatrix', 'formats']\n"
        "from pantomatrix_cli import app\n"
        "app(standalone_mode=False)\n"
        "print([m for m in ('grpc', 'torch', 'soundfile') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.splitlines()[-1] == "[]"


def test_the_base_installation_generates_and_converts_and_says_what_else_it_needs(clip: Path, tmp_path: Path) -> None:
    """What only the extra [server] brings refuses to be imported."""
    assert run("generate", clip, "-o", tmp_path / "take.npz").returncode == 0
    code = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("grpc_health", "pydantic_settings", "prometheus_client", "websockets", "torch"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
from pantomatrix_cli import main
main()
"""
    base = [sys.executable, "-c", code]
    for words in (
        ["generate", clip, "-o", "made.npz"],
        ["convert", "take.npz", "-o", "take.bvh"],
        ["inspect", "take.npz"],
        ["inspect", clip],
        ["models"],
        ["formats"],
        ["skeletons"],
    ):
        result = subprocess.run([*base, *words], cwd=tmp_path, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
    result = subprocess.run([*base, "serve"], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr == 'error: this command needs more: pip install ".[server]" in the project\'s folder\n'


def test_without_the_models_extra_networks_say_so(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "for name in ('torch', 'huggingface_hub', 'onnx', 'onnxruntime'): sys.modules[name] = None\n"
        "from pantomatrix_cli import main\nmain()"
    )
    base = [sys.executable, "-c", code]
    shutil.copy(AUDIO / "hu05_arctic_f.wav", tmp_path / "take.wav")
    for words in (["models"], ["generate", "take.wav", "-o", "take.npz"]):
        result = subprocess.run([*base, *words], cwd=tmp_path, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
    for words in (["models", "fetch", "emage"], ["generate", "take.wav", "-o", "x.npz", "--model", "emage"]):
        result = subprocess.run([*base, *words], cwd=tmp_path, capture_output=True, text=True)
        assert result.returncode == 2
        last = result.stderr.splitlines()[-1]
        assert last == 'error: this command needs more: pip install ".[models]" in the project\'s folder'


def test_the_demo_leaves_three_files(tmp_path: Path) -> None:
    result = subprocess.run([sys.executable, ROOT / "dev.py", "demo"], capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    assert "330" in result.stdout
    for name in ("speech.npz", "speech.bvh", "speech.csv"):
        _, loaded = load_motion(ROOT / "out" / name)
        assert len(loaded.motion) == 330


def test_a_flame_face_becomes_arkit_with_the_users_matrix(tmp_path: Path) -> None:
    frames = 40
    motion = Motion(
        load_skeleton("smplx"),
        30.0,
        np.tile(np.float32([0, 0, 0, 1]), (frames, 55, 1)),
        np.zeros((frames, 3), np.float32),
        FaceCurves(
            FLAME.name,
            FLAME.curve_names,
            np.random.default_rng(0).standard_normal((frames, 103)).astype(np.float32) * 0.02,
        ),
    )
    (tmp_path / "take.npz").write_bytes(encode_motion(motion, "npz").data)
    np.save(tmp_path / "mat_final.npy", np.random.default_rng(1).standard_normal((51, 103)).astype(np.float32))
    words = ("convert", tmp_path / "take.npz", "-o", tmp_path / "face.csv", "--face-rig", "arkit52")
    assert "by way of the user's own mat_final.npy of the BEAT2 tools" in fails(*words)
    made = run(*words, "--arkit-matrix", tmp_path / "mat_final.npy")
    assert made.returncode == 0, made.stderr
    assert "is not the published matrix" in made.stderr
    assert "beyond ARKit's shapes" in made.stderr
    _, loaded = load_motion(tmp_path / "face.csv")
    assert loaded.motion.face is not None
    assert loaded.motion.face.weights.shape == (frames, 52)
    assert "no readable .npy" in fails(*words, "--force", "--arkit-matrix", tmp_path / "face.csv")
