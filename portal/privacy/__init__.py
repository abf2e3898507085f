"""What every column is for, as data."""
