"""The API over what the city holds: records that departments send."""
