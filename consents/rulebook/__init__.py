"""The rulebook that cities share: its versions, whether a city keeps it, and the city's signed adoption of it."""
