"""python -m pantomatrix_tools.unity_meta engine_clients/unity: the .meta files that Unity wants beside every file and
folder of a package. Those that are there stay: their GUIDs are what scenes refer to."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

_IMPORTERS = {
    ".cs": "MonoImporter",
    ".asmdef": "AssemblyDefinitionImporter",
    ".md": "TextScriptImporter",
    ".asset": "NativeFormatImporter",
}
_OF_SCRIPTS = """  serializedVersion: 2
  defaultReferences: []
  executionOrder: 0
  icon: {instanceID: 0}
"""
_OF_ASSETS = """  mainObjectFileID: 11400000
"""
_FOR_WEBGL = """  externalObjects: {}
  serializedVersion: 2
  iconMap: {}
  executionOrder: {}
  defineConstraints: []
  isPreloaded: 0
  isOverridable: 0
  isExplicitlyReferenced: 0
  validateReferences: 1
  platformData:
  - first:
      Any:
    second:
      enabled: 0
      settings: {}
  - first:
      Editor: Editor
    second:
      enabled: 0
      settings:
        DefaultValueInitialized: true
  - first:
      WebGL: WebGL
    second:
      enabled: 1
      settings: {}
  userData:
  assetBundleName:
  assetBundleVariant:
"""
_OF_ALL = """  externalObjects: {}
  userData:
  assetBundleName:
  assetBundleVariant:
"""


def assets(package: Path) -> Iterator[Path]:
    """What Unity imports: not what begins with a point or ends with ~."""
    for path in sorted(package.iterdir()):
        if path.name.startswith(".") or path.name.endswith("~") or path.suffix == ".meta":
            continue
        yield path
        if path.is_dir():
            yield from assets(path)


def meta_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.meta")


def write(package: Path) -> None:
    for path in assets(package):
        if not meta_of(path).exists():
            meta_of(path).write_text(_text(path, package), encoding="utf-8", newline="\n")


def _text(path: Path, package: Path) -> str:
    name = f"pantomatrix/{path.relative_to(package).as_posix()}"
    guid = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    importer = _IMPORTERS.get(path.suffix, "DefaultImporter")
    if path.name == "package.json":
        importer = "PackageManifestImporter"
    if path.suffix == ".jslib":
        return f"fileFormatVersion: 2\nguid: {guid}\nPluginImporter:\n{_FOR_WEBGL}"
    folder = "folderAsset: yes\n" if path.is_dir() else ""
    own = {".cs": _OF_SCRIPTS, ".asset": _OF_ASSETS}.get(path.suffix, "")
    return f"fileFormatVersion: 2\nguid: {guid}\n{folder}{importer}:\n{own}{_OF_ALL}"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
