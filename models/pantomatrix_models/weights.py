"""Where the weights of the published networks lie: a folder, or a repository on the Hugging Face hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import CheckpointError

EMAGE_SUBFOLDERS = tuple(f"emage_vq/{part}" for part in ("face", "upper", "hands", "lower", "global"))
_FILES = ("config.json", "model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class Published:
    """A published network. repository: its id on the hub."""

    repository: str
    license_text: str


_LICENSE = (
    "The weights are the authors' (Haiyang Liu and others, PantoMatrix), who say: for non-commercial research use. "
    "They are not part of this project and not under its licence; ask the authors before any other use."
)
WEIGHTS_LICENSE = "non-commercial, as the authors say; not part of this project"

PUBLISHED: Mapping[str, Published] = {
    "emage": Published("H-Liu1997/emage_audio", _LICENSE),
    "camn": Published("H-Liu1997/camn_audio", _LICENSE),
    "disco": Published("H-Liu1997/disco_audio", _LICENSE),
}


def _wanted_files() -> list[str]:
    """What to download of a repository, and nothing else of it."""
    return [f"{folder}/{name}" if folder else name for folder in ("", *EMAGE_SUBFOLDERS) for name in _FILES]


def find(place: str, subfolder: str = "", revision: str | None = None) -> Path:
    """The folder of a checkpoint that is on this machine: a path, or what the hub's cache has of a repository.

    Downloads nothing; `fetch` does. Raises CheckpointError.
    """
    path = Path(place).expanduser()
    if not path.exists():
        path = _cached(place, revision)
    folder = path / subfolder
    if not folder.is_dir():
        raise CheckpointError(f"{folder}: no such folder")
    return folder


def is_fetched(name: str) -> bool:
    """Whether the weights of a published network are in the hub's cache."""
    try:
        find(PUBLISHED[name].repository)
    except (CheckpointError, ModuleNotFoundError):
        return False
    return True


def _cached(place: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(place, revision=revision, allow_patterns=_wanted_files(), local_files_only=True))
    except LocalEntryNotFoundError:
        name = next((name for name, entry in PUBLISHED.items() if entry.repository == place), place)
        raise CheckpointError(
            f"{place}: neither a folder nor fetched from the hub; `pantomatrix models fetch {name}` does that"
        ) from None
    except HFValidationError:
        raise CheckpointError(f"{place}: no such folder, and no name that a repository could have") from None


def fetch(name: str, revision: str | None = None) -> Path:
    """Download a network's files from the hub into its cache, with a progress bar; what is there already is kept.

    name: of PUBLISHED, or a repository's id. Raises CheckpointError.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    entry = PUBLISHED.get(name, Published(name, ""))
    try:
        return Path(snapshot_download(entry.repository, revision=revision, allow_patterns=_wanted_files()))
    except HFValidationError:
        raise CheckpointError(f"{name}: no name that a repository could have") from None
    except LocalEntryNotFoundError as error:
        raise CheckpointError(f"{entry.repository}: the hub cannot be reached ({_first_line(error)})") from None
    except HfHubHTTPError as error:
        raise CheckpointError(f"{entry.repository}: {_first_line(error)}") from None
    except OSError as error:
        raise CheckpointError(f"{entry.repository}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
