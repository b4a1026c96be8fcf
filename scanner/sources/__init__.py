"""What reads the world into records."""
