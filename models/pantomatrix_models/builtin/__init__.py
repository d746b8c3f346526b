"""The builtin model: a small network for the lips, rules for the rest. Hearing, articulation, gestures and posture each
have a file."""
