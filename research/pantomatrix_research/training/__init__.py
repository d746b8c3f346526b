"""Training of DisCo, CaMN and EMAGE. See docs/training.md."""
