"""What several formats need: bytes in bounds, archives, XML, JSON and CSV as streams, times."""
