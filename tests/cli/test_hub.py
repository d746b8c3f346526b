"""Fetching from the Hugging Face hub, played by a server on this machine, and working without it afterwards."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkpoints import write_recurrent
from command_line import run_process
from folders import AUDIO
from local_hub import Hub, hub_settings, local_hub

pytestmark = pytest.mark.service


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    with local_hub(tmp_path / "repository") as address:
        yield address


def run(home: Path, hub: str, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process: the hub's library reads these settings when it is imported."""
    return run_process(*words, **{**hub_settings(home, hub), **environment})


def test_a_fetched_network_works_without_the_hub(hub: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    clip = AUDIO / "hu05_arctic_f.wav"
    before = run(home, hub, "generate", clip, "-o", tmp_path / "take.npz", "--model", "emage")
    assert before.returncode == 2
    assert "error: H-Liu1997/emage_audio: neither a folder nor fetched from the hub" in before.stderr
    assert not Hub.asked

    fetched = run(home, hub, "models", "fetch", "emage")
    assert fetched.returncode == 0, fetched.stderr
    assert fetched.stderr.index("non-commercial") < fetched.stderr.index("%")
    assert "fetched emage into" in fetched.stdout
    assert not any("unrelated" in path for path in Hub.asked if "resolve" in path)

    Hub.asked.clear()
    listed = run(home, hub, "models", "--json", HF_HUB_OFFLINE="1")
    ready = {row["name"]: row["ready"] for row in json.loads(listed.stdout)}
    assert ready == {"builtin": True, "camn": False, "disco": False, "emage": True}
    words = ("generate", clip, "-o", tmp_path / "take.npz", "--model", "emage", "--device", "cpu")
    made = run(home, hub, *words, HF_HUB_OFFLINE="1")
    assert made.returncode == 0, made.stderr
    assert "note: preparing" in made.stderr
    again = run(home, "http://127.0.0.1:9", *words, "--force")
    assert again.returncode == 0, again.stderr
    assert "preparing" not in again.stderr
    assert not Hub.asked


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    folder = write_recurrent(tmp_path / "disco", "disco")
    (tmp_path / "file").write_text("no folder")
    clip, out = AUDIO / "hu05_arctic_f.wav", tmp_path / "take.npz"
    words = ("generate", clip, "-o", out, "--model", f"disco={folder}", "--device", "cpu")
    made = run(tmp_path / "file" / "home", "http://127.0.0.1:9", *words)
    assert made.returncode == 2
    (line,) = made.stderr.splitlines()
    assert line.startswith("error: ")
    assert line.endswith("; HF_HOME names another place for the cache")
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "endpoint", "text"),
    [
        ("disco", "", "H-Liu1997/disco_audio: "),
        ("emage", "http://127.0.0.1:9", "H-Liu1997/emage_audio: the hub cannot be reached"),
        ("what is this", "", "what is this: no name that a repository could have"),
    ],
)
def test_what_cannot_be_fetched_says_why(name: str, endpoint: str, text: str, hub: str, tmp_path: Path) -> None:
    made = run(tmp_path / "home", endpoint or hub, "models", "fetch", name)
    assert made.returncode == 2, made.stderr
    (line,) = [line for line in made.stderr.splitlines() if line.startswith("error: ")]
    assert text in line
    assert "Traceback" not in made.stderr
