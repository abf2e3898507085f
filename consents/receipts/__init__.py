"""Receipts of permissions: the record, its signature, the ways to read it, and the check that anyone can make."""
