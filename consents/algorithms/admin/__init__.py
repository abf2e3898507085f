"""The register of algorithms in the back office."""

from consents.algorithms.admin import algorithms, entries

__all__ = ["algorithms", "entries"]
