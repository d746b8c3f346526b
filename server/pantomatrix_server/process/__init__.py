"""Server processes: how they start, what they are told by settings and tokens, how they stop."""
