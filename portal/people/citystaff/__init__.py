"""The staff's sign-in: the same strict protocol, the city's own provider, the other door."""
