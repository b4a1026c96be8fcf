"""Failures, deletions and old versions do not end the service."""
