"""Running a network's stages in torch, and writing them down for ONNX Runtime."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_OPSET = 17
_HALF = {"fp16": torch.float16, "bf16": torch.bfloat16}


@dataclass(frozen=True, eq=False)
class Stage:
    """Something that a network computes in one go.

    module: takes `inputs` by position. inputs: an example of each by name. free_axes: names of the first axes of inputs and
    outputs, whose lengths may be others; one name stands for one length. outputs: names in order.
    """

    module: nn.Module
    inputs: Mapping[str, Tensor]
    free_axes: Mapping[str, tuple[str, ...]]
    outputs: tuple[str, ...]


class TorchEngine:
    """A stage in torch, on any device."""

    def __init__(self, stage: Stage, device: str, precision: str) -> None:
        self._module = stage.module.eval().to(device)
        self._names, self._device, self._half = tuple(stage.inputs), device, _HALF.get(precision)

    def __call__(self, **inputs: NDArray) -> tuple[NDArray, ...]:
        """Arrays by the inputs' names. Returns the outputs in order."""
        tensors = [torch.from_numpy(np.ascontiguousarray(inputs[name])).to(self._device) for name in self._names]
        try:
            with torch.inference_mode(), torch.autocast(self._device, self._half, enabled=self._half is not None):
                outputs = self._module(*tensors)
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from None
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        return tuple((value.float() if value.is_floating_point() else value).cpu().numpy() for value in outputs)


def write_onnx(stage: Stage, path: Path) -> None:
    """Write a stage with its weights to an ONNX file."""
    names = tuple(stage.inputs)
    axes = {name: dict(enumerate(lengths)) for name, lengths in stage.free_axes.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            stage.module.eval(),
            tuple(stage.inputs.values()),
            str(path),
            input_names=names,
            output_names=stage.outputs,
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )


def cuda_is_there() -> bool:
    """Whether torch can use a GPU."""
    return torch.cuda.is_available()
