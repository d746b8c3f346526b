"""Training of DisCo, CaMN and EMAGE. See docs/how-to/train.md."""

import pantomatrix_models  # noqa: F401  (before torch, whose log level it sets)
