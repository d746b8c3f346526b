"""The published networks, in torch, with the key names of their published checkpoints. Nothing else imports torch."""
