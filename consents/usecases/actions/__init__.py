"""What is done with use cases."""
