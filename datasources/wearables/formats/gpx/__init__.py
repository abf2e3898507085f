"""GPX: tracks, of which only how long and how far is kept."""
