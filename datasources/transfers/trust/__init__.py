"""Which other cities are trusted, with which keys, and which of those no longer."""
