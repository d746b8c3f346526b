"""`python -m pantomatrix_cli`."""

from . import main

main()
