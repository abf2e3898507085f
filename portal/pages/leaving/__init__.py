"""What a person may take along when they move: every item held here, what the law says of it, and its rows."""
