"""What is kept of a request in the files of its motion."""

from __future__ import annotations

from typing import Any

from pantomatrix_converters.editing.option_kinds import plain_options
from pantomatrix_converters.provenance import Provenance

from .options import MotionOptions

_NAMED = ("model", "speaker", "seed", "constraints", "timed_text")


def provenance_of(options: MotionOptions, speaker: str, speech: str) -> Provenance:
    """speaker: who was heard, where the options leave that to the model. speech: a file's name."""
    plain = {name: _plain(value) for name, value in plain_options(options).items() if name not in _NAMED}
    if options.constraints:
        plain["known_poses"] = len(options.constraints)
    if options.timed_text is not None:
        plain["timed_symbols"] = len(options.timed_text.symbols)
    return Provenance(speech, options.model or "builtin", speaker, options.seed, plain)


def _plain(value: Any) -> Any:
    """Skeletons and axes of the caller's own by their names."""
    return getattr(value, "name", value)
