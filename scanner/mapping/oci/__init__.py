"""Mappings of Oracle Cloud Infrastructure; one module per service."""
