"""Rights are limited to need, and credentials are short-lived."""
