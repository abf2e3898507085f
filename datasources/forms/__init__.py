"""What the back office asks of a keeper."""
