"""What can be trained, by name. A new one is a line here and a file in configs/."""

from __future__ import annotations

from collections.abc import Mapping

from .emage import EmageRecipe
from .emage_codec import CODEC_RECIPES
from .recipe import Recipe
from .recurrent import CamnRecipe, DiscoRecipe

RECIPES: Mapping[str, type[Recipe]] = {
    "camn_audio": CamnRecipe,
    "disco_audio": DiscoRecipe,
    **CODEC_RECIPES,
    "emage_audio": EmageRecipe,
}
