"""Evaluations of fairness."""
