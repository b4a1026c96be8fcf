"""Data at rest and in motion is encrypted, with keys under the customer's control."""
