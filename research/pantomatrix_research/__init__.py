"""Training and measuring of what the server serves."""
