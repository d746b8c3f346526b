"""Files of timed text, as synthesizers and aligners write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import pantomatrix as pm

pytestmark = pytest.mark.unit

# Shortened answers; the documentation of each service has the whole.
AZURE = [{"audio_offset": 500_000, "viseme_id": 0}, {"audio_offset": 1_000_000, "viseme_id": 21}]
AZURE_IN_CAPITALS = [{"AudioOffset": 500_000, "VisemeId": 0}, {"AudioOffset": 1_000_000, "VisemeId": 21}]
POLLY = """{"time":0,"type":"sentence","start":0,"end":23,"value":"Mary had a little lamb."}
{"time":6,"type":"word","start":0,"end":4,"value":"Mary"}
{"time":6,"type":"viseme","value":"p"}
{"time":73,"type":"viseme","value":"E"}"""
POLLY_WORDS = '{"time":6,"type":"word","start":0,"end":4,"value":"Mary"}'
RHUBARB = {"metadata": {"duration": 0.1}, "mouthCues": [{"start": 0.0, "end": 0.1, "value": "X"}]}
CARTESIA = {
    "type": "phoneme_timestamps",
    "phoneme_timestamps": {"phonemes": ["h", "oʊ"], "start": [0.1, 0.2], "end": [0.2, 0.4]},
}
CARTESIA_WORDS = {"type": "timestamps", "word_timestamps": {"words": ["Hello"], "start": [0], "end": [0.4]}}
INWORLD = {
    "audioContent": "",
    "timestampInfo": {
        "wordAlignment": {
            "words": ["Hey", "!"],
            "wordStartTimeSeconds": [0.1, 0.3],
            "wordEndTimeSeconds": [0.3, 0.35],
            "phoneticDetails": [
                {
                    "wordIndex": 0,
                    "phones": [
                        {
                            "phoneSymbol": "h",
                            "startTimeSeconds": 0.1,
                            "durationSeconds": 0.1,
                            "visemeSymbol": "cdgknstxyz",
                        },
                        {"phoneSymbol": "e", "startTimeSeconds": 0.2, "durationSeconds": 0.1, "visemeSymbol": "aei"},
                    ],
                }
            ],
        }
    },
}
ELEVENLABS = {
    "audio_base64": "",
    "alignment": {
        "characters": list("Hi, you"),
        "character_start_times_seconds": [0.0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7],
        "character_end_times_seconds": [0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8],
    },
}
KOKORO = [
    {"text": "Hello", "phonemes": "həlˈO", "start_ts": 0.275, "end_ts": 0.65},
    {"text": ".", "phonemes": ".", "start_ts": None, "end_ts": None},
]
TEXT_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 0.5
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 0.5
        intervals: size = 1
        intervals [1]:
            xmin = 0
            xmax = 0.5
            text = "am"
    item [2]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0
        xmax = 0.5
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.2
            text = "AE1"
        intervals [2]:
            xmin = 0.2
            xmax = 0.3
            text = "M"
        intervals [3]:
            xmin = 0.3
            xmax = 0.5
            text = ""
"""


@pytest.mark.parametrize(
    ("content", "alphabet", "symbols"),
    [
        ([{"phone": "P", "start_s": 0.1, "end_s": 0.2}], "arpabet", [("P", 0.1, 0.2)]),
        ([{"phone": "pʰ", "start_s": 0.1, "end_s": 0.2}], "ipa", [("pʰ", 0.1, 0.2)]),
        ([{"viseme": "PP", "start_s": 0.1}], "ovr_visemes", [("PP", 0.1)]),
        ([{"word": "so", "start_s": 0.1, "end_s": 0.2}], "words", [("so", 0.1, 0.2)]),
        ({"alphabet": "words", "symbols": [{"symbol": "so", "start_seconds": 1.0}]}, "words", [("so", 1.0)]),
        (AZURE, "azure_visemes", [("0", 0.05), ("21", 0.1)]),
        (AZURE_IN_CAPITALS, "azure_visemes", [("0", 0.05), ("21", 0.1)]),
        (POLLY, "polly_visemes", [("p", 0.006), ("E", 0.073)]),
        (POLLY_WORDS, "words", [("Mary", 0.006)]),
        (RHUBARB, "rhubarb_visemes", [("X", 0.0, 0.1)]),
        (CARTESIA, "ipa", [("h", 0.1, 0.2), ("oʊ", 0.2, 0.4)]),
        ([CARTESIA_WORDS, CARTESIA], "ipa", [("h", 0.1, 0.2), ("oʊ", 0.2, 0.4)]),
        (CARTESIA_WORDS, "words", [("Hello", 0, 0.4)]),
        (INWORLD, "inworld_visemes", [("cdgknstxyz", 0.1, 0.2), ("aei", 0.2, pytest.approx(0.3))]),
        ({"result": INWORLD}, "inworld_visemes", [("cdgknstxyz", 0.1, 0.2), ("aei", 0.2, pytest.approx(0.3))]),
        (ELEVENLABS, "words", [("Hi", 0.0, 0.2), ("you", 0.5, 0.8)]),
        (KOKORO, "kokoro", [("həlˈO", 0.275, 0.65)]),
        (TEXT_GRID, "arpabet", [("AE1", 0.0, 0.2), ("M", 0.2, 0.3), ("", 0.3, 0.5)]),
    ],
)
def test_each_format(tmp_path: Path, content: Any, alphabet: str, symbols: list[tuple]) -> None:
    path = tmp_path / "said"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    text = pm.read_timed_text(path)
    assert text["alphabet"] == alphabet
    assert [tuple(entry.values()) for entry in text["symbols"]] == symbols


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        ("hello", pm.errors.FormatError, "neither JSON nor a TextGrid"),
        ("{}", pm.errors.FormatError, "no timed text, expected one of"),
        ("[]", pm.errors.FormatError, "no timed text, expected one of"),
        ('{"alphabet": "latin"}', pm.errors.InvalidInputError, "alphabet is 'latin', expected one of ipa"),
        ('[{"phone": "QQ", "start_s": 0}]', pm.errors.InvalidInputError, "arpabet does not have 'QQ'"),
        (
            '[{"phone": "P", "start_s": "soon"}]',
            pm.errors.InvalidInputError,
            "start_seconds is 'soon', expected seconds",
        ),
        ('{"mouthCues": [{"value": "A"}]}', pm.errors.FormatError, "damaged: KeyError('start')"),
        (
            TEXT_GRID.replace("words", "notes").replace("phones", "pitch"),
            pm.errors.FormatError,
            "tiers notes, pitch, expected",
        ),
    ],
)
def test_what_is_none_is_refused_with_the_files_name(tmp_path: Path, content: str, kind: type, message: str) -> None:
    path = tmp_path / "said.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(kind) as caught:
        pm.read_timed_text(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(pm.errors.FormatError, match="none.json"):
        pm.read_timed_text(tmp_path / "none.json")
