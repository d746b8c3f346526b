"""The builtin model: rules, no weights. Hearing, articulation, gestures and posture each have a file."""
