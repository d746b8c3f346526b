"""Reading and writing files without trusting them."""
