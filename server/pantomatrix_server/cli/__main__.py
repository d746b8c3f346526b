"""`python -m pantomatrix_server.cli`."""

from . import main

main()
