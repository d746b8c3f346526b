"""Tests that need a program which not every machine has."""

from __future__ import annotations

import os

import pytest


def needs(found: object, what: str) -> pytest.MarkDecorator:
    """A mark for tests that need what `.ci/run` installs: without it they are skipped here, and fail in CI.

    found: whether it is there, by its truth.
    """
    return pytest.mark.needs(bool(found), what)


def check_needs(item: pytest.Item) -> None:
    """Skip a test whose marks say that something is missing, or fail it where PANTOMATRIX_ALL_TOOLS is set, as in CI."""
    for mark in item.iter_markers("needs"):
        found, what = mark.args
        if found:
            continue
        if os.environ.get("PANTOMATRIX_ALL_TOOLS"):
            pytest.fail(f"{what}: not installed, but .ci/run installs it", pytrace=False)
        pytest.skip(f"{what}: not installed")
