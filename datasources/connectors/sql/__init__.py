"""Databases: any that SQLAlchemy speaks, PostgreSQL by a faster road."""
