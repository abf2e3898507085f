"""Google Fit: the daily figures of a Google Takeout."""
