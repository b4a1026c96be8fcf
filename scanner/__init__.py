"""The engine of assay: graph, rules machinery and sources; it knows no rule and no report."""

__version__ = "0.1.0"
