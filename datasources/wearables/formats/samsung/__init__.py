"""Samsung Health: an export's CSV files."""
