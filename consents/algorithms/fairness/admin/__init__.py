"""Evaluations of fairness in the back office."""

from consents.algorithms.fairness.admin import alarms, pages

__all__ = ["alarms", "pages"]
