"""The preview as a front end of the server. Importing it needs no starlette; making the site does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pantomatrix_server.app.application import Application
from pantomatrix_server.process.serve import FrontEnd
from pantomatrix_server.settings import Settings

if TYPE_CHECKING:
    from .takes import Source


def preview(shown: Sequence[Source] = ()) -> Callable[[Application, Settings], FrontEnd]:
    """For `serve`: makes the site, which shows these takes at first."""

    def make(application: Application, settings: Settings) -> FrontEnd:
        from .site import PreviewSite

        return PreviewSite(application, settings, shown)

    return make
