"""Why data may be used: purposes, consents, decisions."""
