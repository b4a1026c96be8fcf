"""The resources of one scan and how they refer to each other."""
