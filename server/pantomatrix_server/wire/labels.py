"""Labels: words of the caller's that come back in the header."""

from __future__ import annotations

from collections.abc import Mapping

from pantomatrix_models.errors import OptionError

_MOST, _LONGEST = 16, 256


def checked_labels(labels: Mapping[str, str], field: str) -> dict[str, str]:
    """Raises OptionError over their number or length."""
    if len(labels) > _MOST:
        raise OptionError(f"{len(labels)} labels, at most {_MOST} are allowed", field)
    for name, text in labels.items():
        if max(len(name), len(text)) > _LONGEST:
            raise OptionError(f"a label of more than {_LONGEST} characters: {name[:40]!r}", field)
    return dict(labels)
