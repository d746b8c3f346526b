"""SMPL-X and SMPL-H parameters in NumPy archives."""
