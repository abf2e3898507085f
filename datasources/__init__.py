"""What the city holds: registers, connectors, pulls, sheets."""
