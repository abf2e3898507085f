"""Purposes as readable files, and the loader that publishes them."""
