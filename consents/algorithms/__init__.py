"""Algorithms in the open: the register, what it tells of a use, and how fair an algorithm was found."""
