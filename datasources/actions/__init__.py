"""What is done to sources, pulls and sheets."""
