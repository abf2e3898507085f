"""Manners of the API: clients, tokens, problems."""
