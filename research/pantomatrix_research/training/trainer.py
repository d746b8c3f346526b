"""The loop: batches, gradients, validation, checkpoints that appear whole, and going on as if nothing had happened."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.files.atomic_file import written_atomically
from pantomatrix_models.networks.checkpoint import read_torch_file

from ..datasets.windows import TrainingWindows
from .batch import Batch, collate
from .order import StepOrder
from .recipe import Recipe
from .run_files import BEST, CHECKPOINT, LAST, LOG, SETTINGS
from .settings import Settings, as_yaml

Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Processes:
    """Those that train together, as torchrun starts them. device: this one's."""

    rank: int
    world: int
    device: torch.device

    @property
    def is_first(self) -> bool:
        return self.rank == 0


@contextmanager
def processes(device: str = "auto") -> Iterator[Processes]:
    """Joins the others, if torchrun has started several: by NCCL on GPUs, by gloo on CPUs."""
    world, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    cuda = torch.cuda.is_available() if device == "auto" else device == "cuda"
    place = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(place)
    if world > 1:
        distributed.init_process_group("nccl" if cuda else "gloo")
    try:
        yield Processes(rank, world, place)
    finally:
        if world > 1:
            distributed.destroy_process_group()


class _Losses(nn.Module):
    """A recipe as one module, so that gradients of several passes are joined once."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.network, self._recipe = recipe.network, recipe

    def forward(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        return self._recipe.losses(batch, progress)


def _computes_lstm_in_half(device: torch.device) -> bool:
    """Processors without AVX-512 do not."""
    try:
        with torch.autocast(device.type, torch.bfloat16):
            nn.LSTM(2, 2, device=device)(torch.zeros(1, 1, 2, device=device))
    except RuntimeError:
        return False
    return True


class Trainer:
    """One training in one folder: settings.yaml, log.jsonl, checkpoint.pt, best/ and last/ in the published layout."""

    def __init__(
        self,
        recipe: Recipe,
        train: TrainingWindows,
        validation: TrainingWindows | None,
        folder: Path,
        together: Processes,
        report: Report,
    ) -> None:
        """validation: none for a training whose best is its last. report: told what log.jsonl gets, in the first process.

        Raises InvalidInputError if the batch cannot be shared out, or the device does not compute as is asked.
        """
        self.recipe, self.folder, self._report = recipe, folder, report
        self._settings: Settings = recipe.settings
        self._train, self._validation, self._together = train, validation, together
        solver = self._settings.solver
        if solver.batch % together.world:
            raise InvalidInputError(f"solver.batch={solver.batch} cannot be shared by {together.world} processes")
        has_lstm = any(isinstance(module, nn.LSTM) for module in recipe.network.modules())
        if solver.amp and has_lstm and not _computes_lstm_in_half(together.device):
            raise InvalidInputError(
                f"solver.amp=true: this {together.device.type} computes no LSTM in bfloat16; solver.amp=false works"
            )
        recipe.network.to(together.device)
        trained = [weight for weight in recipe.network.parameters() if weight.requires_grad]
        self._optimizer = torch.optim.AdamW(
            trained, lr=solver.learning_rate, betas=(solver.betas[0], solver.betas[1]), weight_decay=solver.weight_decay
        )
        losses = _Losses(recipe)
        # Of EMAGE's published keys some only serve as patterns and get no gradient.
        self._losses = DistributedDataParallel(losses, find_unused_parameters=True) if together.world > 1 else losses
        self._step, self._best = 0, math.inf

    def resume(self) -> int:
        """Takes up where the checkpoint is; returns its step. Raises CheckpointError."""
        state = read_torch_file(self.folder / CHECKPOINT)
        assert isinstance(state, dict)
        self.recipe.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._step, self._best = int(state["step"]), float(state["best"])
        return self._step

    def run(self) -> None:
        """To the last step."""
        solver, together = self._settings.solver, self._together
        if together.is_first:
            self.folder.mkdir(parents=True, exist_ok=True)
            with written_atomically(self.folder / SETTINGS, replace=True) as path:
                path.write_text(as_yaml(self._settings))
            self._forget_later_lines()
        order = StepOrder(
            len(self._train), solver.batch, self._step, solver.steps, solver.seed, together.rank, together.world,
            self.recipe.drawn(self._train),
        )  # fmt: skip
        loader = DataLoader(
            self._train,  # type: ignore[arg-type]
            batch_sampler=order,
            collate_fn=collate,
            num_workers=self._settings.data.workers,
            pin_memory=together.device.type == "cuda",
        )
        for batch in loader:
            self._train_step(batch.to(together.device))
            self._step += 1
            done = self._step == solver.steps
            if done or self._step % self._settings.validate == 0:
                self._validate()
            if done or self._step % self._settings.save == 0:
                self._save()

    def _train_step(self, batch: Batch) -> None:
        solver = self._settings.solver
        # Noise of a step follows from its number, so that a training that is resumed hears the same.
        torch.manual_seed((solver.seed * 1_000_003 + self._step) * self._together.world + self._together.rank)
        for group in self._optimizer.param_groups:
            group["lr"] = solver.learning_rate * _schedule(self._step, self._settings)
        self.recipe.network.train()
        with torch.no_grad():
            self.recipe.before_step(batch, self._step)
        self._optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self._together.device.type, torch.bfloat16, enabled=solver.amp):
            losses = self._losses(batch, self._step / solver.steps)
            total = self.recipe.total(losses)
        total.backward()
        norm = nn.utils.clip_grad_norm_(self.recipe.network.parameters(), solver.clip or math.inf)
        if not torch.isfinite(total):
            raise InvalidInputError(
                f"step {self._step}: the loss is {total.item()}; a lower solver.learning_rate or solver.clip may help"
            )
        self._optimizer.step()
        if self._together.is_first and (self._step % self._settings.log == 0):
            values = {name: loss.item() for name, loss in losses.items()}
            self._write({"step": self._step, "loss": total.item(), "gradient": norm.item(), **values})

    @torch.no_grad()
    def _validate(self) -> None:
        """In the first process; exports the best."""
        if self._together.is_first:
            found = self._validation_losses()
            if found:
                self._write({"step": self._step, "validation": found})
            if not found or found["loss"] < self._best:
                self._best = found.get("loss", math.inf)
                self.recipe.export(self.folder / BEST)
        if self._together.world > 1:
            distributed.barrier()

    def _validation_losses(self) -> dict[str, float]:
        """Means over all windows for validation; none without any."""
        windows, batch = self._validation, self._settings.solver.batch
        if windows is None:
            return {}
        self.recipe.network.eval()
        sums: dict[str, float] = {}
        for first in range(0, len(windows), batch):
            some = [windows[at] for at in range(first, min(first + batch, len(windows)))]
            torch.manual_seed(first)
            losses = self.recipe.losses(collate(some).to(self._together.device), 1.0)
            for name, value in {"loss": self.recipe.total(losses), **losses}.items():
                sums[name] = sums.get(name, 0.0) + value.item() * len(some)
        return {name: value / len(windows) for name, value in sums.items()}

    def _save(self) -> None:
        if self._together.is_first:
            state = {
                "step": self._step,
                "best": self._best,
                "network": self.recipe.network.state_dict(),
                "optimizer": self._optimizer.state_dict(),
            }
            with written_atomically(self.folder / CHECKPOINT, replace=True) as path:
                torch.save(state, path)
            self.recipe.export(self.folder / LAST)
        if self._together.world > 1:
            distributed.barrier()

    def _write(self, line: dict[str, Any]) -> None:
        with (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self._report(line)

    def _forget_later_lines(self) -> None:
        """Of the log, what was done after the checkpoint and will be done again."""
        path = self.folder / LOG
        if path.is_file():
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
            kept = [line for line in lines if line["step"] < self._step + ("validation" in line)]
            with written_atomically(path, replace=True) as new:
                new.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")


def _schedule(step: int, settings: Settings) -> float:
    """Share of the learning rate: up in a line, down in a cosine."""
    solver = settings.solver
    if step < solver.warmup:
        return (step + 1) / solver.warmup
    progress = (step - solver.warmup) / max(1, solver.steps - solver.warmup)
    return solver.final + (1 - solver.final) * 0.5 * (1 + math.cos(math.pi * progress))
