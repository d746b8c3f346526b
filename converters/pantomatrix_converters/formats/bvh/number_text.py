"""Numbers out of text, quickly: the text is taken apart as arrays, a piece of it at a time, so that memory follows the
numbers and not the lines, however long those are."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...finite_numbers import LARGEST, are_finite

_PIECE = 1 << 18
"""Bytes of text that are looked at at once: what fits into a processor's cache."""
_LONGEST = 1 << 10
"""Bytes of a word beyond which it is no number."""
_WORD = 8
"""Digits that one 64-bit integer holds as text."""
_MOST_DIGITS = 15
"""Integers of this many digits, and powers of ten below 10^16, are exact in float64: so is their quotient's rounding."""
_TENS = 10.0 ** np.arange(_MOST_DIGITS + 1)
_KEPT = np.array(
    [0] + [0xFFFFFFFFFFFFFFFF << 8 * (_WORD - kept) & 0xFFFFFFFFFFFFFFFF for kept in range(1, 9)], np.uint64
)
_ZEROS, _ABOVE_NINE, _HIGH_BITS = (np.uint64(byte * 0x0101010101010101) for byte in (0x30, 0x76, 0x80))
_SPACES = np.zeros(256, bool)
_SPACES[list(b" \t\n\v\f\r")] = True


@dataclass
class NotANumberError(ValueError):
    """A word of a text that is no number, or no finite one, and where it begins."""

    word: str
    position: int


def numbers_in(text: memoryview) -> Iterator[NDArray[np.float64]]:
    """The numbers of a text with white space between them, in several arrays. Raises NotANumberError."""
    start = 0
    while start < len(text):
        stop = min(len(text), start + _PIECE)
        if stop < len(text):
            stop = _after_last_space(text, start, stop)
        piece = text[start:stop]
        values = _plain_numbers(piece)
        if values is None:
            values = _any_numbers(piece, start)
        yield values
        start = stop


def _after_last_space(text: memoryview, start: int, stop: int) -> int:
    """Where the last word before `stop` begins, so that none is cut. Raises NotANumberError if it is too long to be one."""
    tail_start = max(start, stop - _LONGEST)
    spaces = np.flatnonzero(_SPACES[np.frombuffer(text[tail_start:stop], np.uint8)])
    if not len(spaces):
        raise NotANumberError(_shown(text[tail_start:stop]), tail_start)
    return tail_start + int(spaces[-1]) + 1


def _any_numbers(piece: memoryview, start: int) -> NDArray[np.float64]:
    words = bytes(piece).split()
    with contextlib.suppress(ValueError):
        values = np.fromiter(map(float, words), np.float64, len(words))
        if are_finite(values):
            return values
    raise next(
        NotANumberError(_shown(word[0]), start + word.start())
        for word in re.finditer(rb"[^ \t\n\v\f\r]+", piece)
        if not _is_finite(word[0])
    )


def _is_finite(word: bytes) -> bool:
    try:
        return abs(float(word)) <= LARGEST
    except ValueError:
        return False


def _shown(word: bytes | memoryview) -> str:
    return bytes(word[:40]).decode("latin-1")


def _plain_numbers(piece: memoryview) -> NDArray[np.float64] | None:
    """Numbers such as -12.345600, of at most 8 digits before and after the point and 15 in all; None if one is another."""
    text = np.empty(_WORD + len(piece) + 1, np.uint8)  # so that eight bytes can be taken before any place
    text[:_WORD] = text[-1] = ord(" ")
    text[_WORD:-1] = np.frombuffer(piece, np.uint8)
    edges = np.flatnonzero(np.diff(_SPACES[text])) + 1
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return np.zeros(0)
    points = _points(text, starts, ends)
    if points is None:
        return None
    first = text[starts]
    negative = first == ord("-")
    whole_digits = points - starts - (negative | (first == ord("+")))
    decimals = np.maximum(ends - points - 1, 0)
    digits = whole_digits + decimals
    if max(whole_digits.max(), decimals.max()) > _WORD or digits.min() < 1 or digits.max() > _MOST_DIGITS:
        return None
    # Eight bytes as one integer, at every place; the first letter is the lowest byte.
    words = np.ndarray((len(text) - _WORD + 1,), "<u8", text, strides=(1,))
    whole, fraction = _eight_digits(words[points - _WORD], whole_digits), _eight_digits(words[ends - _WORD], decimals)
    if whole is None or fraction is None:
        return None
    power = _TENS[decimals]
    values = (whole * power + fraction) / power
    return np.negative(values, out=values, where=negative)


def _points(text: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.intp] | None:
    """Where each word's decimal point is, or its end; None if a word has two."""
    found = np.flatnonzero(text == ord("."))
    if len(found) == len(starts) and (found >= starts).all() and (found < ends).all():
        return found
    points = ends.copy()
    whose = np.searchsorted(starts, found, side="right") - 1
    if (np.diff(whose) == 0).any():
        return None
    points[whose] = found
    return points


def _eight_digits(words: NDArray[np.uint64], count: NDArray[np.intp]) -> NDArray[np.float64] | None:
    """The numbers that the last `count` letters of each word are; None if one is no digit. All eight digits are added up at
    once, by pairs, then pairs of pairs (Lemire, "Quickly parsing eight digits", 2018)."""
    digits = (words ^ _ZEROS) & _KEPT[count]
    if (((digits + _ABOVE_NINE) | digits) & _HIGH_BITS).any():
        return None
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    low, high = pairs & np.uint64(0x000000FF000000FF), (pairs >> np.uint64(16)) & np.uint64(0x000000FF000000FF)
    total = low * np.uint64(100 + (1000000 << 32)) + high * np.uint64(1 + (10000 << 32))
    return (total >> np.uint64(32)).astype(np.float64)
