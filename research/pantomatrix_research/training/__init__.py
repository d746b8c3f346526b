"""Training of DisCo, CaMN and EMAGE. See docs/how-to/train.md."""
