"""Everything the city holds about a person, to take along: planned, gathered, packed, sealed, handed over once."""
