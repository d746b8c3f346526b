"""EMAGE: its network, its sessions, and the model that serves them."""
