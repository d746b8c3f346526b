"""Edits of a motion: one list for what models generate and what files hold. A new edit is an option in `options`, a check in
`plan.EDITS`, and what it does."""
