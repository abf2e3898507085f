"""Who is here: people, log-ins, doors."""
