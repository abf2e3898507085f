"""TCX: Garmin's Training Center XML."""
