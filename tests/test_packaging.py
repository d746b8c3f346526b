"""What is installed without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import ROOT


def test_the_wheel_holds_all_that_a_server_needs(tmp_path: Path) -> None:
    """A server runs from the unpacked wheel, with nothing of the checkout in its way."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("pantomatrix-*.whl")
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    code = (
        "import sys\n"
        f"sys.path[:] = [{str(unpacked)!r}] + [path for path in sys.path if not path.startswith({str(ROOT)!r}) or '.venv' in path]\n"
        "import pantomatrix_server.serve, pantomatrix_client, nvidia_ace_compat\n"
        "from pantomatrix_models.builtin.model import BuiltinModel\n"
        "from pantomatrix_models.model import UtteranceOptions\n"
        "from pantomatrix_viewer.character import PAGE, character_skeleton\n"
        "assert len(character_skeleton()) == 52\n"
        "assert {path.name for path in PAGE.rglob('*')} >= {'index.html', 'main.js', 'three.module.min.js', 'LICENSE'}\n"
        "import numpy as np\n"
        "session = BuiltinModel().open(UtteranceOptions('default', 30.0))\n"
        "session.push(np.zeros(16000, np.float32))\n"
        "print(pantomatrix_server.serve.__file__, nvidia_ace_compat.__path__[0], len(session.finish()))\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert all(place.startswith(str(unpacked)) for place in said[:2]), said
    assert int(said[2]) > 0
