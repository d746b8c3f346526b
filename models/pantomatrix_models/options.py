"""What a caller may ask of a motion that is made from speech. Imports nothing heavy: the command line reads its flags from
here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pantomatrix_converters.editing.option_kinds import (
    TEXT,
    VALUES,
    one_of,
    option,
    record_of,
    strengths_in_time,
    whole_number,
)
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.ranges import SEED

from .timed_text import TimedText
from .timed_text_files import TIMED_TEXT

if TYPE_CHECKING:
    from .constraints import PoseConstraint


class Emotion(StrEnum):
    """What a speaker feels."""

    AMAZEMENT = "amazement"
    ANGER = "anger"
    CHEEKINESS = "cheekiness"
    DISGUST = "disgust"
    FEAR = "fear"
    GRIEF = "grief"
    JOY = "joy"
    OUT_OF_BREATH = "out_of_breath"
    PAIN = "pain"
    SADNESS = "sadness"


SHOWN_AS = {
    Emotion.AMAZEMENT: "Brows and lids up, the mouth rounder and wider open.",
    Emotion.ANGER: "Brows down and together, lower teeth and chin forward; leans in, gestures large and fast.",
    Emotion.CHEEKINESS: "A smile and a lowered brow on one side, the other brow up, the head tilted.",
    Emotion.DISGUST: "Nose wrinkled, upper lip up, the head back and away.",
    Emotion.FEAR: "Inner brows and lids up, corners of the mouth drawn out; shoulders up, draws back, trembles.",
    Emotion.GRIEF: "As in crying: inner brows up, eyes narrow, lower lip up; bowed, hardly a gesture.",
    Emotion.JOY: "A smile with teeth that reaches the eyes; upright, gestures large.",
    Emotion.OUT_OF_BREATH: "Breathes deeply and quickly, cheeks puffed, bent forward.",
    Emotion.PAIN: "Brows down, eyes pressed together, the mouth drawn to one side; shoulders up.",
    Emotion.SADNESS: "Inner brows up, corners of the mouth down, lids low; sunken, slow.",
}
"""What is seen of each."""

_OTHER_WORDS = {
    Emotion.AMAZEMENT: ("amazed", "astonished", "astonishment", "surprise", "surprised"),
    Emotion.ANGER: ("angry", "furious", "mad", "rage"),
    Emotion.CHEEKINESS: ("cheeky", "mischievous", "playful", "smug"),
    Emotion.DISGUST: ("disgusted",),
    Emotion.FEAR: ("afraid", "fearful", "frightened", "scared"),
    Emotion.GRIEF: ("crying", "grieving", "mourning"),
    Emotion.JOY: ("cheerful", "glad", "happiness", "happy", "joyful", "smile"),
    Emotion.OUT_OF_BREATH: ("breathless", "exhausted", "panting"),
    Emotion.PAIN: ("hurt", "painful", "suffering"),
    Emotion.SADNESS: ("depressed", "sad", "sorrow", "unhappy"),
}
EMOTIONS_ALSO_CALLED = {word: str(emotion) for emotion, words in _OTHER_WORDS.items() for word in words}
"""Other words for emotions -> the emotion's name: they are not accepted, the error names what is meant."""


class Expression(StrEnum):
    """How a face looks where it neither speaks nor feels."""

    NEUTRAL = "neutral"
    FRIENDLY = "friendly"
    SERIOUS = "serious"


EmotionStrengths = tuple[tuple[Emotion, float], ...]
"""How strongly each is felt, 0 to 1."""


class EmotionKey(NamedTuple):
    """What is felt from a time of the speech on, seconds, until the next key."""

    seconds: float
    emotions: EmotionStrengths


def felt_at_first(keys: tuple[EmotionKey, ...]) -> EmotionStrengths:
    """At 0 s."""
    return keys[0].emotions if keys and keys[0].seconds == 0.0 else ()


@dataclass(frozen=True)
class Gestures:
    """How freely a speaker gestures: factors on how far hands and head go, 0 to 2, and on how many gestures there are, 0.25
    to 2."""

    amplitude: float = 1.0
    rate: float = 1.0


USUAL_GESTURES = Gestures()


class Timing(StrEnum):
    """Frame k is at k / fps; or as the publications' code lays frames in time, with its drift."""

    EXACT = "exact"
    REFERENCE = "reference"


@dataclass(frozen=True)
class MotionOptions(MotionEdits):
    """Options of one motion; see options.proto for each. Empty strings, 0 fps and empty tuples mean the default."""

    model: str = option("", TEXT, "See `pantomatrix models`; a network: NAME as fetched, or NAME=PATH.", "builtin")
    speaker: str = option("", TEXT, "A speaker of the model.", "the model's first")
    seed: int = option(0, whole_number(SEED), "Same audio, options and seed: same motion.")
    constraints: tuple[PoseConstraint, ...] = option((), VALUES, "Poses that the motion passes through.")
    timing: Timing = option(
        Timing.EXACT, one_of(Timing, "timing"), "exact, or reference: as the networks' publications."
    )
    gestures: Gestures = option(
        USUAL_GESTURES,
        record_of(Gestures),
        "How far hands and head go (0 to 2) and how many gestures there are (0.25 to 2), such as amplitude=1.2,rate=0.5.",
        "1 for both",
    )
    emotions: tuple[EmotionKey, ...] = option(
        (),
        strengths_in_time(EmotionKey, Emotion, "emotion", EMOTIONS_ALSO_CALLED),
        "What the speaker feels, 0 to 1, such as joy=0.6,amazement=0.2. A name alone is 1. From a second on: 2.5:anger=0.5.",
        "none",
    )
    timed_text: TimedText | None = option(
        None,
        TIMED_TEXT,
        "A file that says when each phone, viseme or word is said: lips follow it.",
        "none, lips follow the sound",
    )
    expression: Expression = option(
        Expression.NEUTRAL,
        one_of(Expression, "expression", empty=Expression.NEUTRAL),
        "How the face looks where it neither speaks nor feels: neutral, friendly or serious.",
    )
