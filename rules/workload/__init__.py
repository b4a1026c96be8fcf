"""Only verified software runs."""
