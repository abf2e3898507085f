"""Verifying the whole log: what is shown, its leaves, its tree, its seals, and the copies of them outside."""
