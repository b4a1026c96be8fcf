"""Data is not open to the public."""
