"""The frameworks: one YAML file each, with the rules that give evidence for its requirements."""
