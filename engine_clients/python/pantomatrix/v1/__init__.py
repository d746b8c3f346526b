"""Messages and services of the contract, written by `python3 dev.py stubs` from proto/."""
