"""Words and numbers that cannot be meant: one line each, with what would be right."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pantomatrix as pm
from folders import AUDIO
from pantomatrix._options import options_from_keywords
from pantomatrix_cli import app
from pantomatrix_cli.report import progress
from pantomatrix_client import ServerError
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.retargeting.humanoid import guess_roles, read_roles
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.options import Emotion
from server_process import ServerProcess

pytestmark = pytest.mark.unit

SPEECH = AUDIO / "hu05_arctic_f.wav"


def refused(*words: object) -> str:
    """The only line that it says."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("option", "values", "expected"),
    [
        ("fps", ("0", "-1", "nan", "1e9"), "1 to 240"),
        ("start-seconds", ("-1", "nan", "inf"), "0 or more"),
        ("end-seconds", ("0", "-1", "nan", "inf"), "more than 0"),
        ("smooth-seconds", ("-1", "nan", "9"), "0 to 2"),
        ("scale", ("0", "-1", "nan", "1e9"), "0.001 to 1000"),
    ],
)
@pytest.mark.parametrize("command", ["generate", "convert"])
def test_numbers_out_of_range(command: str, option: str, values: tuple[str, ...], expected: str) -> None:
    for value in values:
        said = refused(command, SPEECH, "-o", "x.npz", f"--{option}", value)
        shown = f"{float(value):g}"
        assert said == f"error: {option.replace('-', '_')} is {shown}, expected {expected}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--seed", "-1"), "seed is -1, expected a whole number, 0 to 18446744073709551615"),
        (("--seed", str(2**64)), "seed is 18446744073709551616, expected a whole number, 0 to 18446744073709551615"),
        (("--emotions", "joy=nan"), "the strength of joy is nan, expected 0 to 1"),
        (("--emotions", "joy,9:anger"), "emotions change at 9 s, but the clip ends at 3.095 s"),
        (("--emotions", "2:joy,1:fear"), "emotions change at 2 s and then at 1 s, expected times that rise"),
        (("--emotions", "-1:joy"), "emotions change at -1 s, expected a time of the speech, from 0"),
        (("--gestures", "rate=0"), "rate is 0, expected 0.25 to 2"),
        (("--part-strengths", "face=-1"), "the gain of face is -1, expected 0 to 2"),
        (("--curve-adjustments", "jawOpen=nan"), "curve 'jawOpen': expected finite numbers with minimum <= maximum"),
    ],
)
def test_numbers_of_generate(words: tuple[str, ...], said: str) -> None:
    assert refused("generate", SPEECH, "-o", "x.npz", *words) == f"error: {said}"


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("generate",), "missing argument 'audio'"),
        (("genrate",), "no such command 'genrate'"),
        (("models", "fetsh"), "no such command 'fetsh'"),
        (("generate", SPEECH, "-o", "x.npz", "--fsp", 3), "no such option: --fsp"),
        (("generate", SPEECH, "-o", "x.npz", "--fps", "fast"), "invalid value for '--fps'"),
        (("dataset", "make", "x", "--clips", 0), "invalid value for '--clips'"),
        (("dataset", "make", "x", "--seed", -1), "invalid value for '--seed'"),
        (("dataset", "make", "x", "--speakers", -1), "--speakers is '-1', expected numbers"),
        (("relay", "--rate", 0), "invalid value for '--rate'"),
        (("relay", "--delay", "nan"), "invalid value for '--delay'"),
        (("serve", "--prot", 1), "no such option: --prot"),
        (("serve", "--port", 70000), "setting 'port': Input should be"),
        (("token", "studio", "--max-streams", -1), "invalid value for '--max-streams'"),
    ],
)
def test_usage_errors_are_one_line(words: tuple[object, ...], begins: str) -> None:
    assert refused(*words).startswith(f"error: {begins}")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("happy", "joy"),
        ("Angry", "anger"),
        ("sad", "sadness"),
        ("scared", "fear"),
        ("jooy", "joy"),
        ("supprised", "amazement"),
    ],
)
def test_an_emotion_by_another_word(name: str, meant: str, tmp_path: Path, server: ServerProcess) -> None:
    """One sentence for the command line, Python and a program that asks a server."""
    said = refused("generate", SPEECH, "-o", tmp_path / "x.npz", "--emotions", f"{name}=1").removeprefix("error: ")
    assert said.startswith(f"unknown emotion {name!r}; did you mean {meant}")
    assert said.endswith(f"(valid: {', '.join(sorted(Emotion))})")
    with pytest.raises(pm.errors.UnknownNameError) as in_process:
        pm.generate(SPEECH, emotions={name: 1.0})  # type: ignore[dict-item]
    with pm.Client(server.address) as client, pytest.raises(ServerError) as at_server:
        client.generate(SPEECH, emotions={name: 1.0})  # type: ignore[dict-item]
    assert said == str(in_process.value) == str(at_server.value)


def test_a_name_that_is_like_none() -> None:
    assert "did you mean" not in refused("generate", SPEECH, "-o", "x.npz", "--emotions", "zzz")


def test_many_results_are_told_in_few_lines(tmp_path: Path) -> None:
    """One note for what is true of all, one line for a folder of files."""
    for number in range(5):
        shutil.copy(SPEECH, tmp_path / f"{number}.wav")
    words = ["generate", str(tmp_path), "-o", str(tmp_path / "out"), "-f", "bvh", "-f", "arkit-csv"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert f"wrote 10 files into {tmp_path / 'out'}{os.sep} (5 .bvh, 5 .csv)" in result.stdout
    notes = result.stderr.splitlines()
    assert notes == [
        "note: 0.wav, 1.wav, 2.wav and 2 more: bvh holds no face: 52 curves are left out",
        "note: 0.wav, 1.wav, 2.wav and 2 more: arkit-csv holds no body: 55 joints are left out",
    ]


@pytest.mark.parametrize("command", ["generate", "convert"])
def test_help_is_in_panels_with_examples(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "-h"], env={"COLUMNS": "200"}).output
    assert f"pantomatrix {command} take" in shown
    for panel in ("Output", "Edits of the motion", "Between FLAME and ARKit faces"):
        assert f"─ {panel} ─" in shown
    assert ("How the motion is made" in shown) is (command == "generate")


def test_help_where_nothing_is_said() -> None:
    result = CliRunner().invoke(app, [])
    assert "generate" in result.output
    assert "error:" not in result.output


def test_a_seed_of_0_is_a_seed(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["generate", str(SPEECH), "-o", str(tmp_path / "x.npz"), "--seed", "0"])
    assert result.exit_code == 0, result.output


def test_links_to_nothing_are_no_files(tmp_path: Path) -> None:
    for name, target in (("gone.wav", "nothing"), ("loop.wav", "loop.wav")):
        (tmp_path / name).symlink_to(target)
        for given in (name, f"{name[:3]}*.wav"):
            said = refused("generate", tmp_path / given, "-o", tmp_path / "y.npz")
            assert said == f"error: {tmp_path / name}: no such file"


@pytest.mark.parametrize("name", ["[x].wav", "[red]a.wav", ":smile:.wav", "b].wav", "é 日本.wav"])
def test_names_of_files_are_shown_as_they_are(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "a["
    folder.mkdir()
    source = shutil.copy(SPEECH, folder / name)
    words = ["generate", str(source), "-o", str(folder / "b].npz")]
    result = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert f"\n{name} " in result.stdout
    assert f"wrote {folder / 'b].npz'}" in result.stdout
    result = CliRunner().invoke(app, ["inspect", str(folder / "b].npz")], env={"COLUMNS": "400"})
    assert str(folder / "b].npz") in result.stdout


def test_control_characters_in_names_are_shown_as_escapes(tmp_path: Path) -> None:
    source = shutil.copy(SPEECH, tmp_path / "\x1b[2Jclear.wav")
    target = tmp_path / "\x1b]0;title\x07.npz"
    result = CliRunner().invoke(app, ["generate", str(source), "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert "\\x1b[2Jclear.wav" in result.stdout
    assert "\\x1b" in refused("generate", tmp_path / "\x1b[2J", "-o", target)
    assert "\\x1b" in refused("generate", source, "-o", target, "--colour\x1b[2J")


def test_the_name_on_a_progress_bar_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", shown)
    with progress(1.0, "a[/b] :smile: {x}", True) as done:
        done(0.5)
    assert "a[/b] :smile: {x}" in shown.getvalue()


def test_a_skeleton_whose_joints_tell_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message names the step that comes next."""
    monkeypatch.chdir(tmp_path)
    Path("own.bvh").write_text(
        "HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 3 Xrotation Yrotation Zrotation }\nMOTION\nFrames: 1 Frame Time: 0.1\n0 0 0\n"
    )
    assert refused("joints", "own.bvh").endswith(
        "; `pantomatrix joints own.bvh -o own.json` writes a table to complete"
    )
    result = CliRunner().invoke(app, ["joints", "own.bvh", "-o", "own.json"])
    assert result.exit_code == 0
    assert result.stderr.endswith("; complete own.json and give it as --joint-map\n")
    assert refused("convert", "own.bvh", "-o", "x.bvh", "--skeleton", "mixamo").endswith(
        ", --source-joint-map takes it"
    )
    assert refused("generate", SPEECH, "-o", "x.bvh", "--skeleton", "own.bvh").endswith(", --joint-map takes it")


def test_a_joint_with_two_roles(tmp_path: Path) -> None:
    table = tmp_path / "own.json"
    roles = {**json.loads(guess_roles(load_skeleton("mixamo")).dumps()), "left_elbow": "mixamorig:LeftArm"}
    table.write_text(json.dumps(roles))
    said = refused("generate", SPEECH, "-o", "x.bvh", "--skeleton", "mixamo", "--joint-map", table)
    assert said == f"error: {table}: joint 'mixamorig:LeftArm' has two roles, left_shoulder and left_elbow"


def test_a_joint_map_of_python_is_also_a_table_of_the_command_line(tmp_path: Path) -> None:
    roles = guess_roles(load_skeleton("ue5_manny"))
    file = tmp_path / "own.json"
    file.write_text(roles.dumps())
    table = json.loads(file.read_text())
    plain = {joint: role for role, joint in table.items() if isinstance(joint, str)}
    motion = pm.generate(SPEECH, seed=1)
    for kind in ("joint_map", "source_joint_map"):
        maps = (
            file,
            str(file),
            table,
            {joint: role for joint in roles_joints(table) if (role := roles.role_of(joint))},
        )
        for joint_map in maps:
            assert options_from_keywords(MotionEdits, {kind: joint_map}) == MotionEdits(**{kind: read_roles(file)})
    assert pm.convert(motion, skeleton="ue5_manny", joint_map=file).skeleton.name == "ue5_manny"
    pm.convert(motion, skeleton="ue5_manny", joint_map=plain)
    with pytest.raises(pm.errors.UnknownNameError, match="unknown role 'tail'"):
        pm.convert(motion, skeleton="ue5_manny", joint_map={"root": "tail"})


def roles_joints(table: dict) -> list[str]:
    """A table's joints in its order."""
    return [joint for joints in table.values() for joint in (joints if isinstance(joints, list) else [joints]) if joint]


def test_speech_on_stdin_and_motion_on_stdout(tmp_path: Path) -> None:
    speech = SPEECH.read_bytes()
    result = CliRunner().invoke(app, ["generate", "-", "-o", "-", "-f", "bvh", "--seed", "1"], input=speech)
    assert result.exit_code == 0, result.stderr
    file = tmp_path / "x.bvh"
    result_of_file = CliRunner().invoke(app, ["generate", str(SPEECH), "-o", str(file), "--seed", "1"])
    assert result_of_file.exit_code == 0
    assert result.stdout_bytes == file.read_bytes()
    assert "cannot both" in refused("generate", SPEECH, "-o", "-", "-f", "bvh", "--json")


def test_what_does_not_fit_says_what_would(tmp_path: Path) -> None:
    said = refused("generate", SPEECH, "-o", tmp_path / "x.npz", "--skeleton", "mixamo")
    assert said.endswith("of 'mixamo'; write .glb, .bvh or .json, or use skeleton smplx")
    said = refused("generate", SPEECH, "-o", tmp_path / "x.npz", "--start-seconds", "99", "--end-seconds", "100")
    assert "start_seconds is 99, but the clip has only " in said
