"""The rules: one file each, by subject; `frameworks` says which requirements they serve."""
