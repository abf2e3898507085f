"""The resident's rights being exercised: each request has a number at once, a clock, an answer, and entries."""
