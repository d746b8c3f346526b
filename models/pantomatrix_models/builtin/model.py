"""The builtin model: hears, articulates, plans and poses, 0.2 s behind the ear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.editing.options import BodyPart
from pantomatrix_converters.face.rigs import ARKIT52, ARKIT_TONGUE
from pantomatrix_converters.motion import FaceCurves, Motion, frames_in
from pantomatrix_converters.skeleton import load_skeleton

from ..audio.speech import SAMPLE_RATE_HZ
from ..model import LiveTiming, ModelInfo, Push, UtteranceOptions
from ..options import EmotionStrengths, Expression, felt_at_first
from ..posture import Poser, Posture
from ..timed_text import Said
from .articulation import LOOK_AHEAD_HOPS, Articulation, Articulator, articulated, silence
from .draws import Purpose, of_slot
from .expressions import share_of, with_rest_face
from .eyes import Eyes
from .face import JAW_PAST, SIDES, Mouth, face_weights, jaw_of, sides_of, tongue_weights, wandering
from .gestures import BROW, FINGERS, HANDS, HEAD, LIVELINESS, PALMS, WEIGHT, GesturePlanner
from .hearing import HOP_SAMPLES, HOPS_PER_SECOND, WINDOW_SAMPLES, Heard, Hearing, analysed
from .moods import Bearing, felt, opened, strengths, with_feelings
from .styles import STYLES, Style
from .submovements import Drift, Submovements, drifted, positions

Array = NDArray[np.float64]

_SMOOTH_HOPS = 3
"""The mouth of a frame is a mean over this many hops before and after it: lips have weight."""
_LEAST_LOOK_AHEAD_SECONDS = WINDOW_SAMPLES / 2 / SAMPLE_RATE_HZ + _SMOOTH_HOPS / HOPS_PER_SECOND
_LOOK_AHEAD_SECONDS = _LEAST_LOOK_AHEAD_SECONDS + LOOK_AHEAD_HOPS / HOPS_PER_SECOND
_LIVE_LOOK_AHEAD_HOPS = 5
"""Live where a caller wants no other: what the lips need. Gestures then come later than the syllables that they belong to."""
_CLOSE_SECONDS = 0.08
"""The mouth closes over this long before the last frame, or over the look-ahead if that is less: no sent frame is wrong."""
_STEADY_GAZE = 0.25
"""How much of the head's turns the eyes make up for."""
_MOOD_SECONDS = 0.8
"""A feeling gives way to another over this long."""
_WHOLE = 1.3
"""Smoothed closures are made so much more."""
_ALL = slice(None)
_MOUTH_TRACKS = tuple(field.name for field in fields(Mouth))
_PRESSED = _MOUTH_TRACKS.index("pressed")
_HEARD_TRACKS = _MOUTH_TRACKS[:-1]
"""All but the jaw's."""


class BuiltinModel:
    """See ModelInfo.description."""

    info = ModelInfo(
        name="builtin",
        description=(
            "ARKit lip shapes by a small trained network that comes with it; by rules blinks, gestures on stressed "
            "syllables, weight shifts with planted feet. Needs no download and no GPU."
        ),
        version="2",
        parts=frozenset(BodyPart),
        speakers=tuple(speaker for speaker, _ in STYLES.values()),
        skeleton="smplx",
        face_rig=ARKIT52.name,
        default_fps=30.0,
        sample_rate_hz=SAMPLE_RATE_HZ,
        look_ahead_seconds=_LOOK_AHEAD_SECONDS,
        streaming=True,
        live_look_ahead_seconds=_LEAST_LOOK_AHEAD_SECONDS + _LIVE_LOOK_AHEAD_HOPS / HOPS_PER_SECOND,
        fuller_face_rig=ARKIT_TONGUE.name,
        gestures=True,
        emotions=True,
        timed_text=True,
        expressions=True,
    )

    def __init__(self) -> None:
        self._poser = Poser()

    def open(self, options: UtteranceOptions) -> BuiltinSession:
        """See MotionModel. Constraints are not aimed for."""
        assert not options.reference_timing
        return BuiltinSession(options, LOOK_AHEAD_HOPS)

    def open_streaming(self, options: UtteranceOptions, timing: LiveTiming) -> BuiltinSession:
        """See StreamingModel."""
        return BuiltinSession(options, _look_ahead_hops(timing))

    def streaming_look_ahead_seconds(self, fps: float, timing: LiveTiming) -> float:
        """See StreamingModel."""
        return _LEAST_LOOK_AHEAD_SECONDS + _look_ahead_hops(timing) / HOPS_PER_SECOND

    def frame_count(self, samples: int, options: UtteranceOptions) -> int:
        """See MotionModel."""
        return frames_in(samples / SAMPLE_RATE_HZ, options.fps)

    def advance(self, pushes: Sequence[Push[BuiltinSession]]) -> list[Motion]:
        """See MotionModel. Numpy takes as long for two frames as for a hundred, so what all sessions hear is analysed at
        once, and so are all their frames posed; only planning goes session by session."""
        windows = [push.session.hear(push.samples, push.ended) for push in pushes]
        heard = analysed(np.concatenate(windows))
        counts = [len(those) for those in windows]
        if any(push.ended for push in pushes):
            heard, counts = _with_silence_at_ends(heard, counts, [push.ended for push in pushes])
        articulations = articulated([push.session.articulator for push in pushes], heard, counts)
        due = [push.session.plan(more, push.ended) for push, more in zip(pushes, articulations, strict=True)]
        moving = [push.session for push, frames in zip(pushes, due, strict=True) if frames]
        if not moving:
            return [push.session.nothing for push in pushes]
        frames = [those for those in due if those]
        motion = self._frames(moving, frames)
        stops = np.cumsum([len(those) for those in due]).tolist()
        return [
            push.session.part_of(motion, stop - len(those), stop) if those else push.session.nothing
            for push, those, stop in zip(pushes, due, stops, strict=True)
        ]

    def _frames(self, sessions: Sequence[BuiltinSession], due: Sequence[range]) -> Motion:
        """The frames due of the first session, then of the second and so on."""
        parts = [np.arange(frames.start, frames.stop) / s.fps for s, frames in zip(sessions, due, strict=True)]
        times = np.concatenate(parts)
        of = np.repeat(np.arange(len(sessions)), [len(part) for part in parts])
        mouth = Mouth(*np.concatenate([s.mouth_at(part) for s, part in zip(sessions, parts, strict=True)]).T)
        lids = np.concatenate([s.eyes.blinks.lids(part) for s, part in zip(sessions, parts, strict=True)])
        planned = positions([s.planner.movements for s in sessions], times, of)
        gaze = positions([s.eyes.gaze for s in sessions], times, of)
        moods = positions([s.moods for s in sessions], times, of)
        waves = drifted(np.stack([s.waves for s in sessions])[of], times)
        looks = positions([s.looks for s in sessions], times, of)
        own = drifted(np.stack([s.face_waves for s in sessions])[of], times)
        own[:, :SIDES] += looks[:, :SIDES]
        breath = np.array([s.breath_phase for s in sessions])[of]
        for session, part in zip(sessions, parts, strict=True):
            session.forget(part[-1])
        bearing = Bearing.of(moods)
        mouth = opened(mouth, bearing.opening)
        brow, weight = planned[:, BROW.start], planned[:, WEIGHT]
        tremble = planned[:, LIVELINESS] * waves[:, 30:] * bearing.tremble[:, None]
        head = waves[:, 9:12] + planned[:, HEAD][:, :3] + tremble[:, 16:]
        gaze -= _STEADY_GAZE * head[:, [1, 0]]
        gaze[:, 1] += bearing.gaze
        # A feeling takes the place of the rest expression.
        rest = looks[:, SIDES + 1 :] * np.clip(1.0 - moods.sum(axis=1), 0.0, 1.0)[:, None]
        weights = with_rest_face(face_weights(mouth, lids, gaze, brow, own), rest, looks[:, SIDES], mouth)
        weights = with_feelings(weights, moods, mouth)
        pelvis = waves[:, 0:3]
        pelvis[:, [0, 2]] += weight[:, :2]
        pelvis[:, 2] += bearing.lean
        posture = Posture(
            pelvis=pelvis,
            pelvis_turn=waves[:, 3:6] + weight[:, 2:],
            spine=waves[:, 6:9] + bearing.trunk,
            head=head + bearing.head,
            breath=bearing.breathed(times, breath),
            shoulders=bearing.shoulders,
            hands=planned[:, HANDS] + waves[:, 12:18] + tremble[:, :6],
            palms=planned[:, PALMS] + waves[:, 18:20],
            fingers=np.clip(planned[:, FINGERS] + waves[:, 20:30] + tremble[:, 6:16], 0.0, 2.0),
            jaw=mouth.openness * (1.0 - mouth.pressed),
            gaze=gaze,
        )
        quats, translation = self._poser.pose(posture)
        if any(session.has_tongue for session in sessions):
            weights = np.concatenate([weights, tongue_weights(mouth)], axis=1)
        return _motion(sessions[0].fps, quats, translation, weights)


class BuiltinSession:
    """One utterance, or a stream from its first frame on. Holds a few hops of context and the gestures under way, whatever
    the audio's length."""

    def __init__(self, options: UtteranceOptions, look_ahead_hops: int) -> None:
        self._from_seconds = options.first_frame / options.fps
        self.fps, self._gestures = options.fps, options.gestures
        self._rig = ARKIT_TONGUE if options.fuller_face else ARKIT52
        curves = len(self._rig.curve_names)
        self.nothing = _motion(self.fps, np.zeros((0, 55, 4)), np.zeros((0, 3)), np.zeros((0, curves), np.float32))
        self._first_hop = self._from_seconds * HOPS_PER_SECOND
        self._hearing, self.articulator = Hearing(), Articulator(look_ahead_hops, self._first_hop)
        self.articulator.script.read(options.timed_text)
        self._close_seconds = min(_CLOSE_SECONDS, _LEAST_LOOK_AHEAD_SECONDS + look_ahead_hops / HOPS_PER_SECOND)
        first = felt_at_first(options.emotions)
        self.planner = GesturePlanner(options.seed, self._style_of(options.speaker, first), self._from_seconds)
        self.moods = Submovements(strengths(first))
        """Strengths of Emotion's, in order."""
        for seconds, emotions in options.emotions:
            if seconds > 0.0:
                self._feel(options.speaker, emotions, seconds)
        self.eyes = Eyes(options.seed, self._from_seconds)
        random = of_slot(options.seed, Purpose.DRIFT, 0)
        sway = Drift(random, np.array([0.012, 0.003, 0.010]), (0.10, 0.40))
        turns = Drift(random, np.radians([0.8, 2.0, 0.8, 1.4, 2.4, 1.2, 1.3, 1.3, 1.2]), (0.10, 0.70))
        fidget = Drift(random, np.array([0.017] * 6 + [0.08] * 2 + [0.12] * 10), (0.25, 1.4))
        tremble = Drift(random, np.array([0.0062] * 6 + [0.08] * 10 + np.radians([0.6, 0.5, 0.5]).tolist()), (1.1, 2.3))
        self.waves = np.concatenate([drift.waves for drift in (sway, turns, fidget, tremble)], axis=2)
        """(3, 3, 49), see Drift: pelvis, its turn, spine, head, hands, palms, fingers; with speech hands, fingers, head."""
        self.breath_phase = random.uniform(0, 2 * np.pi)
        self._seed, self.face_waves = options.seed, wandering(options.seed)
        self.looks = Submovements(self._looks_of(options.speaker, options.expression))
        """How unlike the sides are, which side does more at rest, and how much of each rest face it has."""
        self._past_openness = np.zeros(JAW_PAST)
        self._samples = 0
        self._next_frame, self._wanted_frame = options.first_frame, options.wanted_frame
        self._mouth = np.zeros((0, len(_MOUTH_TRACKS)))
        self._last_seconds: float | None = None

    def begin_utterance(self) -> None:
        """See StreamingSession."""
        hop = -(-self._samples // HOP_SAMPLES)
        self.articulator.begin_utterance(hop)
        self.planner.begin_utterance(hop)

    def speak_as(self, speaker: str, emotions: EmotionStrengths, expression: Expression, from_seconds: float) -> None:
        """See StreamingSession."""
        self.looks.move_to(_ALL, self._looks_of(speaker, expression), from_seconds, _MOOD_SECONDS)
        self._feel(speaker, emotions, from_seconds)

    def _feel(self, speaker: str, emotions: EmotionStrengths, from_seconds: float) -> None:
        self.planner.change_style(self._style_of(speaker, emotions), from_seconds)
        self.moods.move_to(_ALL, strengths(emotions), from_seconds, _MOOD_SECONDS)

    def read(self, said: Sequence[Said]) -> None:
        """See ReadingSession."""
        self.articulator.script.read(said)

    def stop_reading(self, at_seconds: float) -> None:
        """See ReadingSession."""
        self.articulator.script.stop(at_seconds)

    def _looks_of(self, speaker: str, expression: Expression) -> Array:
        random = of_slot(self._seed, Purpose.FACE, list(STYLES).index(speaker))
        side = random.choice([-1.0, 1.0]) * random.uniform(0.6, 1.0)
        return np.array([*sides_of(random), side, *share_of(expression)])

    def _style_of(self, speaker: str, emotions: EmotionStrengths) -> Style:
        _, style = STYLES[speaker]
        wanted = self._gestures
        style = felt(style, emotions)
        return replace(style, amplitude=style.amplitude * wanted.amplitude, rate=style.rate * wanted.rate)

    def hear(self, samples: NDArray[np.float32], ended: bool) -> NDArray[np.float32]:
        """(H, WINDOW_SAMPLES) windows that are complete now."""
        self._samples += len(samples)
        windows = self._hearing.push(samples)
        if not ended:
            return windows
        return np.concatenate([windows, self._hearing.finish(-(-self._samples // HOP_SAMPLES) + 2)])

    def plan(self, articulation: Articulation, ended: bool) -> range:
        """Plan with more hops. Returns the frames that they settle."""
        self.planner.push(articulation)
        self.eyes.push(articulation)
        openness = np.concatenate([self._past_openness, articulation.openness])
        self._past_openness = openness[len(openness) - JAW_PAST :]
        tracks = [*(getattr(articulation, name) for name in _HEARD_TRACKS), jaw_of(openness)]
        self._mouth = np.concatenate([self._mouth, np.stack(tracks, axis=1)])
        stop = frames_in(self._from_seconds + self._samples / SAMPLE_RATE_HZ, self.fps)
        if ended:
            self._last_seconds = (stop - 1) / self.fps
        else:
            settled_seconds = (self._first_hop + len(self._mouth) - _SMOOTH_HOPS) / HOPS_PER_SECOND
            stop = min(frames_in(settled_seconds, self.fps), stop)
        due = range(max(self._next_frame, self._wanted_frame), max(stop, self._next_frame))
        self._next_frame = due.stop
        return due

    def mouth_at(self, times: Array) -> Array:
        """times: (T,) seconds. Returns (T, tracks), see _SMOOTH_HOPS; at the end it closes."""
        position = times * HOPS_PER_SECOND - self._first_hop
        mouth = _smoothed(self._mouth, position)
        mouth[:, _PRESSED] = self._closures(position, mouth[:, _PRESSED])
        if self._last_seconds is not None:
            mouth *= np.clip((self._last_seconds - times) / self._close_seconds, 0.0, 1.0)[:, None]
        return mouth

    def _closures(self, position: Array, pressed: Array) -> Array:
        """position: (T,) hops; pressed: (T,) there. Even a short closure is whole, and one that falls between two frames is
        seen in the second."""
        track, frame_hops = self._mouth[:, _PRESSED, None], HOPS_PER_SECOND / self.fps
        passed = pressed
        for back in range(1, int(np.ceil(frame_hops))):
            passed = np.maximum(passed, _smoothed(track, position - back)[:, 0])
        last = _smoothed(track, position - frame_hops)[:, 0]
        return np.clip(_WHOLE * np.where(last < 0.5, passed, pressed), 0.0, 1.0)

    @property
    def has_tongue(self) -> bool:
        """Whether its face has more than ARKit's curves."""
        return self._rig is ARKIT_TONGUE

    def part_of(self, motion: Motion, start: int, stop: int) -> Motion:
        """Its frames among those of all sessions."""
        part = motion.frames(start, stop)
        assert part.face is not None
        if part.face.rig != self._rig.name:
            weights = np.ascontiguousarray(part.face.weights[:, : len(self._rig.curve_names)])
            part = replace(part, face=FaceCurves(self._rig.name, self._rig.curve_names, weights))
        return part if part.fps == self.fps else replace(part, fps=self.fps)

    def forget(self, time: float) -> None:
        """What only earlier times needed is let go."""
        self.planner.movements.forget(time)
        self.eyes.gaze.forget(time)
        self.moods.forget(time)
        self.looks.forget(time)
        needed = int((self._next_frame - 1) / self.fps * HOPS_PER_SECOND - self._first_hop) - _SMOOTH_HOPS - 1
        drop = max(0, min(needed, len(self._mouth) - 2))
        self._mouth = self._mouth[drop:]
        self._first_hop += drop


def _smoothed(track: Array, position: Array) -> Array:
    """track: (H, C) hops; position: (T,) hops. Returns (T, C), summed in a fixed order, so that cuts do not change a bit."""
    before = np.floor(position)
    result = np.zeros((len(position), track.shape[1]))
    for offset in range(1 - _SMOOTH_HOPS, _SMOOTH_HOPS + 1):
        hop = before + offset
        weight = (0.5 + 0.5 * np.cos(np.pi * (hop - position) / _SMOOTH_HOPS)) / _SMOOTH_HOPS
        result += weight[:, None] * track[np.clip(hop.astype(np.int64), 0, len(track) - 1)]
    return result


def _look_ahead_hops(timing: LiveTiming) -> int:
    """As many as fit into what is wanted."""
    if timing.look_ahead_seconds is None:
        return _LIVE_LOOK_AHEAD_HOPS
    fit = int((timing.look_ahead_seconds - _LEAST_LOOK_AHEAD_SECONDS) * HOPS_PER_SECOND + 1e-6)
    return min(max(0, fit), LOOK_AHEAD_HOPS)


def _with_silence_at_ends(heard: Heard, counts: Sequence[int], ended: Sequence[bool]) -> tuple[Heard, list[int]]:
    """Silence after the last hop of each session that has ended."""
    stops = np.cumsum(counts).tolist()
    pieces = []
    for stop, count, end in zip(stops, counts, ended, strict=True):
        pieces.append(heard.values[stop - count : stop])
        if end:
            pieces.append(silence(LOOK_AHEAD_HOPS).values)
    return Heard(np.concatenate(pieces)), [
        count + LOOK_AHEAD_HOPS * end for count, end in zip(counts, ended, strict=True)
    ]


def _motion(fps: float, quats: Array, translation: Array, weights: NDArray[np.float32]) -> Motion:
    rig = ARKIT52 if weights.shape[1] == len(ARKIT52.curve_names) else ARKIT_TONGUE
    face = FaceCurves(rig.name, rig.curve_names, weights)
    return Motion(load_skeleton("smplx"), fps, quats.astype(np.float32), translation.astype(np.float32), face)
