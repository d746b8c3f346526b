"""The preview as a front end of the server. Importing it needs no aiohttp; making the site does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pantomatrix_server.serve import FrontEnd, Services

if TYPE_CHECKING:
    from .takes import Source


def preview(shown: Sequence[Source] = ()) -> Callable[[Services], FrontEnd]:
    """For `serve`: makes the site, which shows these takes at first."""

    def make(services: Services) -> FrontEnd:
        from .site import PreviewSite
        from .takes import Takes

        takes = Takes(services.motion, services.workers, services.settings, services.matrix)
        return PreviewSite(takes, services.catalog, services.settings, shown)

    return make
