"""Reading use cases and what is said about them."""
