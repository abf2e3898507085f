"""Use cases found with residents: what was proposed, what was answered, and what came of it."""
