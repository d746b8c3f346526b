"""Alphabets in which synthesizers name what is said, in letters of the International Phonetic Alphabet."""

from __future__ import annotations

IPA_LETTERS = frozenset("iɪeɛæaɐɑʌəɜɚɨᵻɯɤuʊoɔɒyʏøœʉɵɘpbmɓfvɱⱱɸβwʍθðtdɗʈɖnɳɾlɫɭʎɬɮszɕʑʃʒʂʐrɹɻʀʁɽjʝɥkɡgqxɣχcɟŋɲɴçhɦħʕʔ")
"""Letters of phones, without the marks of length, stress and tone."""

SILENCES = frozenset(("", "sil", "sp", "spn", "pau", "<eps>", "#", "_", "-", "."))
"""Names of silence, in small letters, of phones in the IPA and in ARPABET."""

ARPABET = {
    "aa": "ɑ", "ae": "æ", "ah": "ʌ", "ao": "ɔ", "aw": "aʊ", "ax": "ə", "ay": "aɪ", "eh": "ɛ", "er": "ɚ", "ey": "eɪ",
    "ih": "ɪ", "iy": "i", "ow": "oʊ", "oy": "ɔɪ", "uh": "ʊ", "uw": "u", "b": "b", "ch": "tʃ", "d": "d", "dh": "ð", "f": "f",
    "g": "ɡ", "hh": "h", "jh": "dʒ", "k": "k", "l": "l", "m": "m", "n": "n", "ng": "ŋ", "p": "p", "r": "r", "s": "s",
    "sh": "ʃ", "t": "t", "th": "θ", "v": "v", "w": "w", "y": "j", "z": "z", "zh": "ʒ",
}  # fmt: skip
"""The phones of CMU's dictionary (http://www.speech.cs.cmu.edu/cgi-bin/cmudict), without digits of stress."""

KOKORO = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "T": "ɾ"}
"""Kokoro's letters beyond the IPA (https://github.com/hexgrad/misaki, EN_PHONES.md)."""

_AZURE = (
    "",
    "ʌ",
    "ɑ",
    "ɔ",
    "ɛ",
    "ɚ",
    "i",
    "u",
    "o",
    "aʊ",
    "ɔɪ",
    "aɪ",
    "h",
    "r",
    "l",
    "s",
    "ʃ",
    "ð",
    "f",
    "t",
    "k",
    "p",
)

VISEMES = {
    # https://learn.microsoft.com/azure/ai-services/speech-service/how-to-speech-synthesis-viseme; SAPI's are the same.
    "azure_visemes": {str(number): letters for number, letters in enumerate(_AZURE)},
    # https://developers.meta.com/horizon/documentation/unity/audio-ovrlipsync-viseme-reference
    "ovr_visemes": {
        "sil": "", "PP": "p", "FF": "f", "TH": "θ", "DD": "t", "kk": "k", "CH": "ʃ", "SS": "s", "nn": "n", "RR": "r",
        "aa": "ɑ", "E": "ɛ", "ih": "ɪ", "oh": "o", "ou": "u", "I": "ɪ", "O": "o", "U": "u",
    },
    # https://docs.inworld.ai/tts/capabilities/timestamps
    "inworld_visemes": {
        "sil": "", "aei": "ɛ", "bmp": "p", "cdgknstxyz": "t", "chjsh": "ʃ", "ee": "i", "fv": "f", "l": "l", "o": "o",
        "qw": "w", "r": "r", "th": "θ", "u": "u",
    },
    # https://docs.aws.amazon.com/polly/latest/dg/ref-phoneme-tables-shell.html
    "polly_visemes": {
        "sil": "", "p": "p", "t": "t", "S": "ʃ", "T": "θ", "f": "f", "k": "k", "i": "i", "r": "r", "s": "s", "u": "u",
        "l": "l", "@": "ə", "a": "a", "e": "e", "E": "ɛ", "o": "o", "O": "ɔ", "B": "β", "J": "ɲ",
    },
    # https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes
    "rhubarb_visemes": {"A": "p", "B": "s", "C": "ɛ", "D": "ɑ", "E": "ɔ", "F": "u", "G": "f", "H": "l", "X": ""},
}  # fmt: skip
"""Alphabet -> viseme -> a phone that looks like it."""
