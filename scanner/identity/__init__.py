"""What policies mean: who is admitted, and to what."""
