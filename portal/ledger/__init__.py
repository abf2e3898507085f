"""The log nobody can rewrite: entries, their numbers, and who acted."""
