"""Every command and every piece of Python in the documentation is run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import trustme

import dev
from checkpoints import write_emage, write_recurrent
from command_line import command, run, run_process
from fbx_files import human
from folders import AUDIO, DATA, ROOT
from local_hub import hub_settings, local_hub
from server_process import ServerProcess

pytestmark = pytest.mark.service

PAGES = [
    page
    for page in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in ("out", "data", "node_modules") for part in page.relative_to(ROOT).parts)
]


def fences(language: str) -> list[tuple[str, str]]:
    """Page and text of each fenced block of that language."""
    return [
        (str(page.relative_to(ROOT)), block)
        for page in PAGES
        for block in re.findall(
            rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
    ]


COMMANDS = [(page, line) for page, block in fences("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the pages speak of."""
    folder = tmp_path_factory.mktemp("files")
    shutil.copy(AUDIO / "hu05_arctic_f.wav", folder / "take.wav")
    shutil.copy(AUDIO / "hu05_arctic_f.phones.json", folder / "take.phones.json")
    (folder / "takes").mkdir()
    shutil.copy(AUDIO / "hu01_librivox_m.wav", folder / "takes")
    assert run("generate", "take.wav", "-o", "take.npz", cwd=folder).returncode == 0
    shutil.copy(DATA / "strange_files" / "armature_scaled.glb", folder / "hero.glb")
    (folder / "hero.fbx").write_bytes(human().data())
    np.save(folder / "mat_final.npy", np.random.default_rng(0).standard_normal((51, 103)).astype(np.float32))
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    issued = ca.issue_cert("localhost")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    write_emage(folder / "checkpoints" / "emage")
    write_recurrent(folder / "checkpoints" / "disco", "disco")
    with local_hub(folder / "repository") as address:
        settings = hub_settings(Path(os.environ["HF_HOME"]), address)
        fetched = run_process("models", "fetch", "emage", **settings)
        assert fetched.returncode == 0, fetched.stderr
    return folder


@pytest.fixture
def workplace(files: Path, page: str) -> Path:
    """A copy of these files for a page, in which its commands run one after another."""
    folder = files.with_name(f"{files.name} of pages") / page.replace("/", " ")
    if not folder.exists():
        shutil.copytree(files, folder)
    return folder


def test_there_are_commands_and_pages() -> None:
    assert len(COMMANDS) > 8
    assert {"README.md", "docs/reference/contract.md", "engine_clients/python/README.md"} <= {
        str(p.relative_to(ROOT)) for p in PAGES
    }


@pytest.mark.usefixtures("compiled_onsets")
@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_command(page: str, line: str, workplace: Path, server: ServerProcess) -> None:
    words = shlex.split(line)
    environment = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    if words[0] == "pip":
        for target in words[2:]:
            check_installable(target)
    elif words[:2] == ["python3", "dev.py"]:
        assert f"python3 dev.py {words[2]} " in (dev.__doc__ or "")
    elif words[0] == "python3":
        words[words.index("--minutes") + 1] = "0.05"
        subprocess.run([sys.executable, *words[1:]], cwd=ROOT, check=True, capture_output=True)
    elif words[1] == "health":
        result = run(*words[1:], PANTOMATRIX_PORT=server.address.rsplit(":", 1)[1])
        assert result.returncode == 0, result.stderr
    elif words[1] == "serve" and "--print-config" not in words:
        starts([*words, "--port", "0"], environment, workplace, "listening on")
    elif words[1] == "preview":
        starts([*words, "--no-browser"], environment, workplace, "preview at")
    elif {"|", ">", ">>"} & set(words):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        shell = ["bash", "-o", "pipefail", "-c", line]
        result = subprocess.run(shell, cwd=workplace, capture_output=True, text=True, env={**os.environ, "PATH": path})
        assert result.returncode == 0, result.stderr
    else:
        assert words[0] == "pantomatrix", f"{page}: this test does not know how to try {line!r}"
        result = run(*words[1:], cwd=workplace, **environment)
        assert result.returncode == 0, result.stderr


def check_installable(target: str) -> None:
    folder, _, extras = target.rstrip("]").partition("[")
    project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
    assert not extras or set(extras.split(",")) <= set(project["optional-dependencies"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_to_be_installed_is_there(page: Path) -> None:
    """In the running text and in tables too. What is not published is installed from its folder."""
    for line in re.findall(r"pip install ([^`\n]+)", page.read_text(encoding="utf-8")):
        for target in shlex.split(line.replace("\\|", "|")):
            assert not target.startswith("pantomatrix"), f"{page.name}: {target} is on no registry"
            if target.startswith("."):
                check_installable(target)


def starts(words: list[str], environment: dict[str, str], workplace: Path, says: str) -> None:
    own = {**os.environ, **environment}
    with subprocess.Popen(
        command(*words[1:]), cwd=workplace, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=own
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        server.kill()
    assert says in line


@pytest.mark.parametrize(("page", "code"), fences("python"))
def test_python(page: str, code: str, workplace: Path, server: ServerProcess) -> None:
    code = code.replace("localhost:50051", server.address)
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=workplace, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
