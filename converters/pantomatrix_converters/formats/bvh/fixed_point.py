"""Arrays of numbers as text with a fixed number of decimals, quickly."""

from __future__ import annotations

import numpy as np


def fixed_point_lines(values: np.ndarray, decimals: int) -> bytes:
    """Numbers as text, a row a line, with `decimals` digits after the point. Digit columns are computed for the whole
    array at once.

    values: (T, C), finite. Returns lines that end in "\\n"; numbers are right-aligned in columns of one width.
    """
    frames, channels = values.shape
    if values.size == 0:
        return b"\n" * frames
    scaled = np.rint(values * 10.0**decimals).astype(np.int64)
    magnitude = np.abs(scaled)
    integer_digits = max(1, len(str(int(magnitude.max()) // 10**decimals)))
    width = integer_digits + decimals + 3
    text = np.full((frames, channels, width), ord(" "), np.uint8)
    rest = magnitude if magnitude.max() > np.iinfo(np.uint32).max else magnitude.astype(np.uint32)
    zero = np.uint8(ord("0"))
    for place in range(decimals):
        quotient = rest // rest.dtype.type(10)
        text[..., width - 1 - place] = (rest - quotient * rest.dtype.type(10)).astype(np.uint8) + zero
        rest = quotient
    text[..., width - 1 - decimals] = ord(".")
    sign_column = np.full((frames, channels), width - 2 - decimals, np.intp)
    for place in range(integer_digits):
        column = width - 2 - decimals - place
        quotient = rest // rest.dtype.type(10)
        digit = (rest - quotient * rest.dtype.type(10)).astype(np.uint8) + zero
        shown = (rest > 0) if place else np.ones(rest.shape, bool)
        text[..., column] = np.where(shown, digit, ord(" "))
        sign_column[shown] = column - 1
        rest = quotient
    negative = np.nonzero(scaled < 0)
    text[(*negative, sign_column[negative])] = ord("-")
    lines = np.full((frames, channels * width + 1), ord("\n"), np.uint8)
    lines[:, :-1] = text.reshape(frames, -1)
    return lines.tobytes()
