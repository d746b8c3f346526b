"""Motion as data: rotations, skeletons, coordinate systems, file formats. Needs numpy alone."""

from .version import __version__

__all__ = ["__version__"]
