"""What computes a network: ONNX Runtime on CPUs, torch on GPUs (and on CPUs that have no ONNX Runtime).

The first load of a checkpoint writes its stages as ONNX files into a cache folder, later loads read only those: they take a
second instead of ten and need no torch.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import StartError

if TYPE_CHECKING:
    from ..networks.execution import Stage

log = logging.getLogger("pantomatrix")

PRECISIONS = ("fp32", "int8", "fp16", "bf16")
DEVICES = ("auto", "cpu", "cuda")

_GEMM_BECOMES = "_MatMul"
"""What ONNX Runtime's quantisation appends to the name of a Gemm node, which it splits first."""
_TRANSFORMER = "/layers."
"""In the names of what int8 makes smaller, beside LSTMs; heads and codebooks, which choose codes, stay as they are."""


class Engine(Protocol):
    """Computes one stage."""

    def __call__(self, **inputs: NDArray) -> tuple[NDArray, ...]:
        """Arrays by the inputs' names. Returns the outputs in order. Raises MemoryError."""
        ...


class OnnxEngine:
    """A stage in ONNX Runtime, on CPUs."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.enable_mem_pattern = False  # it keeps a plan for every length of clip
        # Threads that look for work without rest take half a core a live stream, and that from the other stages' threads.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, **inputs: NDArray) -> tuple[NDArray, ...]:
        """See Engine."""
        from onnxruntime.capi.onnxruntime_pybind11_state import RuntimeException

        try:
            return tuple(np.asarray(output) for output in self._session.run(None, inputs))
        except RuntimeException as error:
            if "alloc" in str(error):
                raise MemoryError(str(error)) from None
            raise


def load_engines(
    names: Sequence[str],
    build: Callable[[], Mapping[str, Stage]],
    sources: Sequence[Path],
    device: str,
    precision: str,
) -> dict[str, Engine]:
    """An engine for each stage of a network.

    names: of the stages; build: makes them from the checkpoint; sources: the checkpoint's folders. Raises StartError for a
    device or precision that is not there, and what `build` raises.
    """
    device = _checked_device(device, precision)
    if device == "cpu" and _has_onnx_runtime():
        return _onnx_engines(names, build, sources, precision)
    from ..networks.execution import TorchEngine

    if precision == "int8":
        raise StartError("precision int8 needs ONNX Runtime on a CPU: pip install onnxruntime onnx")
    return {name: TorchEngine(stage, device, precision) for name, stage in build().items()}


def _checked_device(device: str, precision: str) -> str:
    if device not in DEVICES:
        raise StartError(f"device {device!r} is not known, expected one of {', '.join(DEVICES)}")
    if precision not in PRECISIONS:
        raise StartError(f"precision {precision!r} is not known, expected one of {', '.join(PRECISIONS)}")
    if device == "auto" and precision == "int8":
        return "cpu"
    if device != "cpu":
        found = _gpu_is_there()
        if device == "cuda" and not found:
            raise StartError("device cuda is not there: torch finds no GPU")
        device = "cuda" if found else "cpu"
    if device == "cpu" and precision in ("fp16", "bf16"):
        raise StartError(f"precision {precision} is for GPUs; on a CPU there are fp32 and int8")
    if device == "cuda" and precision == "int8":
        raise StartError("precision int8 is for CPUs; on a GPU there are fp32, fp16 and bf16")
    return device


def _gpu_is_there() -> bool:
    """Asks torch, whose import takes a second, only where there is a driver."""
    if shutil.which("nvidia-smi") is None:
        return False
    from ..networks.execution import cuda_is_there

    return cuda_is_there()


def _has_onnx_runtime() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("onnxruntime", "onnx"))


# ---------------------------------------------------------------------------------------------- ONNX Runtime's files


def _onnx_engines(
    names: Sequence[str], build: Callable[[], Mapping[str, Stage]], sources: Sequence[Path], precision: str
) -> dict[str, Engine]:
    try:
        folder = _cache_folder(sources)
        files = {name: folder / f"{_fingerprint(sources)}-{name}-{precision}.onnx" for name in names}
        if not all(path.is_file() for path in files.values()):
            log.info("preparing %s for ONNX Runtime, which is done once and takes a while", sources[0])
            _write(build(), files, precision)
            _remove_older(folder, set(files.values()), precision)
    except OSError as error:
        text = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise StartError(f"{text}; HF_HOME names another place for the cache") from None
    return {name: OnnxEngine(path) for name, path in files.items()}


def _cache_folder(sources: Sequence[Path]) -> Path:
    from huggingface_hub import cached_assets_path

    place = hashlib.sha256(str(sources[0].resolve()).encode()).hexdigest()[:16]
    try:
        return cached_assets_path("pantomatrix", namespace="onnx", subfolder=place)
    except ValueError as error:  # how the hub's library says that a file stands where a folder should
        raise NotADirectoryError(str(error)) from None


def _fingerprint(sources: Sequence[Path]) -> str:
    """Changes with any of the checkpoint's files and with the code that writes the networks."""
    here = Path(__file__)
    folders = (here.parents[1] / name for name in ("networks", "emage", "recurrent"))
    written_by = (here, *(path for folder in folders for path in sorted(folder.glob("*.py"))))
    code = [path.read_text(encoding="utf-8") for path in written_by]
    files = [
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for source in sources
        for path in sorted(source.iterdir())
        if path.is_file()
    ]
    return hashlib.sha256(json.dumps([code, files]).encode()).hexdigest()[:16]


def _write(stages: Mapping[str, Stage], files: Mapping[str, Path], precision: str) -> None:
    """Each file appears whole or not at all."""
    from ..networks.execution import write_onnx

    for name, path in files.items():
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            written = Path(scratch) / "stage.onnx"
            write_onnx(stages[name], written)
            if precision == "int8":
                written = _quantised(written)
            written.replace(path)


def _quantised(path: Path) -> Path:
    """The matrices of transformers and LSTMs in 8 bits, what they multiply by its range at run time."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target = path.with_name("quantised.onnx")
    nodes = onnx.load(path, load_external_data=False).graph.node
    wanted = [node.name for node in nodes if node.op_type == "LSTM"]
    for node in nodes:
        if node.op_type in ("MatMul", "Gemm") and _TRANSFORMER in node.name:
            wanted.append(node.name if node.op_type == "MatMul" else f"{node.name}{_GEMM_BECOMES}")
    if not wanted:
        return path
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(
            path,
            target,
            op_types_to_quantize=["MatMul", "Gemm", "LSTM"],
            nodes_to_quantize=wanted,
            per_channel=True,
            weight_type=QuantType.QInt8,
            # Sums of two products saturate in 16 bits on processors without VNNI.
            reduce_range=True,
        )
    finally:
        logging.disable(before)
    return target


def _remove_older(folder: Path, current: set[Path], precision: str) -> None:
    for path in folder.glob(f"*-{precision}.onnx"):
        if path not in current:
            path.unlink(missing_ok=True)
