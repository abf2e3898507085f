"""X-Road REST services, through the city's own security server: pages by cursor, one person by a code in the body."""
