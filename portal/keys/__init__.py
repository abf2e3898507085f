"""Key ring, keys of a person by scope, seals, blind index, signatures."""
