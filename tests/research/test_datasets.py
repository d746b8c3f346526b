"""Datasets in the layouts of BEAT2 and BEAT: made, checked, prepared, read."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from command_line import command, fails, run
from eventually import eventually
from motions import angle_between
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.mirror import mirrored
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_research.datasets.beat import index_beat
from pantomatrix_research.datasets.beat2 import index_beat2, semantic_relevance
from pantomatrix_research.datasets.dataset import layout_of, load_clip
from pantomatrix_research.datasets.frame_rows import COLUMNS, frame_rows, sixd_of
from pantomatrix_research.datasets.mirroring import mirrored_rows
from pantomatrix_research.datasets.shards import make_shards
from pantomatrix_research.datasets.synthetic import make_babble, make_beat, make_beat2
from pantomatrix_research.datasets.windows import TrainingWindows
from pantomatrix_research.phones import read_phones

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")


@pytest.fixture(scope="module")
def beat2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beat2") / "beat_english_v2.0.0"
    make_beat2(folder, 18, 5, (1, 2))
    return folder


@pytest.fixture(scope="module")
def shards(beat2: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    make_shards(index_beat2(beat2), folder, 2)
    return folder


# ----------------------------------------------------------------------------------------------------------- layouts


def test_beat2_is_indexed_by_its_split_file(beat2: Path) -> None:
    clips = index_beat2(beat2)
    assert len(clips) == 36
    assert {clip.split for clip in clips} == {"train", "val", "test"}
    tests = index_beat2(beat2, ("test",), (2,))
    assert [clip.name for clip in tests] == ["2_scott_0_8_8", "2_scott_0_16_16"]
    for path in (tests[0].motion, tests[0].audio, tests[0].phones, tests[0].semantic):
        assert path is not None
        assert path.is_file()


def test_a_synthetic_clip_is_in_the_published_layout(beat2: Path) -> None:
    clip = index_beat2(beat2)[0]
    arrays = np.load(clip.motion)
    assert {name: array.shape for name, array in arrays.items()} == {
        "betas": (300,),
        "poses": (150, 165),
        "expressions": (150, 100),
        "trans": (150, 3),
        "model": (),
        "gender": (),
        "mocap_frame_rate": (),
    }
    assert clip.audio is not None
    assert clip.phones is not None
    assert clip.semantic is not None
    found = soundfile.info(clip.audio)
    assert (found.samplerate, found.channels, found.duration, found.subtype) == (16_000, 1, 5.0, "PCM_16")
    phones = read_phones(clip.phones)
    assert phones[-1].end == pytest.approx(5.0)
    assert all(one.end == other.start for one, other in pairwise(phones))
    relevance = semantic_relevance(clip.semantic, 150, 30)
    assert 0 < relevance.mean() < 0.5
    assert set(np.unique(relevance)) == {0.0, 0.5}


def test_babble_is_what_its_phones_say() -> None:
    babble = make_babble(20, np.random.default_rng(0))
    loud = {label: [] for label in ("AA", "S", "SIL")}
    for phone in babble.phones:
        if phone.label in loud and phone.end - phone.start > 0.05:
            heard = babble.samples[int(phone.start * 16_000) : int(phone.end * 16_000)]
            loud[phone.label].append(float(np.sqrt(np.mean(np.square(heard)))))
    assert np.mean(loud["AA"]) > np.mean(loud["S"]) > 5 * np.mean(loud["SIL"])


def test_beat_comes_to_the_same_skeleton(tmp_path: Path) -> None:
    make_beat(tmp_path, 2, 4, (1, 3))
    layout = layout_of(tmp_path)
    clips = layout.index(tmp_path)
    assert (layout.name, [clip.name for clip in clips]) == (
        "BEAT",
        ["1_wayne_0_1_1", "1_wayne_0_2_2", "3_solomon_0_1_1", "3_solomon_0_2_2"],
    )
    raw = load_motion(clips[0].motion)[1].motion
    assert (raw.fps, len(raw.skeleton)) == (pytest.approx(120), 75)
    motion = load_clip(clips[0])
    assert (motion.fps, motion.skeleton.name, len(motion)) == (30, "smplx", 120)
    assert motion.face is not None
    assert motion.face.rig == "arkit52"
    (tmp_path / "train_test_split.csv").write_text("id,type\n1_wayne_0_2_2,val\n")
    assert [clip.split for clip in index_beat(tmp_path)] == ["train", "val", "train", "train"]


# ------------------------------------------------------------------------------------------------------------- check


@pytest.mark.slow
def test_check_finds_what_is_wrong(beat2: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(beat2, folder)
    assert run("dataset", "check", folder).returncode == 0

    def clip(number: int) -> str:
        return f"2_scott_0_{number}_{number}"

    def rewrite(number: int, **arrays: object) -> None:
        path = folder / "smplxflame_30" / f"{clip(number)}.npz"
        np.savez(path, **{**np.load(path), **arrays})  # type: ignore[arg-type]

    jumping = np.load(folder / "smplxflame_30" / f"{clip(5)}.npz")["poses"]
    jumping[70, 3 * SMPLX.index("left_elbow") + 1] += 2.5
    (folder / "wave16k" / f"{clip(1)}.wav").unlink()
    (folder / "smplxflame_30" / f"{clip(2)}.npz").write_bytes(b"PK\x03\x04")
    rewrite(3, mocap_frame_rate=np.array(60))
    (folder / "textgrid" / f"{clip(4)}.TextGrid").write_text("nonsense")
    rewrite(5, poses=jumping)
    soundfile.write(folder / "wave16k" / f"{clip(6)}.wav", np.zeros(16_000), 16_000)
    rewrite(7, poses=np.full((150, 165), np.nan))
    (folder / "sem" / f"{clip(9)}.txt").write_text("no tabs\n")
    (folder / "smplxflame_30" / "7_nobody_0_1_1.npz").write_bytes(b"")

    result = run("dataset", "check", folder, "--json")
    assert result.returncode == 2
    report = json.loads(result.stdout)
    found = {(item["clip"], item["severity"]): item["problem"] for item in report["problems"]}
    assert len(found) == len(report["problems"]) == 9
    expected = {
        (clip(1), "error"): "wave16k/2_scott_0_1_1.wav is not there",
        (clip(2), "error"): "or a damaged one",
        (clip(3), "error"): "60 frames a second, expected 30",
        (clip(4), "warning"): "not a TextGrid",
        (clip(5), "warning"): "left_elbow jumps at 2.3",
        (clip(6), "error"): "1.00 s of speech, 5.00 s of motion",
        (clip(7), "error"): "NaN",
        (clip(9), "warning"): "expected name, start, end",
        ("7_nobody_0_1_1", "warning"): "belongs to no split",
    }
    for key, text in expected.items():
        assert text in found[key], (key, found.get(key))
    shown = run("dataset", "check", folder, COLUMNS="160").stdout
    assert "speakers: 1 (1.5 min), 2 (1.3 min)" in shown
    assert "left_elbow jumps" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check", "nowhere"), "nowhere: no such folder"),
        (("check", "."), "neither BEAT2"),
        (("prepare", "nowhere", "-o", "out"), "nowhere: no such folder"),
        (("make", "."), "there is something already"),
        (("make", "new", "--speakers", "one"), "expected numbers with commas"),
    ],
)
def test_wrong_words_get_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple, message: str) -> None:
    (tmp_path / "something").write_text("")
    monkeypatch.chdir(tmp_path)
    assert message in fails("dataset", *words)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,type\nx_1,train\n", "speaker's number"),
        ("id,type\n1_x,all\n", ":2: expected id,type"),
        ("id,type\n1_x,val\n1_x,val\n", ":3: 1_x is there twice"),
    ],
)
def test_a_wrong_split_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "smplxflame_30").mkdir()
    (tmp_path / "train_test_split.csv").write_text(text)
    assert message in fails("dataset", "check", tmp_path)


# ------------------------------------------------------------------------------------------------------------ shards


def test_windows_are_the_files(beat2: Path, shards: Path) -> None:
    """Every window against its clip's own files."""
    windows = TrainingWindows(shards, 64, 20)
    assert len(windows) == len(index_beat2(beat2, ("train",))) * len(range(0, 150 - 64 + 1, 20))
    by_name = {clip.name: clip for clip in index_beat2(beat2)}
    at = 0
    for _, entry in windows.clips:
        arrays = np.load(by_name[entry.name].motion)
        heard, _ = soundfile.read(str(by_name[entry.name].audio), dtype="float32")
        for start in range(0, 150 - 64 + 1, 20):
            window, part = windows[at], slice(start, start + 64)
            turns = [
                rotations.quat_from_axis_angle(poses.reshape(-1, 55, 3))
                for poses in (window.poses, arrays["poses"][part])
            ]
            assert angle_between(*turns).max() < 1e-3
            np.testing.assert_array_equal(window.expressions, arrays["expressions"][part])
            np.testing.assert_allclose(window.trans, arrays["trans"][part], atol=1e-6)
            first = round(start / 30 * 16_000)
            assert window.audio.shape == (windows.samples,) == (34_133,)
            np.testing.assert_allclose(window.audio, heard[first : first + windows.samples], atol=4e-5)
            assert windows.speakers[window.speaker] == entry.speaker
            at += 1
    assert at == len(windows)
    assert len(TrainingWindows(shards, 64, 20, ("val",), (2,))) == 2 * 5


def test_workers_of_torch_read_them(shards: Path) -> None:
    windows = TrainingWindows(shards, 32, 50, mirrored=True)
    alone = [windows[at].audio.sum() for at in range(len(windows))]
    loader = torch.utils.data.DataLoader(windows, batch_size=None, num_workers=2)  # type: ignore[arg-type]
    assert [window.audio.sum() for window in loader] == alone


def test_contacts_and_statistics(beat2: Path, shards: Path) -> None:
    clips = index_beat2(beat2, ("train",))
    rows = np.concatenate([frame_rows(load_clip(clip)) for clip in clips])
    statistics = np.load(shards / "statistics.npz")
    np.testing.assert_allclose(statistics["mean"], rows.mean(axis=0), atol=1e-4)
    np.testing.assert_allclose(statistics["std"], rows.std(axis=0), atol=1e-4)
    np.testing.assert_allclose(statistics["sixd_mean"], sixd_of(rows[:, COLUMNS["poses"]]).mean(axis=0), atol=1e-4)
    contacts = rows[:, COLUMNS["contacts"]]
    assert set(np.unique(contacts)) <= {0.0, 1.0}
    assert contacts.mean() > 0.8


def test_a_foot_that_moves_is_not_in_contact() -> None:
    turns = np.zeros((40, 55, 4), np.float32)
    turns[..., 3] = 1
    swing = np.zeros((40, 3))
    swing[20:, 0] = np.linspace(0, 1.2, 20)
    turns[:, SMPLX.index("left_hip")] = rotations.quat_from_axis_angle(swing)
    contacts = frame_rows(Motion(SMPLX, 30, turns, np.zeros((40, 3), np.float32)))[:, COLUMNS["contacts"]]
    assert contacts[:19].all()
    assert not contacts[21:39, [0, 2]].any()
    assert contacts[:, [1, 3]].all()


def test_mirrored_windows_are_mirrored_motions(beat2: Path, shards: Path) -> None:
    motion = load_clip(index_beat2(beat2)[0])
    expected = frame_rows(mirrored(motion))
    actual = mirrored_rows(frame_rows(motion))
    body = [rows[:, COLUMNS["poses"]].reshape(-1, 55, 3) for rows in (actual, expected)]
    assert angle_between(*map(rotations.quat_from_axis_angle, body)).max() < 1e-3
    for name in ("trans", "contacts"):
        np.testing.assert_allclose(actual[:, COLUMNS[name]], expected[:, COLUMNS[name]], atol=1e-5)
    np.testing.assert_allclose(mirrored_rows(actual), frame_rows(motion), atol=1e-6)
    windows = TrainingWindows(shards, 64, 64, mirrored=True)
    half = len(windows) // 2
    np.testing.assert_array_equal(windows[half].audio, windows[0].audio)
    assert np.abs(windows[half].poses - windows[0].poses).max() > 0.1


@pytest.mark.slow
def test_work_that_was_interrupted_goes_on(tmp_path: Path) -> None:
    """Killed in the middle; then again, and again after a clip has changed."""
    folder, out = tmp_path / "dataset", tmp_path / "shards"
    make_beat2(folder, 60, 3, (1, 2))
    words = command("dataset", "prepare", folder, "-o", out, "--workers", 1)
    killed = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        eventually(lambda: killed.poll() is not None or bool(list(out.glob("?????-*"))), seconds=120)
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    assert not (out / "index.json").exists()
    whole = {path.name: path.stat().st_mtime_ns for path in out.glob("?????-*")}
    again = run("dataset", "prepare", folder, "-o", out)
    assert again.returncode == 0, again.stderr
    assert not list(out.glob(".making-*"))
    assert all((out / name).stat().st_mtime_ns == when for name, when in whole.items())
    assert f"note: {len(whole)} of 8 shards were there already" in again.stderr

    straight = tmp_path / "straight"
    make_shards(index_beat2(folder), straight, 1)
    for name in ("frames.npy", "audio.npy", "clips.json"):
        for shard in straight.glob("?????-*"):
            assert (shard / name).read_bytes() == (out / shard.name / name).read_bytes()
    assert json.loads((straight / "index.json").read_text()) == json.loads((out / "index.json").read_text())

    (folder / "wave16k" / "1_wayne_0_1_1.wav").unlink()
    changed = run("dataset", "prepare", folder, "-o", out)
    assert "note: left out 1_wayne_0_1_1: " in changed.stderr
    assert "note: 7 of 8 shards were there already" in changed.stderr
    assert len(list(out.glob("?????-*"))) == 8


def test_a_folder_of_something_else_is_left_alone(beat2: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert "not empty, and no shards in it" in fails("dataset", "prepare", beat2, "-o", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
