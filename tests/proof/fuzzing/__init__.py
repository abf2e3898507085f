"""What is fuzzed, part by part, each with `hold(...) -> str`; imported once Django is set up."""
