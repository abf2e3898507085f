"""Django's PostgreSQL, beside which statements travel together: what `ENGINE` names."""
