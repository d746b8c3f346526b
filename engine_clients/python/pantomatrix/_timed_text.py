"""Files of timed text: `read_timed_text`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pantomatrix_models import timed_text_files
from pantomatrix_models.timed_text import plain_text

if TYPE_CHECKING:
    from pantomatrix_client.options import TimedText


def read_timed_text(path: str | os.PathLike[str]) -> TimedText:
    """What is said and when, from a file of a speech synthesizer or an aligner.

    Parameters
    ----------
    path : path
        JSON: a list of {"phone": ..., "start_s": ..., "end_s": ...}, in ARPABET or the IPA, or of "word" or "viseme" in place
        of "phone"; Azure's viseme events, Amazon Polly's speech marks, the timestamps of Cartesia, Inworld, ElevenLabs and
        Kokoro, Rhubarb's mouth cues. Or a TextGrid of Praat, as aligners write it. The content decides.

    Returns
    -------
    mapping
        {"alphabet": ..., "symbols": [{"symbol": ..., "start_seconds": ..., "end_seconds": ...}, ...]}, as `generate`, `live`
        and the clients take it. end_seconds is left out where the next symbol ends it.

    Raises
    ------
    FormatError
        The file has no timed text, or is damaged.
    InvalidInputError
        It has symbols that its alphabet does not have, or times out of order.
    """
    return plain_text(timed_text_files.read_timed_text(path))
