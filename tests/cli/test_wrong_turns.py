"""Wrong turns at the command line: each message leads on to what is meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checkpoints import write_recurrent
from command_line import run
from folders import AUDIO, ROOT
from pantomatrix_converters.formats import FORMATS, load_motion

pytestmark = pytest.mark.service

SPEECH = AUDIO / "hu05_arctic_f.wav"


def refused(*words: object) -> str:
    """The line that it says."""
    result = run(*words)
    assert result.returncode == 2, result.stderr
    (line,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    return line


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated motion."""
    file = tmp_path_factory.mktemp("take") / "take.npz"
    assert run("generate", SPEECH, "-o", file).returncode == 0
    return file


def test_what_a_format_leaves_out_is_said_by_generate_too(tmp_path: Path) -> None:
    assert "bvh holds no face: 52 curves are left out" in run("generate", SPEECH, "-o", tmp_path / "take.bvh").stderr


@pytest.mark.parametrize("name", ["boss.mp4", "boss.MOV", "boss.webm"])
def test_a_video_is_made_by_render(name: str, tmp_path: Path, take: Path) -> None:
    for command, source in (("generate", SPEECH), ("convert", take)):
        assert "pantomatrix render" in refused(command, source, "-o", tmp_path / name)


def test_a_name_without_an_ending(tmp_path: Path) -> None:
    assert f"{tmp_path / 'take'}.bvh" in refused("generate", SPEECH, "-o", tmp_path / "take")


@pytest.mark.parametrize("sound", ["hu05_arctic_f.wav", "compressed_flac.flac", "compressed_mp3.mp3"])
def test_speech_where_motion_is_needed(sound: str, tmp_path: Path) -> None:
    source = shutil.copy(AUDIO / sound, tmp_path / "a take")
    for words in (("convert", source, "-o", tmp_path / "x.bvh"), ("render", source, "-o", tmp_path / "x.mp4")):
        assert f'pantomatrix generate "{source}"' in refused(*words)
    assert "is speech" in refused("generate", SPEECH, "-o", tmp_path / "x.npz", "--start-pose", source)


def test_motion_where_speech_is_needed(tmp_path: Path, take: Path) -> None:
    for ending in (".npz", ".bvh", ".glb", ".csv", ".json"):
        source = tmp_path / f"motion{ending}"
        assert run("convert", take, "-o", source).returncode == 0
        assert "`pantomatrix convert`" in refused("generate", source, "-o", tmp_path / "x.npz")


def test_a_video_where_motion_is_needed(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0\0\0\x20ftypisom" + bytes(64))
    assert "is a video" in refused("convert", film, "-o", tmp_path / "x.bvh")


def test_patterns_that_the_shell_left_as_they_are(tmp_path: Path) -> None:
    for name in ("one.wav", "two.wav", "notes.txt", "a [x].wav"):
        shutil.copy(SPEECH, tmp_path / name)
    assert run("generate", tmp_path / "*.wav", "-o", tmp_path / "out", "-f", "bvh").returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a [x].bvh", "one.bvh", "two.bvh"]
    assert run("generate", tmp_path / "a [x].wav", "-o", tmp_path / "brackets.bvh").returncode == 0
    assert "no such file" in refused("generate", tmp_path / "*.flac", "-o", tmp_path / "none")


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, take: Path) -> None:
    (tmp_path / "takes").mkdir()
    shutil.copy(SPEECH, tmp_path / "takes" / "Line_01.wav")
    monkeypatch.chdir(tmp_path)
    assert "did you mean takes/Line_01.wav?" in refused("generate", r"takes\Line_01.wav", "-o", "x.npz")
    assert "did you mean takes/Line_01.wav?" in refused("generate", "takes/line01.wav", "-o", "x.npz")
    assert "no such folder as tales" in refused("generate", "tales/Line_01.wav", "-o", "x.npz")
    for words in (("convert", "takes/line01.wav", "-o", "x.bvh"), ("inspect", "takes/line01.wav")):
        assert "did you mean takes/Line_01.wav?" in refused(*words)
    assert "did you mean takes/Line_01.wav?" in refused("render", take, "-o", "x.mp4", "--audio", "takes/line01.wav")


def test_folders_in_folders_are_not_searched(tmp_path: Path) -> None:
    inner = tmp_path / "takes" / "monday"
    inner.mkdir(parents=True)
    told = refused("convert", tmp_path / "takes", "-o", tmp_path / "out").rstrip().partition(" ends in ")[2].split(", ")
    assert ".bvh" in told
    assert len(told) == len(set(told)), "each ending once"
    shutil.copy(SPEECH, inner / "one.wav")
    assert f"name {inner} itself" in refused("generate", tmp_path / "takes", "-o", tmp_path / "out")
    shutil.copy(SPEECH, tmp_path / "takes" / "two.wav")
    result = run("generate", tmp_path / "takes", "-o", f"{tmp_path}/out/")
    assert result.returncode == 0
    assert "folders in it are not searched" in result.stderr


def test_two_inputs_of_one_name_are_told_the_way_on(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    second = shutil.copy(SPEECH, other)
    assert "another -o" in refused("generate", SPEECH, second, "-o", tmp_path / "out")


def test_a_folder_of_results_says_which_format_it_has(tmp_path: Path) -> None:
    assert "written as npz; --format names another" in run("generate", SPEECH, "-o", f"{tmp_path}/").stderr


def test_a_file_that_exists_hides_no_other_fault(tmp_path: Path, take: Path) -> None:
    target = tmp_path / "take.npz"
    target.write_bytes(b"mine")
    assert "unknown emotion" in refused("generate", SPEECH, "-o", target, "--emotions", "hapy")
    assert "did you mean friendly" in refused("generate", SPEECH, "-o", target, "--expression", "frendly")
    assert "unknown model" in refused("generate", SPEECH, "-o", target, "--model", "bultin")
    film = tmp_path / "take.mp4"
    film.write_bytes(b"mine")
    assert "is speech" in refused("render", SPEECH, "-o", film)
    assert "--force replaces it" in refused("generate", SPEECH, "-o", target)
    assert target.read_bytes() == b"mine"


def test_a_format_that_is_not_installed_is_told_before_the_work(tmp_path: Path, take: Path) -> None:
    needing = [entry for entry in FORMATS.values() if entry.extra]
    assert {entry.extra for entry in needing} == {"fbx", "usd"}
    for entry in needing:
        if not entry.has_writer():
            for command, source in (("generate", AUDIO / "text_named.wav"), ("convert", take)):
                said = refused(command, source, "-o", tmp_path / f"x{entry.extensions[0]}")
                assert f'pip install ".[{entry.extra}]"' in said


def test_advice_to_install_is_quoted_for_every_shell() -> None:
    """Windows' shell takes single quotes as part of the name."""
    shipped = ("cli", "converters", "engine_clients", "models", "research", "server", "viewer")
    sources = [path for folder in shipped for path in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 100
    for path in sources:
        assert "pip install '" not in path.read_text(encoding="utf-8"), path


def test_no_frames_a_second(tmp_path: Path, take: Path) -> None:
    assert "expected 1 to 240" in refused("render", take, "-o", tmp_path / "x.mp4", "--fps", 0)
    assert load_motion(take)[1].motion.fps == 30


def test_a_runs_folder_is_told_where_its_checkpoint_is(tmp_path: Path) -> None:
    write_recurrent(tmp_path / "run" / "best", "camn")
    said = refused("generate", SPEECH, "-o", tmp_path / "x.npz", "--model", f"camn={tmp_path / 'run'}")
    assert f"a checkpoint is in {tmp_path / 'run' / 'best'}" in said


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("name", ["one.bvh", "one.txt", "one.bvh.gz"])
def test_a_folder_does_not_become_a_file(count: int, name: str, tmp_path: Path, take: Path) -> None:
    """However many files the folder has today, and whatever the name ends in."""
    folder = tmp_path / "takes"
    folder.mkdir()
    for number in range(count):
        shutil.copy(take, folder / f"{number}.npz")
    line = refused("convert", folder, "-o", tmp_path / name)
    assert "is named like a file" in line
    assert f"{tmp_path / 'one'}/ is one" in line
    assert [path.name for path in tmp_path.iterdir()] == ["takes"]
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    shutil.copy(SPEECH, sounds)
    assert "the files of a folder need a folder" in refused("generate", sounds, "-o", tmp_path / name)


def test_a_folder_joined_is_one_file(tmp_path: Path, take: Path) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    for number in range(5):
        shutil.copy(take, folder / f"{number}.npz")
    result = run("convert", folder, "--concat", "-o", tmp_path / "one.npz", "--blend-seconds", "0.2")
    assert result.returncode == 0, result.stderr
    assert "0.npz, 1.npz, 2.npz and 2 more" in result.stdout
    assert "--blend-seconds is of --concat" in refused(
        "convert", take, "-o", tmp_path / "x.npz", "--blend-seconds", "1"
    )
    assert "nothing to join" in run("convert", take, "--concat", "-o", tmp_path / "y.npz").stderr


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "1e9"])
def test_no_frame_rate_is_no_rate(rate: str, tmp_path: Path, take: Path) -> None:
    for command, source in (("convert", take), ("generate", SPEECH)):
        assert "expected 1 to 240" in refused(command, source, "-o", tmp_path / "x.npz", f"--fps={rate}")


def test_an_end_after_the_end_is_said(tmp_path: Path, take: Path) -> None:
    shown = run("convert", take, "-o", tmp_path / "x.npz", "--end-seconds", "99").stderr
    assert "end_seconds is 99, but the clip has only" in shown
    assert "end_seconds" not in run("convert", take, "-o", tmp_path / "y.npz", "--end-seconds", "2").stderr


def test_a_body_that_stands_still_is_said(tmp_path: Path) -> None:
    """The face alone was asked for, in a format that has none."""
    shown = run("generate", SPEECH, "-o", tmp_path / "x.bvh", "--parts", "face", "--skeleton", "mixamo").stderr
    assert "the body, which bvh is left with, does not move" in shown


def test_a_face_has_no_feet(tmp_path: Path, take: Path) -> None:
    assert run("convert", take, "-o", tmp_path / "face.csv").returncode == 0
    assert "no feet to hold" in refused("convert", tmp_path / "face.csv", "-o", tmp_path / "x.csv", "--foot-lock")


def test_a_folder_to_look_into(tmp_path: Path) -> None:
    assert "is a folder, and one file is needed here" in refused("inspect", tmp_path)


def test_text_is_written_where_the_name_says_so(tmp_path: Path, take: Path) -> None:
    """A .gltf is JSON, not the binary form under another name."""
    for name in ("x.gltf", "x.gltf.gz", "x.glb"):
        assert run("convert", take, "-o", tmp_path / name).returncode == 0
    assert (tmp_path / "x.gltf").read_bytes().startswith(b'{"asset"')
    motions = [load_motion(tmp_path / name)[1].motion for name in ("x.gltf", "x.gltf.gz", "x.glb")]
    for motion in motions:
        assert (motion.rotations_xyzw == motions[0].rotations_xyzw).all()


def test_measures_that_find_no_partner(tmp_path: Path, take: Path) -> None:
    face, sounds = tmp_path / "face.csv", tmp_path / "sounds"
    assert run("convert", take, "-o", face).returncode == 0
    sounds.mkdir()
    shutil.copy(SPEECH, sounds / "other.wav")
    assert "--phones for its lips" in refused("evaluate", face)
    assert "bodies are not compared" in run("evaluate", take, face).stderr
    for option in ("--audio", "--phones", "--semantic"):
        assert "no file in it is called like a clip: take" in refused("evaluate", take, option, sounds)
