"""Packages between cities."""
