"""FIT: what Garmin, Suunto, Coros, Polar and others write of one activity."""
