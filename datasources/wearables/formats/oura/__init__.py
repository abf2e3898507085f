"""Oura: an export, or what its interface answers."""
