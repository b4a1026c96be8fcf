"""Where things are placed and who can reach them."""
