"""The register of algorithms in the back office."""

from consents.algorithms.admin import algorithms, entries
from consents.algorithms.fairness import admin as fairness

__all__ = ["algorithms", "entries", "fairness"]
