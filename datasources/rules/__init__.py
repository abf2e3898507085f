"""What is decided without a database, a request or a clock."""
