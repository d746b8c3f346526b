"""The two-layer perceptron that all published networks use."""

from __future__ import annotations

from torch import Tensor, nn

_SLOPE = 0.1


class Mlp(nn.Module):
    """Linear, leaky ReLU, linear."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(inputs, hidden)
        self.act = nn.LeakyReLU(_SLOPE)
        self.fc2 = nn.Linear(hidden, outputs)

    def forward(self, features: Tensor) -> Tensor:
        """features: (..., inputs). Returns (..., outputs)."""
        return self.fc2(self.act(self.fc1(features)))
