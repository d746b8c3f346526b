"""Faces of strangers: time codes, tables of spreadsheets, Audio2Face, Face Cap, SMPL's archives, and hints."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions import random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import FormatError, LimitError, PantomatrixError
from pantomatrix_converters.face.arkit_names import arkit_curve
from pantomatrix_converters.face.arkit_tables import ARKIT_FROM_AUDIO2FACE
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import Loaded, ReadLimits, decode_motion, encode_motion, load_motion
from pantomatrix_converters.formats.reading import Reading
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import face_motion
from pantomatrix_converters.skeleton import load_skeleton

pytestmark = pytest.mark.unit

JAW = ARKIT52.curve_names.index("jawOpen")
SMPLX = load_skeleton("smplx").joint_names


def read(data: str | bytes, name: str = "take.csv", **options) -> Loaded:
    return decode_motion(data.encode() if isinstance(data, str) else data, name, **options)[1]


def jaw(loaded: Loaded) -> np.ndarray:
    assert loaded.motion.face is not None
    return loaded.motion.face.weights[:, JAW]


def table(codes: list[str], weights: np.ndarray | None = None, header: str = "Timecode") -> str:
    """A face whose jaw opens a little more from row to row, unless weights say other."""
    values = np.arange(len(codes)) / 1000 if weights is None else weights
    rows = [f"{code},2,{value:.6f},0" for code, value in zip(codes, values, strict=True)]
    return "\n".join([f"{header},BlendShapeCount,JawOpen,MouthClose", *rows])


def code(frame: float, rate: int, start: int = 36000) -> str:
    second, part = divmod(round(frame, 3), rate)
    second = (start + int(second)) % 86400
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}:{part:06.3f}"


def notes_of(loaded: Loaded) -> str:
    return "; ".join(loaded.notes)


# ----------------------------------------------------------------------------------------------------------- time codes


@pytest.mark.parametrize("name", ["csv_hole.csv", "csv_midnight.csv"])
def test_the_jaw_opens_when_its_time_code_says(strange_files: Path, name: str) -> None:
    loaded = load_motion(strange_files / name)[1]
    assert (loaded.motion.fps, len(loaded.motion)) == (60, 240)
    assert jaw(loaded).argmax() == 180
    assert jaw(loaded).max() == 1
    assert ("30 of 240 frames have no row" in notes_of(loaded)) == (name == "csv_hole.csv")


@given(
    rate=st.sampled_from([24, 25, 30, 50, 60, 120]),
    frames=st.integers(130, 700),
    missing=st.lists(st.integers(1, 128), max_size=40),
    start=st.sampled_from([0, 36000, 86399, 86340]),
)
@settings(max_examples=60)
def test_rows_are_where_their_codes_are(rate: int, frames: int, missing: list[int], start: int) -> None:
    """Whatever is missing, and over midnight: what is there stays as it is, and holes are lines."""
    frames = max(frames, 2 * rate + 1)
    kept = np.setdiff1d(np.arange(frames), missing)
    weights = np.random.default_rng(frames).uniform(size=frames).round(6)
    loaded = read(table([code(at, rate, start) for at in kept], weights[kept]))
    assert (loaded.motion.fps, len(loaded.motion)) == (rate, frames)
    np.testing.assert_allclose(jaw(loaded), np.interp(np.arange(frames), kept, weights[kept]), atol=1e-6)


@pytest.mark.parametrize("fps", [23.976, 24, 25, 29.97, 30, 47.3, 59.94, 60, 90, 120])
def test_what_is_written_comes_back_at_its_rate(fps: float) -> None:
    face = random_motion(round(2.5 * fps), fps=fps).face
    assert face is not None
    back = decode_motion(encode_motion(face_motion(face, fps), "arkit-csv").data)[1].motion
    assert back.fps == pytest.approx(fps, rel=2e-4)
    assert back.face is not None
    np.testing.assert_allclose(back.face.weights, face.weights, atol=2e-6)


def drop_frame_code(frame: int, nominal: int, separator: str) -> str:
    """By counting: codes 0 and 1 (of 60: 0 to 3) are left out in each minute but the tenth ones."""
    skipped, at, number = 2 * nominal // 30, 0, 0
    minutes = frame // (60 * nominal - skipped) + 2
    for minute in range(minutes):
        length = 60 * nominal - (skipped if minute % 10 else 0)
        if frame < at + length:
            number = minute * 60 * nominal + frame - at + (skipped if minute % 10 else 0)
            break
        at += length
    second, part = divmod(number, nominal)
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}{separator}{part:02d}"


@pytest.mark.parametrize("separator", [";", ":"])
@pytest.mark.parametrize("nominal", [30, 60])
def test_drop_frame_codes_have_no_holes(nominal: int, separator: str) -> None:
    assert drop_frame_code(1800, 30, ";") == "00:01:00;02"
    assert drop_frame_code(17982, 30, ";") == "00:10:00;00"
    first = 59 * nominal
    frames = 12 * 60 * nominal
    loaded = read(table([drop_frame_code(first + at, nominal, separator) for at in range(frames)]))
    assert loaded.motion.fps == pytest.approx(nominal * 1000 / 1001)
    assert len(loaded.motion) == frames
    assert "drop-frame" in notes_of(loaded)
    assert "no row" not in notes_of(loaded)


def test_codes_of_whole_minutes_that_skip_nothing_are_not_drop_frame() -> None:
    loaded = read(table([code(at, 30, 55) for at in range(300)]))
    assert loaded.motion.fps == 30
    assert "drop" not in notes_of(loaded)


def test_a_clock_that_trembles_changes_nothing() -> None:
    random = np.random.default_rng(3)
    frames = np.arange(600) + random.uniform(-0.1, 0.1, 600)
    frames[0] = 0
    weights = random.uniform(size=600).round(6)
    loaded = read(table([code(at, 60) for at in frames], weights))
    assert (loaded.motion.fps, len(loaded.motion)) == (60, 600)
    np.testing.assert_allclose(jaw(loaded), weights, atol=1e-6)


def test_milliseconds_behind_the_frame() -> None:
    """As some programs that make such tables write them: frame 57 and 966 ms of the second, with frames off by one."""
    seconds = [second + frame / 60 for second in range(4) for frame in range(60)]
    codes = [f"00:00:{int(at):02d}:{int((at + 1e-9) % 1 * 59.99):02d}.{int(at % 1 * 1000):03d}" for at in seconds]
    loaded = read(table(codes))
    assert (loaded.motion.fps, len(loaded.motion)) == (60, 240)
    np.testing.assert_allclose(jaw(loaded), np.arange(240) / 1000, atol=1e-6)


def test_a_camera_of_a_rate_of_its_own() -> None:
    """Phones that should record at 60 are at 59.90: rows 1.0016 codes apart."""
    loaded = read(table([code(35.273 + at * 60 / 59.904, 60) for at in range(1900)]))
    assert loaded.motion.fps == pytest.approx(59.904, rel=1e-5)
    np.testing.assert_allclose(jaw(loaded), np.arange(1900) / 1000, atol=1e-6)
    half = read(table([code(31.652 + at * 60 / 30.004, 60) for at in range(5000)]))
    assert half.motion.fps == pytest.approx(30.004, rel=1e-5)


def test_uneven_rows_are_interpolated() -> None:
    seconds = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.06, 400))
    lines = [f"{second:.6f},{np.sin(second):.6f},0" for second in seconds]
    loaded = read("\n".join(["time,JawOpen,MouthClose", *lines]))
    assert "interpolated" in notes_of(loaded)
    grid = seconds[0] + np.arange(len(loaded.motion)) / loaded.motion.fps
    np.testing.assert_allclose(jaw(loaded), np.interp(grid, seconds, np.sin(seconds)), atol=1e-4)
    assert loaded.motion.duration_seconds == pytest.approx(seconds[-1] - seconds[0], abs=0.1)


def test_doubled_and_disordered_rows() -> None:
    codes = [code(at, 60) for at in range(200)]
    doubled = read(table([*codes[:50], codes[49], *codes[50:]]))
    assert len(doubled.motion) == 200
    assert "1 rows repeat the time" in notes_of(doubled)
    swapped = read(table([*codes[:50], codes[51], codes[50], *codes[52:]], np.r_[0:50, 51, 50, 52:200] / 1000))
    assert "sorted by their times" in notes_of(swapped)
    np.testing.assert_allclose(jaw(swapped), np.arange(200) / 1000, atol=1e-6)
    with pytest.raises(
        FormatError, match=r"take.csv line 202: its time is 3.32 s before that of the row above; two record"
    ):
        read(table([*codes, *codes]))


def test_a_clock_that_is_coarser_than_the_rows() -> None:
    loaded = read(table([code(at // 2, 30) for at in range(240)]))
    assert (loaded.motion.fps, len(loaded.motion)) == (60, 240)
    assert "240 rows share 120 times" in notes_of(loaded)


@pytest.mark.parametrize(
    ("header", "write", "fps"),
    [
        ("timestamp_ms", lambda at: f"{at * 1000 / 30:.0f}", 30),
        ("timeMs", lambda at: f"{5000 + at * 1000 / 60:.2f}", 60),
        ("Time (s)", lambda at: f"{at / 25:.4f}", 25),
        ("timeCode", lambda at: f"{at / 30:.6f}", 30),
        ("timestamp", lambda at: f"{1700000000 + at / 60:.4f}", 60),
        ("timestamp", lambda at: f"{1700000000000 + round(at * 1000 / 60)}", 60),
        ("timestamp", lambda at: f"{round(at * 1e9 / 24)}", 24),
        ("Timestamp", lambda at: f"2024-03-01T10:00:{at / 30:09.6f}", 30),
        ("clock", lambda at: f"10:00:{at / 25:06.3f}", 25),
        ("clock", lambda at: f"10:00:{at // 60:02d}:{round(at % 60 * 1000 / 60):03d}", 60),
        ("time", lambda at: f"00:{at / 25:06.3f}", 25),
    ],
)  # fmt: skip
def test_times_in_the_ways_that_programs_write_them(header: str, write, fps: float) -> None:
    loaded = read(table([write(at) for at in range(150)], header=header))
    assert loaded.motion.fps == pytest.approx(fps, rel=1e-4)
    assert len(loaded.motion) == 150
    assert "no row" not in notes_of(loaded)


def test_rows_that_are_counted_or_have_no_time() -> None:
    counted = read(table([str(at) for at in (0, 1, 2, 5, 6)], header="frame"))
    assert len(counted.motion) == 7
    assert "counted, not timed: 60 frames per second assumed" in notes_of(counted)
    bare = read("JawOpen,MouthClose\n0.5,0\n0.25,0\n")
    assert len(bare.motion) == 2
    assert "no column of times" in notes_of(bare)
    still = read(table(["00:00:00:00.000"] * 5))
    assert len(still.motion) == 5
    with pytest.raises(FormatError, match="line 3: the time is 'later', expected a time code like the others"):
        read(table(["10:00:00:00", "later", "10:00:00:02"]))


def test_codes_far_apart_take_no_memory() -> None:
    codes = [*(code(at, 60) for at in range(120)), "20:00:00:00.000", "23:00:00:00.000"]
    with pytest.raises(LimitError, match="2808001 frames by its times, at most 2000000"):
        read(table(codes))
    with pytest.raises(LimitError, match="at most 100 are allowed"):
        read(table([code(at, 60) for at in np.r_[0:80, 400]]), limits=ReadLimits(max_frames=100))


def test_rows_in_which_nobody_was_seen() -> None:
    """As Live Link Face writes them: a count of 0 and no values, or no values between separators."""
    lines = ["Timecode,BlendShapeCount,JawOpen,MouthClose"]
    for at in range(200):
        lines.append(f"{code(at, 60)}," + ("0" if 50 <= at < 60 else ",," if at < 3 else f"61,{at / 1000},0"))
    loaded = read("\n".join(lines))
    np.testing.assert_allclose(jaw(loaded), np.maximum(np.arange(200), 3) / 1000, atol=1e-6)
    assert "13 rows have no values: nobody was seen" in notes_of(loaded)
    with pytest.raises(FormatError, match="no frames"):
        read("Timecode,BlendShapeCount,JawOpen,MouthClose\n10:00:00:00.000,0\n")


def test_a_last_row_that_was_cut_off() -> None:
    whole = table([code(at, 60) for at in range(200)])
    for rest in ("\n10:0", "\n10:00:03:20.000,2", "\n10:00:03:20.000,2,0.5"):
        loaded = read(whole + rest)
        assert len(loaded.motion) == 200
        assert "last row is incomplete" in notes_of(loaded)
    with pytest.raises(FormatError, match="line 202: 3 cells, expected 4"):
        read(whole + "\n10:00:03:20.000,2,0.5\n10:00:03:21.000,2,0.5,0\n")


# -------------------------------------------------------------------------------------------------------- spreadsheets


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(("separator", "point"), [(",", "."), (";", ","), (";", "."), ("\t", ","), ("\t", ".")])
def test_tables_as_spreadsheets_save_them(separator: str, point: str, encoding: str) -> None:
    weights = np.random.default_rng(0).uniform(size=150).round(4)
    lines = [separator.join(["Timecode", "BlendShapeCount", "JawOpen", "MouthClose", "HeadYaw", ""])]
    for at, weight in enumerate(weights):
        cells = [code(at, 60), "61", f"{weight}", "1E-05", "0.25", ""]
        lines.append(separator.join([cells[0], *(cell.replace(".", point) for cell in cells[1:])]))
    loaded = read("\r\n".join(lines).encode(encoding))
    assert (loaded.motion.fps, len(loaded.motion)) == (60, 150)
    np.testing.assert_allclose(jaw(loaded), weights, atol=1e-6)
    assert "columns that are not curves are left out: HeadYaw" in notes_of(loaded)


def test_lines_before_the_header_comments_and_quotes() -> None:
    data = 'sep=;\r\nTake 3;iPhone\r\n\r\n"time";"JawOpen";"blendShapes.MouthClose"\r\n# start\r\n"0";"0,5";"0"\r\n"0,04";"0,25";"0"\r\n'
    loaded = read(data)
    assert loaded.motion.fps == 25
    np.testing.assert_allclose(jaw(loaded), [0.5, 0.25])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(end: str) -> None:
    loaded = read(end.join(["about this take", "", "time,JawOpen,MouthClose", "0,0.5,0", "0.04,0.25,0", ""]))
    np.testing.assert_allclose(jaw(loaded), [0.5, 0.25])
    with pytest.raises(FormatError, match="line 5: jawOpen is 'x'"):
        read(end.join(["about this take", "", "time,JawOpen,MouthClose", "0,0.5,0", "0.04,x,0", ""]))


def test_names_without_end_are_refused() -> None:
    with pytest.raises(LimitError, match="line 1: the names of the columns go on for more than 65536 characters"):
        read("jawOpen," + "a," * 50_000)


def test_decimal_commas_between_commas_are_told() -> None:
    with pytest.raises(FormatError, match="line 2: 6 cells for 4 columns; numbers with decimal commas need quotes"):
        read("Timecode,BlendShapeCount,JawOpen,MouthClose\n10:00:00:00,61,0,25,0,11\n")
    trailing = read("time,JawOpen,MouthClose,\n0,0.5,0,,\n0.04,0.5,0,,\n")
    assert len(trailing.motion) == 2


def test_decimal_commas_in_quotes_between_commas() -> None:
    """As an online spreadsheet of a country with decimal commas writes its .csv."""
    loaded = read('time,JawOpen,MouthClose\n0,"0,5",0\n"0,04","0,25","1E-05"\n')
    assert loaded.motion.fps == 25
    np.testing.assert_allclose(jaw(loaded), [0.5, 0.25])
    with pytest.raises(FormatError, match="line 3: jawOpen is '1,000,5', expected a number"):
        read('time,JawOpen,MouthClose\n0,"0,5",0\n"0,04","1,000,5","0"\n')


def test_percents_are_weights() -> None:
    loaded = read(table([code(at, 60) for at in range(150)], np.linspace(0, 100, 150)))
    np.testing.assert_allclose(jaw(loaded), np.linspace(0, 1, 150), atol=1e-6)
    assert "taken for percent" in notes_of(loaded)


@pytest.mark.parametrize("curve", ARKIT52.curve_names)
def test_curves_in_any_spelling(curve: str) -> None:
    side = next((word for word in ("Left", "Right") if curve.endswith(word)), "")
    bare = curve.removesuffix(side)
    names = [
        curve,
        curve.upper(),
        curve[0].upper() + curve[1:],
        f"blendShapes.{curve}",
        f"head:{curve}",
        f"BS.{curve.lower()}",
    ]
    names += [f"{bare}_{side[0]}", f"{bare}{side[0]}", f"{bare}_{side}"] if side else []
    assert [arkit_curve(name) for name in names] == [curve] * len(names)
    assert arkit_curve(f"{curve}Speed") is None


# ---------------------------------------------------------------------------------------------- Audio2Face and Face Cap


def exported(names: list[str], weights: np.ndarray, **changes) -> bytes:
    document = {
        "exportFps": 30, "trackPath": "/World/take.wav", "numPoses": len(names), "numFrames": len(weights),
        "facsNames": names, "weightMat": weights.tolist(), **changes,
    }  # fmt: skip
    return json.dumps({key: value for key, value in document.items() if value is not None}).encode()


def test_audio2face_with_arkits_names() -> None:
    weights = np.random.default_rng(0).uniform(size=(7, 52)).round(6)
    found, loaded = decode_motion(exported(["E" + ARKIT52.curve_names[0][1:], *ARKIT52.curve_names[1:]], weights))
    assert (found.name, loaded.motion.fps) == ("audio2face-json", 30)
    assert loaded.motion.face is not None
    np.testing.assert_allclose(loaded.motion.face.weights, weights, atol=1e-6)
    assert loaded.notes == ()


def test_audio2face_with_its_own_shapes() -> None:
    names = list(ARKIT_FROM_AUDIO2FACE)
    assert len(names) == 46
    assert {curve for targets in ARKIT_FROM_AUDIO2FACE.values() for curve in targets} <= set(ARKIT52.curve_names)
    weights = np.zeros((3, 46))
    weights[0, names.index("jawDrop")] = 0.5
    weights[1, names.index("eyesLookLeft")] = 1
    weights[2, [names.index("innerBrowRaiserL"), names.index("innerBrowRaiserR")]] = 0.8
    loaded = read(exported(names, weights, exportFps=None, joints={"jaw": []}))
    assert loaded.motion.face is not None
    face = dict(zip(ARKIT52.curve_names, loaded.motion.face.weights.T, strict=True))
    assert loaded.motion.fps == 60
    np.testing.assert_allclose(face["jawOpen"], [0.5, 0, 0])
    np.testing.assert_allclose(face["eyeLookOutLeft"], [0, 1, 0])
    np.testing.assert_allclose(face["eyeLookInRight"], [0, 1, 0])
    np.testing.assert_allclose(face["eyeLookInLeft"], [0, 0, 0])
    np.testing.assert_allclose(face["browInnerUp"], [0, 0, 0.8])
    for words in ("no exportFps", "brought to ARKit's", "joints of jaw and eyes are left out"):
        assert words in notes_of(loaded)


def test_audio2faces_stream_that_was_kept() -> None:
    weights = np.random.default_rng(0).uniform(size=(7, 52)).round(6)
    frames = {
        str(at): {"Audio2Face": {"Body": {}, "Facial": {"Names": ARKIT52.curve_names, "Weights": row.tolist()}}}
        for at, row in enumerate(weights)
    }
    found, loaded = decode_motion(json.dumps(frames).encode())
    assert (found.name, loaded.motion.fps) == ("audio2face-json", 30)
    assert loaded.motion.face is not None
    np.testing.assert_allclose(loaded.motion.face.weights, weights, atol=1e-6)
    assert "30 frames per second" in notes_of(loaded)
    frames["3"] = {"Audio2Face": {"Facial": {"Names": ["jawOpen"], "Weights": [0]}}}
    with pytest.raises(
        FormatError, match="'3' is not a frame with Audio2Face, Facial, Names and Weights as the others"
    ):
        read(json.dumps(frames), "a2f.json")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"weightMat": [[0.1], [0.1, 2]]}, r"weightMat\[0\] is not a list of 2 numbers"),
        ({"weightMat": [[0.1, None]]}, r"weightMat\[0\] is not a list"),
        ({"weightMat": []}, "no frames"),
        ({"weightMat": {}}, "expected an object with the lists"),
        ({"facsNames": ["jaw", 3]}, "expected an object with the lists"),
        ({"numFrames": 9}, "numFrames is 9, but there are 2"),
        ({"exportFps": "30"}, "exportFps is '30', expected 1 to 240"),
        ({"exportFps": 0}, "exportFps is 0"),
        ({"facsNames": ["up", "down"]}, "no name is an ARKit"),
    ],
)
def test_wrong_audio2face(changes: dict, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        read(exported(["jawOpen", "mouthClose"], np.zeros((2, 2)), **changes), "a2f.json")


def test_face_cap() -> None:
    weights = np.random.default_rng(0).uniform(size=(90, 2)).round(6)
    lines = ["info,recorded by a phone", "bs,browDown_L,jawOpen"]
    lines += [f"k,{at * 1000 / 60:.0f},{','.join(['0.5'] * 10)},{row[0]},{row[1]}" for at, row in enumerate(weights)]
    found, loaded = decode_motion("\n".join(lines).encode())
    assert (found.name, loaded.motion.fps, len(loaded.motion)) == ("face-cap-txt", 60, 90)
    np.testing.assert_allclose(jaw(loaded), weights[:, 1], atol=1e-6)
    with pytest.raises(
        FormatError, match="take.csv line 4: expected k, milliseconds, 10 numbers of head and eyes and 2 weig"
    ):
        read("\n".join([*lines[:3], "k,17,0,0,0"]), format_name="face-cap-txt")
    with pytest.raises(FormatError, match="no frames"):
        read("bs,jawOpen\ninfo,\n", format_name="face-cap-txt")


def test_times_of_beats_json_are_obeyed() -> None:
    kept = np.r_[0:60, 90:200]
    frames = [{"weights": [at / 1000], "time": at / 60, "rotation": []} for at in kept.tolist()]
    loaded = read(json.dumps({"names": ["jawOpen"], "frames": frames}), "beat.json")
    assert (loaded.motion.fps, len(loaded.motion)) == (60, 200)
    np.testing.assert_allclose(jaw(loaded), np.arange(200) / 1000, atol=1e-6)
    back = [{"weights": [0], "time": at} for at in (0, 5, 2)]
    with pytest.raises(FormatError, match="frames entry 2: its time is 3.00 s before"):
        read(json.dumps({"names": ["jawOpen"], "frames": back}), "beat.json")


@pytest.mark.parametrize("key", ["fps", "frameRate", "frame_rate", "exportFps"])
def test_weights_without_times_are_at_the_rate_that_the_file_tells(key: str) -> None:
    frames = [{"weights": [0.1 * at]} for at in range(5)]
    told = read(json.dumps({"names": ["jawOpen"], key: 25, "frames": frames}), "face.json")
    assert told.motion.fps == 25
    assert not any("assumed" in note for note in told.notes)
    untold = read(json.dumps({"names": ["jawOpen"], "frames": frames}), "face.json")
    assert untold.motion.fps == 60
    assert "BEAT's own, assumed" in untold.notes[-1]
    timed = [{"weights": [0.1 * at], "time": at / 50} for at in range(5)]
    assert read(json.dumps({"names": ["jawOpen"], key: 25, "frames": timed}), "face.json").motion.fps == 50
    for wrong in (0, -1, 1e9, "25", True, [25]):
        with pytest.raises(FormatError, match=f"{key} is .*, expected 1 to 240"):
            read(json.dumps({"names": ["jawOpen"], key: wrong, "frames": frames}), "face.json")


# -------------------------------------------------------------------------------------------------------- SMPL's family


def archive(**arrays) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def test_what_is_not_needed_is_not_looked_into(strange_files: Path) -> None:
    pickled = load_motion(strange_files / "object_gender.npz")[1].motion
    plain = load_motion(strange_files / "pose.npz")[1].motion
    np.testing.assert_array_equal(pickled.rotations_xyzw, plain.rotations_xyzw)
    with pytest.raises(FormatError, match="array 'poses' holds Python objects"):
        read(archive(poses=np.array([[None] * 165]), trans=np.zeros((1, 3))), "take.npz")


def test_smplh_at_the_rate_that_it_says(strange_files: Path) -> None:
    motion = load_motion(strange_files / "amass_frame_rate.npz")[1].motion
    assert (len(motion), motion.fps) == (31, 120)
    places, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    assert places[0, SMPLX.index("head"), 1] - places[0, 0, 1] > 0.5


POSES = np.random.default_rng(5).normal(scale=0.2, size=(4, 55, 3))
RATES = ["mocap_framerate", "mocap_frame_rate", "fps", "framerate", "frame_rate", "mocap_fps"]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("width", [165, 156, 72, 66])
def test_poses_of_any_of_smpls_models(width: int, rate: str) -> None:
    kept = {165: [*range(55)], 156: [*range(22), *range(25, 55)], 72: [*range(22)], 66: [*range(22)]}[width]
    poses = np.zeros((4, width))
    poses[:, : 3 * len(kept)] = POSES[:, kept].reshape(4, -1)
    mark = {"surface_model_type": "smplx"} if width == 165 else {}
    shaped = poses.reshape(4, -1, 3) if rate == "fps" else poses
    loaded = read(archive(poses=shaped, trans=np.zeros((4, 3)), **{rate: np.array([50.0])}, **mark), "take.npz")
    assert loaded.motion.fps == 50
    still = [joint for joint in range(1, 55) if joint not in kept]
    turns = rotations.axis_angle_from_quat(loaded.motion.rotations_xyzw)
    np.testing.assert_allclose(turns[:, kept[1:]], POSES[:, kept[1:]], atol=1e-5)
    np.testing.assert_array_equal(turns[:, still], 0)


def test_poses_in_parts() -> None:
    flat = {
        name: POSES[:, at].reshape(4, -1)
        for name, at in (("root", slice(1)), ("body", slice(1, 22)), ("hands", slice(25, 55)))
    }
    amass = archive(
        root_orient=flat["root"], pose_body=flat["body"], pose_hand=flat["hands"], pose_jaw=POSES[:, 22], pose_eye=POSES[:, 23:25].reshape(4, 6),
        trans=np.zeros((4, 3)), mocap_framerate=30,
    )  # fmt: skip
    smplx = archive(
        global_orient=POSES[:, :1], body_pose=POSES[:, 1:22], left_hand_pose=flat["hands"][:, :45], right_hand_pose=flat["hands"][:, 45:],
        jaw_pose=POSES[:, 22], leye_pose=POSES[:, 23], reye_pose=POSES[:, 24], transl=np.zeros((4, 3)), fps=30,
        gender=np.array("male", dtype=object),
    )  # fmt: skip
    for data in (amass, smplx):
        motion = read(data, "take.npz").motion
        np.testing.assert_allclose(
            rotations.axis_angle_from_quat(motion.rotations_xyzw[:, 1:]), POSES[:, 1:], atol=1e-5
        )
    coefficients = read(
        archive(
            global_orient=flat["root"],
            body_pose=flat["body"],
            left_hand_pose=np.ones((4, 6)),
            transl=np.zeros((4, 3)),
            fps=30,
        )
    )
    assert "left_hand_pose is (4, 6), no rotations of joints, and left out" in notes_of(coefficients)
    with pytest.raises(FormatError, match=r"body_pose is float64 \(4, 60\), expected \(4, 63 or 69\)"):
        read(archive(global_orient=flat["root"], body_pose=np.zeros((4, 60)), transl=np.zeros((4, 3))), "take.npz")


@pytest.mark.parametrize(("up", "degrees"), [("Y", 0), ("Z", 90), ("-Y", 180), ("-Z", -90)])
@pytest.mark.parametrize("width", [66, 165])
def test_bodies_stand_up_whatever_axis_is_up(width: int, up: str, degrees: float) -> None:
    """In archives that do not say whose they are. A camera's Y points down."""
    if width == 165 and up.startswith("-"):
        return  # BEAT2's own arrays: bodies that stand on their heads do so
    turn = rotations.quat_from_axis_angle([np.radians(degrees), 0, 0])
    poses = np.zeros((9, width))
    poses[:, :3] = rotations.axis_angle_from_quat(np.asarray(turn))
    way = np.array([0.1, 0, 0.2]) * np.arange(9)[:, None]
    trans = rotations.rotate(np.asarray(turn), np.array([0, 1.3, 0]) + way)
    motion = read(archive(poses=poses, trans=trans, fps=30), "take.npz").motion
    places, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    assert (places[:, SMPLX.index("head"), 1] - places[:, 0, 1] > 0.5).all()
    assert (places[:, SMPLX.index("left_shoulder"), 0] > places[:, SMPLX.index("right_shoulder"), 0]).all()
    np.testing.assert_allclose(np.diff(motion.root_translation, axis=0), np.tile([0.1, 0, 0.2], (8, 1)), atol=1e-5)


@pytest.mark.parametrize(("up", "degrees"), [("-z", 0), ("z", 180), ("-y", -90)])
def test_amass_with_another_axis_up_is_told(up: str, degrees: float) -> None:
    """Z is up there; what others made of its files may have Y up. The option that the note names makes them stand."""
    poses = np.zeros((9, 156))
    poses[:, 0] = np.radians(degrees)
    data = archive(poses=poses, trans=np.zeros((9, 3)), mocap_framerate=30)
    lying = read(data, "take.npz")
    assert f"--input-up={up} makes them stand" in notes_of(lying)
    motion = decode_motion(data, "take.npz", reading=Reading(up=up))[1].motion
    places, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    assert (places[:, SMPLX.index("head"), 1] - places[:, 0, 1] > 0.5).all()


def test_bodies_that_tumble_say_nothing_about_up() -> None:
    poses = np.zeros((60, 66))
    poses[:, 0] = np.linspace(0, 4 * np.pi, 60, endpoint=False)
    loaded = read(archive(poses=poses, trans=np.zeros((60, 3)), fps=30), "take.npz")
    assert "stand up along no axis: Y is taken" in notes_of(loaded)
    assert np.abs(loaded.motion.rotations_xyzw[0, 0, :3]).max() < 1e-6


# --------------------------------------------------------------------------------------------------------------- hints


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"frame,seconds,root_x,root_y\n0,0,1,1\n", "our own table for spreadsheets, which is only written"),
        (b"frame, face_id, timestamp, AU01_r, AU02_r\n1,0,0,1,1\n", "action units as OpenFace writes them"),
        (b"a;b;c;d\n1;2;3;4\n", "a table with the columns a, b, c, d; a face has ARKit's names there: JawOpen"),
        (b"0.1,0.2,0.3\n1,2,3\n", "a table whose first line is numbers"),
        (b'{"foo": 1, "b\\nar": []}', "JSON with the keys foo, b\\nar; a motion has joint_names"),
        (b'{"foo": 1', "begins like JSON, but is none"),
        (b"\x93NUMPY\x01\x00v\x00", "one NumPy array without a name"),
        (b"\x80\x04\x95abc", "a Python pickle, which is never loaded"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "it is sound: `pantomatrix generate`"),
        (b"version https://git-lfs.example/v1\noid sha256:1\nsize 9\n", "pointer to the file; `git lfs pull` brings"),
        (b"BLENDER-v401", "export it as .glb, .bvh or .fbx"),
        (b"nothing in particular", "known formats: npz, amass-npz"),
    ],
)  # fmt: skip
def test_what_is_no_motion_is_told(data: bytes, text: str) -> None:
    with pytest.raises(FormatError) as caught:
        decode_motion(data, "take")
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


def test_archives_of_other_things_are_told() -> None:
    with pytest.raises(FormatError, match=r"no array 'poses'; found arr_0. A motion has poses and trans"):
        read(archive(arr_0=np.array({"poses": 1}, dtype=object)), "take.npz")
    import zipfile

    for name, text in (
        ("xl/workbook.xml", "save it as CSV"),
        ("archive/data.pkl", "a file of PyTorch's"),
        ("a", "without arrays"),
    ):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as packed:
            packed.writestr(name, "x")
        with pytest.raises(FormatError, match=text):
            read(stream.getvalue(), "take.npz")


SEEDS = [
    table([code(at, 60) for at in range(70)]).encode(),
    table([code(at, 30, 86399) for at in range(70)]).replace(",", ";").encode("utf-16"),
    table([f"{at / 30}" for at in range(40)], header="time").encode(),
    exported(["jawOpen", "mouthClose"], np.ones((5, 2))),
    b"bs,jawOpen\n" + b"".join(b"k,%d,0,0,0,0,0,0,0,0,0,0,1\n" % (at * 17) for at in range(9)),
    archive(poses=np.zeros((2, 72)), trans=np.zeros((2, 3)), fps=30),
    archive(global_orient=np.zeros((2, 3)), body_pose=np.zeros((2, 63)), transl=np.zeros((2, 3))),
]


@settings(max_examples=300)
@given(
    st.sampled_from(range(len(SEEDS))),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=10),
    st.lists(st.tuples(st.floats(0, 1), st.text('0123456789:;,.-eE\t\n "nainf', max_size=12)), max_size=3),
    st.floats(0.02, 1),
)
def test_damage_ends_in_one_line_or_a_face(
    seed: int, bytes_changed: list[tuple[float, int]], put_in: list[tuple[float, str]], kept: float
) -> None:
    data = bytearray(SEEDS[seed])
    data = data[: max(4, int(kept * len(data)))]
    for place, value in bytes_changed:
        data[int(place * (len(data) - 1))] = value
    for place, text in put_in:
        data[int(place * len(data)) : int(place * len(data))] = text.encode()
    try:
        loaded = decode_motion(bytes(data), "take", limits=ReadLimits(max_bytes=1 << 24, max_frames=5000))[1]
    except PantomatrixError as error:
        assert "\n" not in str(error)
    else:
        assert len(loaded.motion) <= 5000
        assert loaded.motion.face is None or np.isfinite(loaded.motion.face.weights).all()
