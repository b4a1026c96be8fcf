"""Secrets live in a vault and change."""
